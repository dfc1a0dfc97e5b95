import { join } from 'node:path';
import Database from 'better-sqlite3';

const FULL = 2;

const SCHEMA = `
  CREATE TABLE runs (id TEXT PRIMARY KEY, input TEXT NOT NULL, created_at INTEGER NOT NULL);
  CREATE TABLE steps (
    run TEXT NOT NULL, seq INTEGER NOT NULL, output TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (run, seq)
  ) WITHOUT ROWID;
`;

/** The two statements that the floors need, prepared. */
export interface FloorDatabase {
  readonly database: Database.Database;
  insertRun(id: string, input: string): void;
  insertStep(run: string, seq: number, output: string): void;
}

/** Opens an empty database that is as durable as the product's: write-ahead log, `synchronous=FULL`, both asserted. */
export function openFloorDatabase(directory: string): FloorDatabase {
  const database = new Database(join(directory, 'floor.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  const mode = database.pragma('journal_mode', { simple: true });
  const synchronous = database.pragma('synchronous', { simple: true });
  if (mode !== 'wal' || synchronous !== FULL) {
    throw new Error(`the floor would not be durable: journal_mode=${mode}, synchronous=${synchronous}`);
  }
  database.exec(SCHEMA);
  const run = database.prepare('INSERT INTO runs (id, input, created_at) VALUES (?, ?, ?)');
  const step = database.prepare('INSERT INTO steps (run, seq, output, at) VALUES (?, ?, ?, ?)');
  return {
    database,
    insertRun: (id, input) => void run.run(id, input, Date.now()),
    insertStep: (id, seq, output) => void step.run(id, seq, output, Date.now()),
  };
}

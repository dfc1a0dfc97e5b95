import { statSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@counterpoint/core';
import Database from 'better-sqlite3';

type Row = Record<string, string | number | null>;

const TRANSACTION = 10_000;
const MINUTE = 60_000;

/**
 * Multiplies the one run of a store until its journal has `rows` rows: ended runs, each with its own id, key and trace,
 * a minute apart in the past.
 *
 * @param directory the data directory of a product that does not run
 */
export function fillJournal(directory: string, rows: number): { readonly bytes: number } {
  const file = join(directory, 'counterpoint.db');
  const database = new Database(file);
  database.pragma('synchronous = OFF');
  const [run] = database.prepare('SELECT * FROM runs LIMIT 1').all() as Row[];
  if (!run) throw new RangeError('the store has no run to multiply');
  const journal = database.prepare('SELECT * FROM journal WHERE run = ? ORDER BY seq').all(run.id) as Row[];
  const insertRun = inserter(database, 'runs', run);
  const insertEntry = inserter(database, 'journal', journal[0] ?? {});
  const copies = Math.ceil(rows / journal.length);
  const begin = Date.now() - copies * MINUTE;
  const some = database.transaction((from: number, to: number) => {
    for (let copy = from; copy < to; copy++) {
      const at = begin + copy * MINUTE;
      const id = newId(at);
      insertRun({ ...run, id, trigger_key: `bench_w5/webhook|${id}`, created_at: at, started_at: at, ended_at: at });
      for (const entry of journal) insertEntry({ ...entry, run: id, at });
    }
  });
  for (let from = 0; from < copies; from += TRANSACTION) some(from, Math.min(copies, from + TRANSACTION));
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  return { bytes: statSync(file).size };
}

function inserter(database: Database.Database, table: string, like: Row): (row: Row) => void {
  const columns = Object.keys(like);
  const names = columns.map((name) => `"${name}"`).join(', ');
  const statement = database.prepare(`INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`);
  return (row) => void statement.run(columns.map((name) => row[name]));
}

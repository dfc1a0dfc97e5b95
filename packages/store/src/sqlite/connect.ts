import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@counterpoint/core';
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';
import { MIGRATIONS_TABLE, pendingMigrations, SCHEMA_VERSION } from '../migrations/index.ts';
import { backupBeforeMigration } from './backup.ts';
import { sqliteDialect } from './dialect.ts';
import { DATABASE_FILE } from './files.ts';

const SYNCHRONOUS_FULL = 2;

/** Makes the data directory, readable by its owner only. @throws store.directory_unusable */
export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw errors.directory_unusable({ directory, reason: (cause as Error).message }, { cause });
  }
}

/**
 * Opens the database of a data directory: durable, and with its schema up to date. One that has rows already is backed
 * up before its schema is changed.
 *
 * @throws store.database_corrupt, store.schema_newer, store.not_durable, store.directory_unusable, store.backup_failed
 */
export function connect(directory: string, clock: Clock): Database.Database {
  const file = join(directory, DATABASE_FILE);
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: 5_000 });
    configure(database);
    migrate(database, directory, clock);
    return database;
  } catch (cause) {
    database?.close();
    if (!(cause instanceof Database.SqliteError)) throw cause;
    if (cause.code.startsWith('SQLITE_CORRUPT') || cause.code === 'SQLITE_NOTADB') {
      throw errors.database_corrupt({ database: file, reason: cause.message }, { cause });
    }
    throw errors.directory_unusable({ directory, reason: cause.message }, { cause });
  }
}

function configure(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('cache_size = -32000');
  database.pragma('wal_autocheckpoint = 4000');
  database.pragma('temp_store = MEMORY');
  database.pragma('journal_size_limit = 67108864');
  const mode = database.pragma('journal_mode', { simple: true });
  if (mode !== 'wal') throw errors.not_durable({ setting: 'journal_mode', found: String(mode), expected: 'wal' });
  const found = database.pragma('synchronous', { simple: true });
  if (found !== SYNCHRONOUS_FULL) {
    throw errors.not_durable({ setting: 'synchronous', found: String(found), expected: String(SYNCHRONOUS_FULL) });
  }
}

function migrate(database: Database.Database, directory: string, clock: Clock): void {
  database.exec(MIGRATIONS_TABLE);
  const found = database.prepare('SELECT coalesce(max(version), 0) FROM migrations').pluck().get() as number;
  const remember = database.prepare('INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, ?)');
  const pending = pendingMigrations(found);
  if (found > 0 && pending.length > 0) {
    backupBeforeMigration(database, directory, { from: found, to: SCHEMA_VERSION }, clock);
  }
  for (const migration of pending) {
    database.transaction(() => {
      for (const statement of migration.statements(sqliteDialect)) database.exec(statement);
      remember.run(migration.version, migration.name, clock.now());
    })();
  }
}

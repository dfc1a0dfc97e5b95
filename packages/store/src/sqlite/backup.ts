import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@counterpoint/core';
import Database from 'better-sqlite3';
import { type BackupManifest, digestOf, synchronise, writeManifest } from '../backup/manifest.ts';
import { errors } from '../errors.ts';
import { DATABASE_FILE } from './files.ts';

/** What to back up, and to where. */
export interface SqliteBackupRequest {
  /** The data directory; a server may be using it. */
  readonly directory: string;
  /** The folder to make; it must not exist. */
  readonly to: string;
  readonly clock: Clock;
}

/**
 * Copies the database of a data directory, as it is at one moment, over a connection of its own. A server goes on
 * reading and writing meanwhile.
 *
 * @throws store.backup_failed
 */
export function backupSqlite({ directory, to, clock }: SqliteBackupRequest): BackupManifest {
  const file = join(directory, DATABASE_FILE);
  if (!existsSync(file)) throw errors.backup_failed({ to, reason: `there is no database in ${directory}` });
  const database = new Database(file, { timeout: 10_000 });
  try {
    return copyDatabase(database, to, 'asked', clock);
  } finally {
    database.close();
  }
}

/** Copies an open database into the folder `to`, which appears only when it is complete. @throws store.backup_failed */
export function copyDatabase(
  database: Database.Database,
  to: string,
  reason: BackupManifest['reason'],
  clock: Clock,
): BackupManifest {
  const partial = `${to}.partial`;
  if (existsSync(to)) throw errors.backup_failed({ to, reason: 'it exists already' });
  try {
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true, mode: 0o700 });
    const created_at = clock.now();
    const file = join(partial, DATABASE_FILE);
    database.prepare('VACUUM INTO ?').run(file);
    synchronise(file);
    const about = describeCopy(file);
    const manifest: BackupManifest = {
      format: 1,
      database: 'sqlite',
      file: DATABASE_FILE,
      ...digestOf(file),
      ...about,
      created_at,
      reason,
    };
    writeManifest(partial, manifest);
    renameSync(partial, to);
    return manifest;
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    throw errors.backup_failed({ to, reason: (cause as Error).message }, { cause });
  }
}

/** What the copy itself says: it cannot be of another moment than its rows. */
function describeCopy(file: string): Pick<BackupManifest, 'schema' | 'installation'> {
  const copy = new Database(file, { readonly: true });
  try {
    const schema = copy.prepare('SELECT max(version) FROM migrations').pluck().get() as number | null;
    const value = copy.prepare("SELECT value FROM settings WHERE id = 'installation'").pluck().get();
    return { schema: schema ?? 0, installation: typeof value === 'string' ? String(JSON.parse(value)) : '' };
  } finally {
    copy.close();
  }
}

const KEPT = 3;

/** Backs a database up before its schema changes, beside it in `backups/`, and keeps the last three such backups. */
export function backupBeforeMigration(
  database: Database.Database,
  directory: string,
  versions: { readonly from: number; readonly to: number },
  clock: Clock,
): void {
  const folder = join(directory, 'backups');
  const moment = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  const name = `${BEFORE}${moment}-schema-${versions.from}-to-${versions.to}`;
  copyDatabase(database, join(folder, name), 'migration', clock);
  const old = readdirSync(folder).filter((one) => one.startsWith(BEFORE));
  for (const one of old.toSorted().slice(0, -KEPT)) rmSync(join(folder, one), { recursive: true, force: true });
}

const BEFORE = 'before-migration-';

import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@counterpoint/core';
import Database from 'better-sqlite3';
import { FROZEN_SETTING, type FrozenSetting } from '../backup/frozen.ts';
import { type BackupManifest, synchronise, verifyBackup } from '../backup/manifest.ts';
import { errors } from '../errors.ts';
import { pendingMigrations } from '../migrations/index.ts';
import { makeDirectory } from './connect.ts';
import { DATABASE_FILE } from './files.ts';
import { lockDirectory } from './lock.ts';

/** What to restore, and where. */
export interface SqliteRestoreRequest {
  /** The folder of the backup. */
  readonly from: string;
  /** The data directory; no server may be using it. */
  readonly directory: string;
  /** Whether a database that is there is set aside; else it is in the way. */
  readonly replace: boolean;
  readonly clock: Clock;
}

/** What was restored; `aside` is where the database that was there is now. */
export interface Restored {
  readonly manifest: BackupManifest;
  readonly aside: string | undefined;
}

/**
 * Puts a backup into a data directory, frozen: a server that starts on it does nothing until it is thawed. The copy is
 * frozen before it gets its name, so that no crash leaves one that would act.
 *
 * @throws store.backup_invalid, store.schema_newer, store.restore_refused, store.directory_locked
 */
export function restoreSqlite({ from, directory, replace, clock }: SqliteRestoreRequest): Restored {
  const manifest = verifyBackup(from);
  if (manifest.database !== 'sqlite') {
    throw errors.restore_refused({ reason: `it is of ${manifest.database}, and the data directory is for SQLite` });
  }
  pendingMigrations(manifest.schema);
  makeDirectory(directory);
  const lock = lockDirectory(directory);
  try {
    const file = join(directory, DATABASE_FILE);
    if (existsSync(file) && !replace) throw errors.restore_refused({ reason: `there is a database in ${directory}` });
    const restoring = `${file}.restoring`;
    rmSync(restoring, { force: true });
    copyFileSync(join(from, manifest.file), restoring);
    freeze(restoring, { restored_at: clock.now(), backup_at: manifest.created_at });
    const aside = setAside(file, clock);
    renameSync(restoring, file);
    synchronise(directory);
    return { manifest, aside };
  } finally {
    lock.release();
  }
}

function freeze(file: string, frozen: FrozenSetting): void {
  const database = new Database(file);
  try {
    database.pragma('synchronous = FULL');
    database
      .prepare(
        'INSERT INTO settings (id, value, rev) VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET value = excluded.value',
      )
      .run(FROZEN_SETTING, JSON.stringify(frozen));
  } finally {
    database.close();
  }
  synchronise(file);
}

/** Moves a database away with its log, so that the restored one does not read it. */
function setAside(file: string, clock: Clock): string | undefined {
  if (!existsSync(file)) return undefined;
  const aside = `${file}.before-restore-${new Date(clock.now()).toISOString().replace(/[:.]/g, '-')}`;
  // The log goes first: without it the old database is as of its last checkpoint, with a foreign one it is ruined.
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  renameSync(file, aside);
  return aside;
}

import { statfsSync } from 'node:fs';
import { isCounterpointError } from '@counterpoint/core';
import { eventErrors } from '@counterpoint/events';
import Database from 'better-sqlite3';

/** Whether SQLite refused one statement because a key exists already. */
export function isKeyConflict(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError &&
    (error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY')
  );
}

/**
 * Whether an error concerns the storage and so every change of the group, not just the change that met it. Broken
 * constraints and errors of our own concern one change.
 */
export function isStorageFailure(error: unknown): boolean {
  return error instanceof Database.SqliteError && !error.code.startsWith('SQLITE_CONSTRAINT');
}

/** What the callers are told when a whole group could not be written. */
export function storageFailure(directory: string, error: unknown): Error {
  if (isCounterpointError(error)) return error;
  if (isFull(directory, error)) return eventErrors.store_full({}, { cause: error });
  return eventErrors.store_failed({ reason: error instanceof Error ? error.message : String(error) }, { cause: error });
}

function isFull(directory: string, error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  if (error.code === 'SQLITE_FULL') return true;
  // The shared-memory index of the WAL reports a full disk as an I/O error.
  if (!error.code.startsWith('SQLITE_IOERR')) return false;
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize < 1024 * 1024;
}

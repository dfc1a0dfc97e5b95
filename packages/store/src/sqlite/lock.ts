import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { errors } from '../errors.ts';

/** Holds a data directory for this process until released. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the lock of a data directory: an exclusive transaction on a file of its own, which the operating system ends
 * with the process, however it dies. The holder's process id stands in a second file, because reading the locked file
 * from within its process would drop the lock (POSIX record locks end with any close of the file).
 *
 * @throws store.directory_locked, store.directory_unusable
 */
export function lockDirectory(directory: string): DirectoryLock {
  const holder = join(directory, 'server.pid');
  let lock: Database.Database | undefined;
  try {
    lock = new Database(join(directory, 'server.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    writeFileSync(holder, String(process.pid));
  } catch (cause) {
    lock?.close();
    if (cause instanceof Database.SqliteError && cause.code === 'SQLITE_BUSY') {
      throw errors.directory_locked({ directory, pid: readHolder(holder) }, { cause });
    }
    throw errors.directory_unusable({ directory, reason: reasonOf(cause) }, { cause });
  }
  return {
    release() {
      rmSync(holder, { force: true });
      lock.close();
    },
  };
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

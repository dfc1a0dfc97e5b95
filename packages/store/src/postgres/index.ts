import type { Store } from '@counterpoint/events';
import type { BackupManifest } from '../backup/manifest.ts';
import type { PostgresBackupRequest, PostgresRestoreRequest } from './backup.ts';
import type { PostgresStoreOptions } from './open.ts';

export type { PostgresBackupRequest, PostgresRestoreRequest, PostgresStoreOptions };

/**
 * Opens the store in a PostgreSQL schema (version 13 or later), for any number of processes at once. Each process has
 * one committer and hears of its own commits only. The driver is loaded now, not where another store is used.
 *
 * @throws store.unreachable, store.schema_newer, store.not_durable
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  return (await import('./open.ts')).openPostgresStore(options);
}

/**
 * Copies a schema as it is at one moment with `pg_dump`, while servers go on.
 *
 * @throws store.tool_missing, store.backup_failed
 */
export async function backupPostgres(request: PostgresBackupRequest): Promise<BackupManifest> {
  return (await import('./backup.ts')).backupPostgres(request);
}

/**
 * Puts a backup into a database that has no such schema yet, frozen. Data and frost are one transaction.
 *
 * @throws store.backup_invalid, store.schema_newer, store.restore_refused, store.tool_missing
 */
export async function restorePostgres(request: PostgresRestoreRequest): Promise<BackupManifest> {
  return (await import('./backup.ts')).restorePostgres(request);
}

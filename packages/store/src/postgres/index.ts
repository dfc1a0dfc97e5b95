import type { Store } from '@counterpoint/events';
import type { PostgresStoreOptions } from './open.ts';

export type { PostgresStoreOptions };

/**
 * Opens the store in a PostgreSQL schema (version 13 or later), for any number of processes at once. Each process has
 * one committer and hears of its own commits only. The driver is loaded now, not where another store is used.
 *
 * @throws store.unreachable, store.schema_newer, store.not_durable
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  return (await import('./open.ts')).openPostgresStore(options);
}

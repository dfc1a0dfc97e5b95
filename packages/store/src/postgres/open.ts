import { type Clock, systemClock } from '@counterpoint/core';
import { eventErrors, type Store } from '@counterpoint/events';
import pg from 'pg';
import { createCommitQueue } from '../commit-queue.ts';
import { createReader } from '../reader.ts';
import { connectionConfig, prepareDatabase } from './connection.ts';
import { postgresDialect } from './dialect.ts';
import { storageFailure } from './failures.ts';
import { createPostgresWriter } from './writer.ts';

/** Where {@link openPostgresStore} keeps its data. */
export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** The schema that holds the tables; made when it does not exist. Lower-case letters, digits, `_`. Default `public`. */
  readonly schema?: string;
  /** How many connections read at the same time, besides the one that writes. Default 8. */
  readonly readers?: number;
  /** How many changes may wait for their commit; one more is `events.store_busy`. Default 10,000. */
  readonly maxPending?: number;
  /** Stamps migrations. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Is told of a commit listener that threw. Default: a process warning. */
  readonly onListenerError?: (error: unknown) => void;
}

const MAX_GROUP = 512;

/**
 * Opens the store in a PostgreSQL schema (version 13 or later), for any number of processes at once. Each process has
 * one committer and hears of its own commits only.
 *
 * @throws store.unreachable, store.schema_newer, store.not_durable
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const address = { url: options.url, schema: options.schema ?? 'public' };
  await prepareDatabase(address, options.clock ?? systemClock);
  const pool = new pg.Pool({ ...connectionConfig(address), max: options.readers ?? 8, allowExitOnIdle: true });
  // A connection that dies while idle leaves the pool by itself; the next read takes another.
  pool.on('error', () => undefined);
  const writer = createPostgresWriter(address);
  const queue = createCommitQueue({
    flush: writer.flush,
    failure: storageFailure,
    maxPending: options.maxPending ?? 10_000,
    maxGroup: MAX_GROUP,
    onListenerError: options.onListenerError ?? ((error) => process.emitWarning(error as Error)),
  });
  let open = true;
  const reader = createReader(postgresDialect, async (sql, values) => {
    if (!open) throw eventErrors.store_closed();
    try {
      return (await pool.query<Record<string, unknown>>(sql, [...values])).rows;
    } catch (cause) {
      throw storageFailure(cause);
    }
  });
  return {
    ...reader,
    commit: queue.commit,
    onCommitted: queue.onCommitted,
    async close() {
      if (!open) return;
      await queue.close();
      open = false;
      await writer.close();
      await pool.end();
    },
  };
}

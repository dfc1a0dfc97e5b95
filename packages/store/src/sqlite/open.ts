import { type Clock, systemClock } from '@counterpoint/core';
import { eventErrors, type Store } from '@counterpoint/events';
import { createCommitQueue } from '../commit-queue.ts';
import { createReader } from '../reader.ts';
import { connect, makeDirectory } from './connect.ts';
import { sqliteDialect } from './dialect.ts';
import { storageFailure } from './failures.ts';
import { lockDirectory } from './lock.ts';
import { createStatementCache } from './statements.ts';
import { createSqliteWriter } from './writer.ts';

/** Where and how {@link openSqliteStore} keeps its data. */
export interface SqliteStoreOptions {
  /** The data directory; made when it does not exist. One server uses it at a time. */
  readonly directory: string;
  /** How many changes may wait for their commit; one more is `events.store_busy`. Default 10,000. */
  readonly maxPending?: number;
  /** Stamps migrations. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Is told of a commit listener that threw. Default: a process warning. */
  readonly onListenerError?: (error: unknown) => void;
}

const MAX_GROUP = 256;

/**
 * Opens the store in a data directory, on SQLite: the default for one machine. Every commit is synchronised to disk
 * (WAL with `synchronous=FULL`, asserted).
 *
 * @throws store.directory_locked, store.directory_unusable, store.database_corrupt, store.schema_newer, store.not_durable
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { directory } = options;
  makeDirectory(directory);
  const lock = lockDirectory(directory);
  try {
    const database = connect(directory, options.clock ?? systemClock);
    const statements = createStatementCache(database);
    const writer = createSqliteWriter(database, statements);
    const queue = createCommitQueue({
      flush: writer.flush,
      failure: (cause) => storageFailure(directory, cause),
      maxPending: options.maxPending ?? 10_000,
      maxGroup: MAX_GROUP,
      onListenerError: options.onListenerError ?? ((error) => process.emitWarning(error as Error)),
    });
    let open = true;
    const reader = createReader(sqliteDialect, (sql, values) => {
      if (!open) throw eventErrors.store_closed();
      try {
        return statements.get(sql).all(...values);
      } catch (cause) {
        throw storageFailure(directory, cause);
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
        database.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

import type { Clock } from '@counterpoint/core';
import pg from 'pg';
import { errors } from '../errors.ts';
import { MIGRATIONS_TABLE, pendingMigrations } from '../migrations/index.ts';
import { postgresDialect } from './dialect.ts';

/** Where the database is. */
export interface PostgresAddress {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** The schema that holds the tables; made when it does not exist. */
  readonly schema: string;
}

const INT8 = 20;
/**
 * How long a process may leave a transaction open without saying anything before PostgreSQL ends it, in milliseconds. A
 * process that stands still in the middle of one holds locks, of the audit chain above all, that everybody waits for:
 * it loses them before the others lose the ownership of their runs.
 */
const LONGEST_SILENCE = 2_000;
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * How every connection of a store is made: int8 read as number, tables found in the schema, commits synchronous, and no
 * transaction held open in silence.
 */
export function connectionConfig({ url, schema }: PostgresAddress): pg.ClientConfig {
  if (!SCHEMA_NAME.test(schema)) throw errors.unreachable({ reason: `"${schema}" is not a schema name` });
  return {
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: LONGEST_SILENCE,
    options: `-c search_path=${schema} -c synchronous_commit=on -c client_min_messages=warning`,
    types: {
      getTypeParser: ((oid: number, format: 'text') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  };
}

/**
 * Asserts that commits are durable and brings the schema up to date. Several processes may do so at once.
 *
 * @throws store.not_durable, store.schema_newer, store.unreachable
 */
export async function prepareDatabase(address: PostgresAddress, clock: Clock): Promise<void> {
  const client = new pg.Client(connectionConfig(address));
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const setting of ['synchronous_commit', 'fsync']) {
      const { rows } = await client.query<Record<string, string>>(`SHOW ${setting}`);
      const found = rows[0]?.[setting] ?? '';
      if (found !== 'on') throw errors.not_durable({ setting, found, expected: 'on' });
    }
    await migrate(client, address.schema, clock);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError) && !isNetworkError(cause)) throw cause;
    throw errors.unreachable({ reason: (cause as Error).message || 'no answer' }, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isNetworkError(cause: unknown): boolean {
  return cause instanceof Error && !(cause instanceof TypeError) && cause.name !== 'CounterpointError';
}

async function migrate(client: pg.Client, schema: string, clock: Clock): Promise<void> {
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${schema}.migrations`]);
  await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
  await client.query(MIGRATIONS_TABLE);
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0)::int AS version FROM migrations',
  );
  for (const migration of pendingMigrations(rows[0]?.version ?? 0)) {
    await client.query(migration.statements(postgresDialect).join(';\n'));
    await client.query('INSERT INTO migrations (version, name, applied_at) VALUES ($1, $2, $3)', [
      migration.version,
      migration.name,
      clock.now(),
    ]);
  }
  await client.query('COMMIT');
}

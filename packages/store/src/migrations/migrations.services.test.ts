import { type PostgresServer, startPostgres } from '@counterpoint/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresDialect } from '../postgres/dialect.ts';
import { openPostgresStore } from '../postgres/open.ts';
import { MIGRATIONS_TABLE, migrations } from './index.ts';

let server: PostgresServer;
let client: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  client = new pg.Client(server.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  server.stop();
});

async function leaveVersionOne(schema: string): Promise<void> {
  await client.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}`);
  await client.query(MIGRATIONS_TABLE);
  await client.query((migrations[0]?.statements(postgresDialect) ?? []).join(';\n'));
  await client.query("INSERT INTO migrations VALUES (1, 'foundation', 1)");
  await client.query(`INSERT INTO runs (id, playbook, version, engine, status, paused, epoch, seq, owner, lease_until,
    priority, trigger_kind, trigger_key, parent, simulated, created_at, principal, trace, cause, hop)
    VALUES ('r1', 'p', 'v', '1', 'waiting', false, 3, 1, '', 0, 1, 'manual', 'p/t|1', '', false, 5, 'system', 't', '', 0)`);
  await client.query("INSERT INTO journal VALUES ('r1', 1, 3, 1, 'step_ready', 'a', '{}', 5)");
}

/** Columns and indexes of a schema, in an order of their own: added columns stand last in a migrated table. */
async function shapeOf(schema: string) {
  const columns = await client.query(
    `SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
     WHERE table_schema = $1 ORDER BY table_name COLLATE "C", column_name COLLATE "C"`,
    [schema],
  );
  const indexes = await client.query(
    `SELECT replace(indexdef, $1 || '.', '') AS definition FROM pg_indexes WHERE schemaname = $1 ORDER BY 1`,
    [schema],
  );
  return { columns: columns.rows, indexes: indexes.rows };
}

describe('a PostgreSQL schema of version 1', () => {
  it('keeps its rows, gives old runs the defaults of new columns, and looks like a fresh one', async () => {
    await leaveVersionOne('old');
    const store = await openPostgresStore({ url: server.url, schema: 'old' });
    expect(await store.get('runs', 'r1')).toMatchObject({ seq: 1, origin: '', concurrency: '', case_id: null });
    expect(await store.find('journal', {})).toHaveLength(1);
    const fresh = await openPostgresStore({ url: server.url, schema: 'new' });
    expect(await shapeOf('old')).toEqual(await shapeOf('new'));
    await store.close();
    await fresh.close();
  });
});

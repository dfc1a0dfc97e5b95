import { randomUUID } from 'node:crypto';
import type { Store } from '@counterpoint/events';
import { type PostgresServer, startPostgres } from '@counterpoint/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../migrations/index.ts';
import { connectionConfig } from './connection.ts';
import { openPostgresStore } from './open.ts';

let server: PostgresServer;
let schema: string;
let opened: Store[];
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(() => {
  schema = `test_${randomUUID().replaceAll('-', '')}`;
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
});

const open = async (options = {}) => {
  const store = await openPostgresStore({ url: server.url, schema, ...options });
  opened.push(store);
  return store;
};
const setting = (id: string, value: string = id) =>
  ({ rows: [{ op: 'insert', table: 'settings', row: { id, value, rev: 1 } }] }) as const;
const sql = async (text: string) => {
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

describe('openPostgresStore', () => {
  it('says so when there is no server, and when the schema name is none', async () => {
    const nowhere = openPostgresStore({ url: 'postgres://postgres@127.0.0.1:1/postgres' });
    await expect(nowhere).rejects.toMatchObject({ code: 'store.unreachable', retryable: true });
    await expect(open({ schema: 'x"; DROP TABLE runs' })).rejects.toMatchObject({ code: 'store.unreachable' });
  });

  it('migrates once when several processes start together', async () => {
    await Promise.all([open(), open(), open()]);
    expect(await sql(`SELECT version FROM ${schema}.migrations`)).toEqual(
      migrations.map(({ version }) => ({ version })),
    );
  });

  it('refuses a schema from the future', async () => {
    await open();
    await sql(`INSERT INTO ${schema}.migrations VALUES (99, 'from the future', 0)`);
    await expect(open()).rejects.toMatchObject({ code: 'store.schema_newer' });
  });

  it('refuses a server that does not write durably', async () => {
    await sql('ALTER SYSTEM SET fsync = off');
    server.crashAndRestart();
    try {
      await expect(open()).rejects.toMatchObject({ code: 'store.not_durable' });
    } finally {
      await sql('ALTER SYSTEM RESET fsync');
      server.crashAndRestart();
    }
  });

  it('fails what is under way when the server crashes, keeps what it acknowledged, and goes on by itself', async () => {
    const store = await open();
    const acknowledged: string[] = [];
    const refused: unknown[] = [];
    let stop = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; !stop; n++) {
        const id = `${writer}/${n}`;
        await store.commit(setting(id)).then(
          () => acknowledged.push(id),
          (error) => refused.push(error),
        );
        // The server is stopped from this very thread, which must get to hear of it.
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    });
    const until = async (reached: () => boolean) => {
      while (!reached()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(() => acknowledged.length > 50);
    server.crashAndRestart();
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + 50);
    stop = true;
    await Promise.all(writers);
    for (const error of refused) expect(error).toMatchObject({ code: 'events.store_failed', retryable: true });
    const kept = new Set((await store.find('settings', { limit: 100_000 })).map((row) => row.id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(kept.size).toBe(acknowledged.length);
  });

  it('survives the loss of its connections between commits', async () => {
    const store = await open();
    await store.commit(setting('a'));
    await store.count('settings');
    await sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await store.commit(setting('b'));
    expect(await store.count('settings')).toBe(2);
  });

  it('knows whether a commit happened when its answer was lost', async () => {
    const store = await open();
    await store.commit(setting('before'));
    // Commits wait for a standby that does not exist: durable here, but unanswered until the connection is cut.
    await sql(`ALTER SYSTEM SET synchronous_standby_names = 'nobody'`);
    await sql('SELECT pg_reload_conf()');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const outcome = store.commit(setting('unanswered'));
    await expect.poll(() => sql(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)).toHaveLength(1);
    await sql('ALTER SYSTEM RESET synchronous_standby_names');
    server.crashAndRestart();
    await expect(outcome).resolves.toBeUndefined();
    expect(await store.get('settings', 'unanswered')).toBeDefined();
  });

  it('goes on when another process stands still in the middle of a transaction', async () => {
    const store = await open();
    const stopped = new pg.Client(connectionConfig({ url: server.url, schema }));
    stopped.on('error', () => undefined);
    await stopped.connect();
    await stopped.query('BEGIN');
    await stopped.query("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.audit'))");
    const entry = { at: 1, principal: 'ada', action: 'a.b', object: '', data: {}, trace: '' };
    await store.commit({ audit: [entry] });
    expect(await store.count('audit')).toBe(1);
    await expect(stopped.query('COMMIT')).rejects.toThrow();
    await stopped.end().catch(() => undefined);
  });

  it('refuses one change that no index can hold, and writes its group', async () => {
    const store = await open();
    const noise = Array.from({ length: 400 }, () => randomUUID()).join('');
    const long = store.commit({
      rows: [
        { op: 'insert', table: 'observable_links', row: { id: 'l', observable: noise, subject: '', at: 1, trace: '' } },
      ],
    });
    const [refused, written] = await Promise.allSettled([long, store.commit(setting('a'))]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'events.store_failed' } });
    expect(written.status).toBe('fulfilled');
  });
});

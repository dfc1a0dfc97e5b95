import { randomUUID } from 'node:crypto';
import type { Store } from '@counterpoint/events';
import { describeStore } from '@counterpoint/events/conformance';
import { type PostgresServer, startPostgres } from '@counterpoint/testing';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from './postgres/open.ts';
import { columnKinds } from './tables/index.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Schemas whose tables are empty again: emptying one is much faster than making one. */
const free: string[] = [];

async function empty(schema: string): Promise<void> {
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query(
    Object.keys(columnKinds)
      .map((table) => `DELETE FROM "${schema}"."${table}"`)
      .join(';'),
  );
  await client.end();
  free.push(schema);
}

describeStore('PostgreSQL store', {
  columns: columnKinds,
  open: async (options = {}) => {
    const schema = free.pop() ?? `test_${randomUUID().replaceAll('-', '')}`;
    const opened: Store[] = [];
    const another = async () => {
      const store = await openPostgresStore({ url: server.url, schema, onListenerError: () => undefined, ...options });
      opened.push(store);
      return store;
    };
    const store = await another();
    return {
      store,
      another,
      async reopen() {
        await store.close();
        return another();
      },
      async destroy() {
        for (const one of opened) await one.close();
        await empty(schema);
      },
    };
  },
});

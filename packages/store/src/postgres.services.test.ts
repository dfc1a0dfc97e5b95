import { randomUUID } from 'node:crypto';
import type { Store } from '@counterpoint/events';
import { describeStore } from '@counterpoint/events/conformance';
import { type PostgresServer, startPostgres } from '@counterpoint/testing';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from './postgres/open.ts';
import { columnKinds } from './tables/index.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describeStore('PostgreSQL store', {
  columns: columnKinds,
  open: async (options = {}) => {
    const schema = `test_${randomUUID().replaceAll('-', '')}`;
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
      },
    };
  },
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore } from '@counterpoint/events/conformance';
import { openSqliteStore } from './sqlite/open.ts';
import { columnKinds } from './tables/index.ts';

describeStore('SQLite store', {
  columns: columnKinds,
  open: async (options = {}) => {
    const directory = mkdtempSync(join(tmpdir(), 'counterpoint-store-'));
    const open = () => openSqliteStore({ directory, onListenerError: () => undefined, ...options });
    let store = await open();
    return {
      store,
      async reopen() {
        await store.close();
        store = await open();
        return store;
      },
      async destroy() {
        await store.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});

import { openPostgresStore } from '@counterpoint/store';
import { type PostgresServer, startPostgres } from '@counterpoint/testing';
import { afterAll, beforeAll } from 'vitest';
import { describeLookups } from './testing/lookups.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

describeLookups('on PostgreSQL', () => openPostgresStore({ url: server.url }));

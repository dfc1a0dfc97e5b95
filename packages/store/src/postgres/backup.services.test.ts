import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@counterpoint/core';
import { type PostgresServer, startPostgres } from '@counterpoint/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyBackup } from '../backup/manifest.ts';
import { backupPostgres, restorePostgres } from './backup.ts';
import { openPostgresStore } from './open.ts';

let server: PostgresServer;
let home: string;
beforeAll(async () => {
  server = await startPostgres();
  home = mkdtempSync(join(tmpdir(), 'counterpoint-pgdump-'));
});
afterAll(() => {
  server.stop();
  rmSync(home, { recursive: true, force: true });
});

const clock = systemClock;
const setting = (id: string) => ({ rows: [{ op: 'put', table: 'settings', row: { id, value: id, rev: 1 } }] }) as const;

describe('a backup of PostgreSQL', () => {
  it.each(['public', 'soar'])(
    'of schema %s is restored as of its moment, frozen, and only where nothing is',
    async (schema) => {
      const address = { url: server.url, schema };
      const store = await openPostgresStore(address);
      await store.commit(setting('installation'));
      const to = join(home, schema);
      const manifest = await backupPostgres({ ...address, to, clock });
      expect(verifyBackup(to)).toEqual(manifest);
      expect(manifest).toMatchObject({ database: 'postgres', installation: 'installation' });
      await store.commit(setting('after'));
      await store.close();
      const occupied = restorePostgres({ ...address, from: to, clock });
      await expect(occupied).rejects.toMatchObject({ code: 'store.restore_refused' });
      const other = new URL(server.url);
      other.pathname = `/restored_${schema}`;
      const { default: pg } = await import('pg');
      const client = new pg.Client(server.url);
      await client.connect();
      await client.query(`CREATE DATABASE restored_${schema}`);
      await client.end();
      await restorePostgres({ url: other.href, schema, from: to, clock });
      const restored = await openPostgresStore({ url: other.href, schema });
      expect((await restored.find('settings', {})).map(({ id }) => id)).toEqual(['frozen', 'installation']);
      expect((await restored.get('settings', 'frozen'))?.value).toMatchObject({ backup_at: manifest.created_at });
      await restored.close();
    },
  );

  it('says what to install when the programs are missing', async () => {
    const path = process.env.PATH;
    process.env.PATH = home;
    try {
      const backup = backupPostgres({ url: server.url, schema: 'public', to: join(home, 'none'), clock });
      await expect(backup).rejects.toMatchObject({ code: 'store.tool_missing' });
    } finally {
      process.env.PATH = path;
    }
  });
});

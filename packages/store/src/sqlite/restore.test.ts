import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@counterpoint/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyBackup } from '../backup/manifest.ts';
import { backupSqlite } from './backup.ts';
import { openSqliteStore } from './open.ts';
import { restoreSqlite } from './restore.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'counterpoint-backup-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const clock = systemClock;
const data = () => join(home, 'data');
const copy = () => join(home, 'copy');
const setting = (id: string) => ({ rows: [{ op: 'put', table: 'settings', row: { id, value: id, rev: 1 } }] }) as const;
const restore = (over: object = {}) =>
  restoreSqlite({ from: copy(), directory: data(), replace: false, clock, ...over });

async function backedUp(): Promise<void> {
  const store = await openSqliteStore({ directory: data() });
  await store.commit(setting('installation'));
  await store.commit(setting('before'));
  backupSqlite({ directory: data(), to: copy(), clock });
  await store.commit(setting('after'));
  await store.close();
}

describe('a backup of SQLite', () => {
  it('is made while the store is open and written to, is whole, and is of one moment', async () => {
    const store = await openSqliteStore({ directory: data() });
    const writing = (async () => {
      for (let n = 0; n < 200; n++) await store.commit(setting(`n${n}`));
    })();
    await store.commit(setting('installation'));
    const manifest = backupSqlite({ directory: data(), to: copy(), clock });
    await writing;
    await store.close();
    expect(verifyBackup(copy())).toEqual(manifest);
    expect(manifest).toMatchObject({ database: 'sqlite', installation: 'installation', reason: 'asked' });
  });

  it('does not overwrite anything, and leaves nothing half made', async () => {
    await backedUp();
    expect(() => backupSqlite({ directory: data(), to: copy(), clock })).toThrow(
      expect.objectContaining({ code: 'store.backup_failed' }),
    );
    const nowhere = { directory: join(home, 'none'), to: join(home, 'other'), clock };
    expect(() => backupSqlite(nowhere)).toThrow(expect.objectContaining({ code: 'store.backup_failed' }));
    expect(existsSync(join(home, 'other'))).toBe(false);
  });

  it('is refused once a byte of it changed, or a part is missing', async () => {
    await backedUp();
    const file = join(copy(), 'counterpoint.db');
    const bytes = readFileSync(file);
    bytes[5_000] = (bytes[5_000] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const invalid = expect.objectContaining({ code: 'store.backup_invalid' });
    expect(() => verifyBackup(copy())).toThrow(invalid);
    expect(() => restore({ replace: true })).toThrow(invalid);
    rmSync(file);
    expect(() => verifyBackup(copy())).toThrow(invalid);
    expect(() => verifyBackup(home)).toThrow(invalid);
  });
});

describe('a restored backup', () => {
  it('holds what was durable at its moment, and is frozen', async () => {
    await backedUp();
    rmSync(data(), { recursive: true });
    const { manifest, aside } = restore();
    expect(aside).toBeUndefined();
    const store = await openSqliteStore({ directory: data() });
    expect(await store.get('settings', 'before')).toBeDefined();
    expect(await store.get('settings', 'after')).toBeUndefined();
    expect((await store.get('settings', 'frozen'))?.value).toMatchObject({ backup_at: manifest.created_at });
    await store.close();
  });

  it('does not replace a database unless told to, and then sets it aside whole', async () => {
    await backedUp();
    expect(() => restore()).toThrow(expect.objectContaining({ code: 'store.restore_refused' }));
    const { aside } = restore({ replace: true });
    expect(existsSync(aside ?? '')).toBe(true);
    const store = await openSqliteStore({ directory: data() });
    expect(await store.get('settings', 'after')).toBeUndefined();
    await store.close();
  });

  it('is refused while a server uses the directory', async () => {
    await backedUp();
    const store = await openSqliteStore({ directory: data() });
    expect(() => restore({ replace: true })).toThrow(expect.objectContaining({ code: 'store.directory_locked' }));
    await store.close();
  });

  it('is refused when a newer version made it', async () => {
    await backedUp();
    const file = join(copy(), 'manifest.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), schema: 99 }));
    expect(() => restore({ replace: true })).toThrow(expect.objectContaining({ code: 'store.schema_newer' }));
  });
});

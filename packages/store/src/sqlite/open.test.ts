import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCHEMA_VERSION } from '../migrations/index.ts';
import { connect } from './connect.ts';
import { openSqliteStore } from './open.ts';

let directory: string;
let opened: Store[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'counterpoint-open-'));
  opened = [];
});
afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const open = async (options = {}) => {
  const store = await openSqliteStore({ directory, ...options });
  opened.push(store);
  return store;
};
const setting = (id: string, value: string = id) =>
  ({ rows: [{ op: 'put', table: 'settings', row: { id, value, rev: 1 } }] }) as const;
const file = () => join(directory, 'counterpoint.db');

/** Another process that holds the directory, writes without end, and prints each number once it is durable. */
async function otherServer(): Promise<{ pid: number; durable: () => number; kill: () => Promise<void> }> {
  const source = `
    import { openSqliteStore } from ${JSON.stringify(fileURLToPath(new URL('./open.ts', import.meta.url)))};
    const store = await openSqliteStore({ directory: ${JSON.stringify(directory)} });
    for (let n = 1; ; n++) {
      await store.commit({ rows: [{ op: 'insert', table: 'settings', row: { id: String(n), value: n, rev: 1 } }] });
      process.stdout.write(n + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid as number,
    durable: () => Number(output.trimEnd().split('\n').at(-1)),
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

describe('openSqliteStore', () => {
  it('makes the data directory for its owner only', async () => {
    const nested = join(directory, 'a', 'b');
    const store = await openSqliteStore({ directory: nested });
    expect(statSync(nested).mode & 0o777).toBe(0o700);
    await store.close();
  });

  it('says so when the directory cannot be used', async () => {
    writeFileSync(join(directory, 'occupied'), '');
    const blocked = openSqliteStore({ directory: join(directory, 'occupied') });
    await expect(blocked).rejects.toMatchObject({ code: 'store.directory_unusable' });
  });

  it('refuses a second store on the same directory, and lets the next one in after close', async () => {
    const first = await open();
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(open()).rejects.toMatchObject({
        code: 'store.directory_locked',
        message: expect.stringContaining(`process ${process.pid}`),
      });
    }
    await first.commit(setting('a'));
    await first.close();
    expect(await (await open()).count('settings')).toBe(1);
  });

  it('names the process that holds the directory, takes over when it was killed, and finds all it acknowledged', async () => {
    const other = await otherServer();
    await expect(open()).rejects.toMatchObject({
      code: 'store.directory_locked',
      message: expect.stringContaining(`process ${other.pid}`),
    });
    await other.kill();
    const store = await open();
    const kept = await store.count('settings');
    expect(kept).toBeGreaterThanOrEqual(other.durable());
    expect(other.durable()).toBeGreaterThan(0);
  });

  it('is not misled by a holder file that an ended process left', async () => {
    writeFileSync(join(directory, 'server.pid'), String(process.pid));
    await open();
    expect(readFileSync(join(directory, 'server.pid'), 'utf8')).toBe(String(process.pid));
  });

  it('refuses a file that is no database, and leaves it alone', async () => {
    writeFileSync(file(), 'this is not a database, whatever its name says'.repeat(100));
    const before = readFileSync(file());
    await expect(open()).rejects.toMatchObject({ code: 'store.database_corrupt' });
    expect(readFileSync(file())).toEqual(before);
  });

  it('refuses a damaged database', async () => {
    const store = await open();
    await store.commit(setting('a'));
    await store.close();
    const damaged = openSync(file(), 'r+');
    writeSync(damaged, Buffer.alloc(4000, 0xff), 0, 4000, 96);
    closeSync(damaged);
    await expect(open()).rejects.toMatchObject({ code: 'store.database_corrupt' });
  });

  it('refuses a schema from the future and does not touch it', async () => {
    await (await open()).close();
    const database = new Database(file());
    database.exec("INSERT INTO migrations VALUES (99, 'from the future', 0)");
    database.close();
    await expect(open()).rejects.toMatchObject({
      code: 'store.schema_newer',
      message: `The database has schema version 99; this server knows versions up to ${SCHEMA_VERSION}.`,
    });
  });

  it('connects with synchronous=FULL on a write-ahead log', () => {
    const database = connect(directory, systemClock);
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    database.close();
  });
});

describe.skipIf(process.getuid?.() !== 0 || !canMount())('a full disk', () => {
  it('refuses with a coded error, keeps what was acknowledged, and writes again when there is room', async () => {
    const small = join(directory, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', small]);
    try {
      const ballast = join(small, 'ballast');
      writeFileSync(ballast, Buffer.alloc(700_000));
      const store = await openSqliteStore({ directory: small });
      const acknowledged: string[] = [];
      let refusal: unknown;
      for (let n = 0; n < 1000 && refusal === undefined; n++) {
        const group = ['a', 'b', 'c'].map((letter) => `${letter}${n}`);
        const results = await Promise.allSettled(group.map((id) => store.commit(setting(id, 'x'.repeat(5000)))));
        for (const [index, result] of results.entries()) {
          if (result.status === 'fulfilled') acknowledged.push(group[index] as string);
          else refusal = result.reason;
        }
      }
      expect(refusal).toMatchObject({ code: 'events.store_full', retryable: true });
      expect(await store.count('settings')).toBe(acknowledged.length);
      rmSync(ballast);
      await store.commit(setting('after'));
      await store.close();
      const again = await openSqliteStore({ directory: small });
      const ids = (await again.find('settings', { limit: 5000 })).map((row) => row.id);
      expect(ids.toSorted()).toEqual([...acknowledged, 'after'].toSorted());
      await again.close();
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

function canMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'counterpoint-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true });
  }
}

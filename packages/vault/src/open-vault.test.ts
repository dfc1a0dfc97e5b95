import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedactor, isCounterpointError, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newKeyText } from './key-provider.ts';
import type { KeySource } from './key-source.ts';
import { KEY_CHECK_SETTING, openVault } from './open-vault.ts';

const by = { principal: 'user:alice', trace: 'a'.repeat(32) };
let directory: string;
let path: string;
let store: Store;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'counterpoint-vault-'));
  path = join(directory, 'keys', 'vault.key');
  store = createMemoryStore();
});
afterEach(() => rm(directory, { recursive: true }));

const start = (key: KeySource = { kind: 'file', path }, env?: Record<string, string>, installation = 'inst-1') =>
  openVault({ store, key, installation, redactor: createRedactor(), clock: manualClock(), ...(env && { env }) });

const refusal = async (started: Promise<unknown>, name: string): Promise<string> => {
  const error = await started.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isCounterpointError(error, `vault.${name}`)) throw new Error(`expected vault.${name}`, { cause: error });
  return `${error.message} ${error.help}`;
};

async function sealOne(): Promise<string> {
  const { id, change } = (await start()).seal('label', 'a-secret-value', by);
  await store.commit(change);
  return id;
}

describe('openVault with a key file', () => {
  it('creates it on the first run, for its owner only, and nothing beside it', async () => {
    await start();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toMatch(/^counterpoint-key-v1:[\w-]{43}\n$/);
    expect(await readdir(join(directory, 'keys'))).toEqual(['vault.key']);
  });

  it('opens on the next start what was sealed before, with the same key', async () => {
    const id = await sealOne();
    const before = await readFile(path, 'utf8');
    expect(await (await start()).open(id, { purpose: 'action' })).toBe('a-secret-value');
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await store.count('settings')).toBe(1);
  });

  it('has the redactor know every kept secret before anything is opened, and starts past one that does not open', async () => {
    const broken = await sealOne();
    const { change } = (await start()).seal('label', 'another-secret-value', by);
    await store.commit(change);
    const row = await store.get('secrets', broken);
    if (!row) throw new Error('no such row');
    await store.commit({
      rows: [{ op: 'put', table: 'secrets', row: { ...row, sealed: new Uint8Array(40), rev: 2 } }],
    });
    const redactor = createRedactor();
    const key = { kind: 'file', path } as const;
    const vault = await openVault({ store, key, installation: 'inst-1', redactor, clock: manualClock() });
    expect(redactor.value({ 'another-secret-value': 1 })).toEqual({ '[redacted]': 1 });
    expect(vault.decryptCount()).toBe(0);
    await expect(vault.open(broken, { purpose: 'action' })).rejects.toMatchObject({ code: 'vault.tampered' });
  });

  it('has the redactor learn what another process sealed or replaced since, without opening it for anybody', async () => {
    const redactor = createRedactor();
    const key = { kind: 'file', path } as const;
    const here = await openVault({ store, key, installation: 'inst-1', redactor, clock: manualClock() });
    const there = await start();
    const { id, change } = there.seal('label', 'a-secret-value', by);
    await store.commit(change);
    expect(redactor.text('a-secret-value')).toBe('a-secret-value');
    await here.learn();
    expect(redactor.text('a-secret-value')).toBe('[redacted]');
    await store.commit(await there.replace(id, 'another-secret-value', by));
    await here.learn();
    expect(redactor.text('a-secret-value, another-secret-value')).toBe('[redacted], [redacted]');
    expect(here.decryptCount()).toBe(0);
  });

  it('takes a key that was written but never recorded (a crash in between)', async () => {
    await start();
    await store.commit({ rows: [{ op: 'delete', table: 'settings', id: KEY_CHECK_SETTING }] });
    await start();
    expect(await store.count('settings')).toBe(1);
  });

  it('refuses to start without the key of an existing database, and creates none', async () => {
    await sealOne();
    await rename(path, `${path}.away`);
    expect(await refusal(start(), 'key_missing')).toContain(path);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('also when the check value is gone but secrets are there', async () => {
    await sealOne();
    await store.commit({ rows: [{ op: 'delete', table: 'settings', id: KEY_CHECK_SETTING }] });
    await rename(path, `${path}.away`);
    await refusal(start(), 'key_missing');
    await writeFile(path, newKeyText(), { mode: 0o600 });
    await refusal(start(), 'key_wrong');
  });

  it('refuses the key of another installation', async () => {
    await start();
    const text = newKeyText();
    await writeFile(path, text);
    const message = await refusal(start(), 'key_wrong');
    expect(message).toMatch(/key in use is [0-9a-f]{16}, .*sealed with the key [0-9a-f]{16}/);
    expect(message).not.toContain(text.slice(20));
  });

  it.each([0o640, 0o604, 0o620, 0o644])('refuses a file of mode %o', async (mode) => {
    await start();
    await chmod(path, mode);
    expect(await refusal(start(), 'key_permissions')).toContain(`chmod 600 ${path}`);
  });

  it('refuses a truncated, empty, edited or foreign file without showing it, and leaves it as it is', async () => {
    await start();
    const whole = await readFile(path, 'utf8');
    await truncate(path, 50);
    expect(await refusal(start(), 'key_invalid')).not.toContain(whole.slice(20, 40));
    for (const text of [
      '',
      `${whole.trim()}x`,
      whole.replace('v1', 'v9'),
      '-----BEGIN PRIVATE KEY-----',
      'x\n'.repeat(9),
    ]) {
      await writeFile(path, text);
      await refusal(start(), 'key_invalid');
      expect(await readFile(path, 'utf8')).toBe(text);
    }
    await writeFile(path, 'x'.repeat(5_000));
    await refusal(start(), 'key_unreadable');
  });

  it('refuses a path that is no file or cannot be made', async () => {
    await mkdir(path, { recursive: true });
    await refusal(start(), 'key_unreadable');
    await writeFile(join(directory, 'file'), '');
    await refusal(start({ kind: 'file', path: join(directory, 'file', 'vault.key') }), 'key_unreadable');
  });

  it('refuses a database that was given another installation id, or an altered check value', async () => {
    await start();
    await refusal(start(undefined, undefined, 'inst-2'), 'tampered');
    for (const value of [null, 'x', { kek: 1 }]) {
      await store.commit({ rows: [{ op: 'put', table: 'settings', row: { id: KEY_CHECK_SETTING, value, rev: 2 } }] });
      await refusal(start(), 'tampered');
    }
  });
});

describe('openVault with a key from elsewhere', () => {
  it('takes it from the environment, and says which variable is missing', async () => {
    const source = { kind: 'env', variable: 'COUNTERPOINT_VAULT__KEY' } as const;
    expect(await refusal(start(source, {}), 'key_absent')).toContain('COUNTERPOINT_VAULT__KEY');
    const env = { COUNTERPOINT_VAULT__KEY: newKeyText() };
    await start(source, env);
    await start(source, env);
    await refusal(start(source, { COUNTERPOINT_VAULT__KEY: '' }), 'key_missing');
    await refusal(start(source, { COUNTERPOINT_VAULT__KEY: newKeyText() }), 'key_wrong');
    await refusal(start(source, { COUNTERPOINT_VAULT__KEY: 'secret' }), 'key_invalid');
  });

  it('takes it from a command, whose arguments no shell reads', async () => {
    const text = newKeyText();
    const script = 'process.stdout.write(process.argv[1] + "\\n")';
    await start({ kind: 'command', command: [process.execPath, '-e', script, text] });
    const injected = join(directory, 'injected');
    const command = [process.execPath, '-e', script, `${text}; touch ${injected} $(touch ${injected})`];
    await refusal(start({ kind: 'command', command }), 'key_invalid');
    await expect(stat(injected)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says how a command failed, and nothing that it printed', async () => {
    const run = (script: string) => start({ kind: 'command', command: [process.execPath, '-e', script] });
    const message = await refusal(run('console.error("canary-on-stderr"); process.exit(3)'), 'key_command_failed');
    expect(message).toContain('status 3');
    expect(message).not.toContain('canary-on-stderr');
    expect(await refusal(run('process.kill(process.pid, "SIGTERM")'), 'key_command_failed')).toContain('SIGTERM');
    await refusal(run('process.stdout.write("x".repeat(1e6))'), 'key_command_failed');
    await refusal(start({ kind: 'command', command: ['/nonexistent/program'] }), 'key_command_failed');
    await refusal(start({ kind: 'command', command: [] }), 'key_command_failed');
    await refusal(run(''), 'key_invalid');
  });

  it('keeps the key out of all output from then on', async () => {
    const redactor = createRedactor();
    const text = newKeyText();
    const key = { kind: 'env', variable: 'KEY' } as const;
    await openVault({ store, key, installation: 'i', redactor, clock: manualClock(), env: { KEY: text } });
    expect(redactor.text(`env: ${text}`)).toBe('env: [redacted]');
    expect(redactor.text(text.slice(20))).toBe('[redacted]');
    expect(redactor.value(await store.find('settings', {}))).toEqual(await store.find('settings', {}));
  });
});

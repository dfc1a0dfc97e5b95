import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type CounterpointError, isCounterpointError } from '@counterpoint/core';
import { createClient } from '@counterpoint/sdk';
import { loadConfig, type RunningServer, startServer } from '@counterpoint/server';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import { counterpoint, type ServerProcess, startServerProcess, temporaryFolder } from './support/server-process.ts';

const WITHOUT_LAB = ['--set', 'lab.enabled=false'];
const CANARY = 'a-credential-that-must-survive';

const folder = temporaryFolder();
/** A good installation, stopped; every test works on a copy of it. */
const pristine = join(folder.path, 'pristine');
let token = '';
let copies = 0;
let up: ServerProcess | undefined;

function copyOfIt(): string {
  copies += 1;
  const copy = join(folder.path, `copy-${copies}`);
  cpSync(pristine, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

beforeAll(async () => {
  mkdirSync(pristine);
  const server = await startServerProcess({ folder: pristine }, WITHOUT_LAB);
  const owner = await becomeOwner(server);
  token = owner.token;
  await owner.client.createConnection({
    body: {
      id: 'fw',
      connector: 'fortigate',
      title: 'Firewall',
      config: { base_url: 'http://127.0.0.1:9' },
      secrets: { api_token: CANARY },
      network: 'lab',
    },
  });
  await server.kill('SIGTERM');
});
afterEach(async () => {
  await up?.kill('SIGKILL');
  up = undefined;
});
afterAll(() => folder.remove());

interface Start {
  readonly args?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

function configIn(place: string, { args = {}, env = {} }: Start = {}) {
  const named = args.config !== undefined;
  const file = { path: join(place, args.config ?? 'counterpoint.yaml'), named };
  const { config: _config, ...settings } = args;
  const standard = { data_dir: join(place, 'data'), 'server.port': '0', 'lab.enabled': 'false', 'log.level': 'silent' };
  return loadConfig({ flags: { ...standard, ...settings }, env, file }).config;
}

/** What a start is refused with. */
async function refusal(place: string, start: Start = {}): Promise<CounterpointError> {
  const attempt = async () => startServer(configIn(place, start));
  const started = await attempt().catch((error: unknown) => error);
  if (!isCounterpointError(started)) {
    if (started !== null && typeof started === 'object' && 'stop' in started) await (started as RunningServer).stop();
    throw new Error(`not a coded refusal: ${started instanceof Error ? started.stack : 'it started'}`);
  }
  expect(started.help).not.toBe('');
  expect(JSON.stringify(started)).not.toContain(CANARY);
  return started;
}

/** The installation starts again and still has its owner, its connection and an unbroken audit log. */
async function expectWhole(place: string): Promise<void> {
  const server = await startServer(configIn(place));
  try {
    expect(server.setupCode).toBeUndefined();
    const client = createClient({ url: server.url, token });
    const { items } = await client.listConnections({});
    expect(items.find(({ id }) => id === 'fw')).toMatchObject({ secrets: ['api_token'] });
    expect((await client.verifyAudit()).findings).toEqual([]);
  } finally {
    await server.stop();
  }
}

describe('the program, when it cannot start', () => {
  it('ends with 1, says why as JSON on standard error, and nothing on standard output', async () => {
    const place = copyOfIt();
    up = await startServerProcess({ folder: place }, WITHOUT_LAB);
    const start = ['--json', 'start', '--port', '0', '--data-dir', 'data', ...WITHOUT_LAB];
    const { code, stdout, stderr } = await counterpoint(start, { folder: place });
    expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ code: 'store.directory_locked', help: expect.stringContaining('Stop that server') });
    expect(error.message).toContain(String(up.pid));
    expect((await fetch(`${up.url}/readyz`)).status).toBe(200);
    await up.kill('SIGKILL');
    await expectWhole(place);
  });

  it('tells people the same in words, without a stack', async () => {
    const place = copyOfIt();
    writeFileSync(join(place, 'counterpoint.yaml'), 'log:\n  lvel: debug\n');
    const { code, stderr } = await counterpoint(['start', '--data-dir', 'data'], { folder: place });
    expect(code).toBe(1);
    expect(stderr).toMatch(/log\.lvel.*did you mean log\.level\?.*server\.config_unknown/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('the server, when it cannot start', () => {
  it('refuses a configuration that is damaged, has an unknown or a wrong setting, or is missing', async () => {
    const place = copyOfIt();
    const file = join(place, 'counterpoint.yaml');
    const yaml = async (text: string) => {
      writeFileSync(file, text);
      return refusal(place);
    };
    expect((await yaml('server: [1')).code).toBe('server.config_unreadable');
    expect((await yaml('\u0000\u0001\u0002')).code).toBe('server.config_unreadable');
    const unknown = await yaml('log:\n  lvel: debug\n');
    expect(unknown.code).toBe('server.config_unknown');
    expect(unknown.message).toContain('did you mean log.level?');
    expect((await yaml('limits:\n  json_depth: deep\n')).code).toBe('server.config_invalid');
    rmSync(file);
    expect((await refusal(place, { args: { config: 'elsewhere.yaml' } })).code).toBe('server.config_missing');
    expect((await refusal(place, { env: { COUNTERPOINT_SERVER__PROT: '1' } })).code).toBe('server.config_unknown');
    await expectWhole(place);
  });

  it('refuses the wrong key, a damaged one, an open one, and none where there are secrets', async () => {
    const place = copyOfIt();
    const key = join(place, 'data.key');
    const right = readFileSync(key, 'utf8');
    writeFileSync(key, `counterpoint-key-v1:${Buffer.alloc(32, 7).toString('base64url')}\n`);
    expect((await refusal(place)).code).toBe('vault.key_wrong');
    writeFileSync(key, 'not a key\n');
    expect((await refusal(place)).code).toBe('vault.key_invalid');
    writeFileSync(key, right);
    chmodSync(key, 0o644);
    const open = await refusal(place);
    expect(open.code).toBe('vault.key_permissions');
    expect(open.help).toContain('chmod 600');
    rmSync(key);
    expect((await refusal(place)).code).toBe('vault.key_missing');
    expect(existsSync(key)).toBe(false);
    writeFileSync(key, right, { mode: 0o600 });
    await expectWhole(place);
  });

  it('refuses a damaged database and leaves it for the restore', async () => {
    const place = copyOfIt();
    const database = join(place, 'data/counterpoint.db');
    const good = readFileSync(database);
    const damaged = Buffer.from(good);
    damaged.fill(0xa5, 0, 4_096);
    writeFileSync(database, damaged);
    expect((await refusal(place)).code).toBe('store.database_corrupt');
    expect(readFileSync(database).equals(damaged)).toBe(true);
    writeFileSync(database, 'this is no database');
    expect((await refusal(place)).code).toBe('store.database_corrupt');
    writeFileSync(database, good);
    await expectWhole(place);
  });

  it('refuses a database of a newer version', async () => {
    const place = copyOfIt();
    const path = join(place, 'data/counterpoint.db');
    const safe = join(place, 'safe.db');
    copyFileSync(path, safe);
    const database = new Database(path);
    database.exec("INSERT INTO migrations VALUES (1000, 'from the future', 0)");
    database.close();
    expect((await refusal(place)).code).toBe('store.schema_newer');
    copyFileSync(safe, path);
    await expectWhole(place);
  });

  it('refuses a port that is taken, and says which', async () => {
    const place = copyOfIt();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const error = await refusal(place, { args: { 'server.port': String(port) } });
    expect(error.code).toBe('server.port_taken');
    expect(error.message).toContain(String(port));
    await new Promise((resolve) => taken.close(resolve));
    await expectWhole(place);
  });

  it('tells the tokens of the first start also when the port was taken before', async () => {
    const place = join(folder.path, 'first');
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const withLab = { 'lab.enabled': 'true' };
    const error = await refusal(place, { args: { ...withLab, 'server.port': String(port) } });
    expect(error.code).toBe('server.port_taken');
    await new Promise((resolve) => taken.close(resolve));
    const server = await startServer(configIn(place, { args: withLab }));
    const { newSources, setupCode } = server;
    await server.stop();
    expect(newSources.map(({ id }) => id).sort()).toEqual(['generic', 'suricata', 'wazuh']);
    expect(setupCode).toBeDefined();
  });

  it('refuses content with a mistake, and names file and line', async () => {
    const place = copyOfIt();
    const content = join(place, 'content');
    cpSync(join(import.meta.dirname, '../content'), content, { recursive: true });
    const playbook = join(content, 'playbooks/brute_force.yaml');
    const good = readFileSync(playbook, 'utf8');
    writeFileSync(playbook, good.replace('action: case.open', 'action: case.opne'));
    const own = { args: { content_dir: content } };
    const wrong = await refusal(place, own);
    expect(wrong.code).toBe('server.content_invalid');
    expect(wrong.message).toMatch(/brute_force\.yaml.*line \d+/);
    writeFileSync(playbook, good);
    writeFileSync(join(content, 'topics/alert.created.v1.json'), '{"topic":');
    expect((await refusal(place, own)).message).toContain('alert.created.v1.json');
    const nowhere = await refusal(place, { args: { content_dir: join(place, 'nowhere') } });
    expect(nowhere.code).toBe('server.content_missing');
    await expectWhole(place);
  });

  it('refuses a data directory that cannot be one', async () => {
    const place = copyOfIt();
    writeFileSync(join(place, 'a-file'), '');
    expect((await refusal(place, { args: { data_dir: join(place, 'a-file') } })).code).toBe('store.directory_unusable');
    expect((await refusal(place, { args: { data_dir: join(place, 'a-file/below') } })).code).toBe(
      'store.directory_unusable',
    );
    await expectWhole(place);
  });
});

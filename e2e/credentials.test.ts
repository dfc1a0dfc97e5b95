import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, createClient } from '@counterpoint/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';

const CREDENTIAL = 'Bearer the-credential-of-the-vendor';

const folder = temporaryFolder();
let vendor: Server;
let port = 0;
let server: ServerProcess;
let client: Client;
let token = '';
/** Requests that reached the vendor: path and credential. */
const reached: { path: string; host: string; credential: string | undefined }[] = [];
let redirectTo = '';

beforeAll(async () => {
  vendor = createServer((request, response) => {
    const { authorization, host = '' } = request.headers;
    reached.push({ path: request.url ?? '', host, credential: authorization });
    if (request.url?.startsWith('/redirect')) response.writeHead(302, { location: redirectTo });
    response.end('{"ok":true}');
  });
  // On every address of this machine, so that whatever an address is disguised as would arrive somewhere.
  await new Promise<void>((resolve) => vendor.listen(0, '::', resolve));
  port = (vendor.address() as AddressInfo).port;
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  const owner = await becomeOwner(server);
  client = owner.client;
  token = owner.token;
  await connect('vendor', `http://127.0.0.1:${port}`, 'lab');
});
afterAll(async () => {
  await server.kill('SIGKILL');
  vendor.closeAllConnections();
  vendor.close();
  folder.remove();
});
beforeEach(() => {
  reached.length = 0;
});

function connect(id: string, base_url: string, network: 'public' | 'private' | 'lab') {
  const secrets = { credential: CREDENTIAL };
  return client.createConnection({
    body: { id, connector: 'http', title: id, config: { base_url }, secrets, network },
  });
}

const get = (path: string, as = client, connection = 'vendor') =>
  as.performAction({ body: { connector: 'http', action: 'get', connection, input: { path } } });

async function withPermissions(...permissions: string[]): Promise<Client> {
  const made = await client.createToken({ body: { title: permissions.join(' '), permissions } });
  return createClient({ url: server.url, token: made.token });
}

describe('a connection', () => {
  it('works for whoever may use it', async () => {
    const user = await withPermissions('action:read', 'connection:use');
    expect(await get('/x', user)).toMatchObject({ status: 'succeeded', error: null });
    expect(reached).toEqual([{ path: '/x', host: `127.0.0.1:${port}`, credential: CREDENTIAL }]);
  });

  it('is refused to whoever may not use it, by every way there is, and nothing is sent', async () => {
    const reader = await withPermissions('action:read', 'action:contain', 'playbook:run', 'playbook:read');
    await expect(get('/x', reader)).rejects.toMatchObject({ code: 'actions.forbidden', status: 403 });
    await expect(reader.testConnection({ id: 'vendor' })).rejects.toMatchObject({ status: 403 });
    const publisher = await withPermissions('playbook:publish', 'playbook:run', 'action:read', 'run:read');
    const source = `kind: playbook/v1
id: borrowed
title: Borrows a connection
uses: { api: http }
on: [{ manual: true }]
steps:
  - id: take
    action: api.get
    connection: vendor
    with: { path: /x }
`;
    const made = await publisher.publishPlaybook({ body: { source } }).catch((error) => error);
    if (!('code' in made)) {
      const run = await client.startRun({ id: 'borrowed', body: { wait: true } });
      expect(run).toMatchObject({ status: 'failed', error: { code: 'actions.forbidden' } });
    }
    expect(reached).toEqual([]);
  });

  it('does not do more for a token than the token may', async () => {
    const reader = await withPermissions('action:read', 'connection:use');
    const change = {
      connector: 'http',
      action: 'request',
      connection: 'vendor',
      input: { method: 'POST', path: '/x' },
    };
    await expect(reader.performAction({ body: change })).rejects.toMatchObject({
      code: 'actions.forbidden',
      status: 403,
    });
    const builtin = { connector: 'case', action: 'open', input: { title: 'x', severity: 'low' } };
    await expect(reader.performAction({ body: builtin })).rejects.toMatchObject({
      code: 'actions.forbidden',
      status: 403,
    });
    expect(reached).toEqual([]);
    expect((await client.listCases({})).items).toEqual([]);
  });

  it('asks for the credential again when it is pointed elsewhere, however alike the address looks', async () => {
    const elsewhere = [
      `http://localhost:${port}`,
      `http://127.0.0.1.nip.example:${port}`,
      `http://127.0.0.1:${port}@evil.example`,
      `http://127.0.0.1%2eevil.example:${port}`,
      `http://evil.example/127.0.0.1:${port}`,
      `http://[::1]:${port}`,
      `http://127.0.0.2:${port}`,
      `http://user:pass@127.0.0.1:${port}`,
      `file:///etc/passwd`,
      `gopher://127.0.0.1:${port}`,
    ];
    for (const base_url of elsewhere) {
      const refused = client.updateConnection({ id: 'vendor', body: { config: { base_url } } });
      await expect(refused, base_url).rejects.toMatchObject({
        code: expect.stringMatching(/^actions\.(secret_required|connection_invalid)$/),
      });
    }
    await expect(
      client.updateConnection({ id: 'vendor', body: { allowed_hosts: ['127.0.0.1', 'evil.example'] } }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^actions\.(secret_required|connection_invalid)$/) });
    expect(await get('/after')).toMatchObject({ status: 'succeeded' });
  });

  it('never follows a redirect with its credential', async () => {
    for (const location of [
      `http://127.0.0.1:${port}/next`,
      `http://localhost:${port}/next`,
      '//evil.example/',
      '/next',
    ]) {
      redirectTo = location;
      await get('/redirect');
    }
    expect(reached.filter(({ path, host }) => path !== '/redirect' && host !== `127.0.0.1:${port}`)).toEqual([]);
    expect(reached.filter(({ path }) => path === '/redirect')).toHaveLength(4);
  });

  it('does not leave its base address by the path that an action is given', async () => {
    const paths = [
      '//evil.example/',
      '/\\evil.example',
      '/@evil.example',
      '/..//evil.example',
      `//localhost:${port}/`,
      'http://evil.example/',
      '/x\r\nX-Injected: 1',
    ];
    for (const path of paths) {
      const outcome = await get(path).catch(() => undefined);
      if (outcome?.status === 'succeeded') expect(reached.at(-1)?.host, path).toBe(`127.0.0.1:${port}`);
    }
    for (const { host } of reached) expect(host).toBe(`127.0.0.1:${port}`);
  });
});

describe('a public connection', () => {
  it('reaches no inner address, whatever it is written as', async () => {
    const addresses = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '0x7f.0.0.1',
      '0.0.0.0',
      '0',
      'localhost',
      'LOCALHOST',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '[0:0:0:0:0:ffff:7f00:0001]',
      '169.254.169.254',
      '[fe80::1]',
      '[fd00::1]',
      '10.0.0.1',
      '100.64.0.1',
      '192.168.0.1',
      '172.16.0.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
    ];
    const outcomes: [string, string][] = [];
    let connections = 0;
    vendor.on('connection', () => {
      connections += 1;
    });
    for (const [index, address] of addresses.entries()) {
      const id = `inner-${index}`;
      const refused = await connect(id, `https://${address}:${port}`, 'public').then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      if (refused) outcomes.push([address, refused]);
      else {
        const { status, error } = await get('/x', client, id);
        expect(status, address).toBe('failed');
        outcomes.push([address, String((error as { code: string }).code)]);
      }
    }
    expect(connections).toBe(0);
    expect(outcomes).toEqual(addresses.map((address) => [address, 'connector.egress_denied']));
  });
});

describe('text from outside', () => {
  it('cannot write to the terminal or the log of whoever looks at it', async () => {
    const made = await client.createSource({ body: { id: 'any', title: 'any', normalizer: 'generic_json' } });
    const title = '\u001b]0;owned\u0007\u001b[2J\r\nlevel=error forged\u202e';
    const body = JSON.stringify({
      src_ip: '203.0.113.9',
      title,
      event_type: title,
      timestamp: new Date().toISOString(),
    });
    await fetch(`${server.url}/hooks/any`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.secret}`, 'content-type': 'application/json', 'user-agent': 'x' },
      body,
    });
    const alert = await until(
      'the alert',
      async () => (await client.listAlerts({ query: { source: 'any' } })).items[0],
    );
    await client.updateAlert({ id: alert.id, body: { status: 'resolved', reason: title } });
    const env = { COUNTERPOINT_TOKEN: token };
    for (const args of [['trace', `alert:${alert.id}`], ['ingest'], ['runs'], ['effects', '--all']]) {
      const shown = await counterpoint([...args, '--url', server.url], { folder: folder.path, env });
      expect(shown.code, shown.stderr).toBe(0);
      expect(shown.stdout).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e]/u);
      expect(shown.stdout).not.toMatch(/^level=error forged/m);
    }
    const [line] = await Promise.all([
      counterpoint(['trace', `${title}`, '--url', server.url], { folder: folder.path, env }),
    ]);
    expect(line.code).toBe(1);
    expect(line.stderr).not.toContain('\u001b');
    expect(server.log()).not.toContain('\u001b');
  });
});

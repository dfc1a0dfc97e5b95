import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type EndpointName, endpoints } from '@counterpoint/contracts';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner, deliver, type Owner, signIn } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder, until } from './support/server-process.ts';

/** A credential with characters that every encoding writes differently. */
const CANARY = 'Bearer caNary-"9f8e7d6c5b4a\\+/&=?#%<end>';

const folder = temporaryFolder();
let vendor: Server;
let server: ServerProcess;
let owner: Owner;
let client: Client;
/** Everything that came out of the server, by where. */
const seen = new Map<string, string>();

/** The canary in every form in which it could get out. */
function formsOf(secret: string): Record<string, string> {
  const base64 = Buffer.from(secret).toString('base64');
  return {
    raw: secret,
    core: 'caNary-"9f8e7d6c5b4a',
    json: JSON.stringify(secret).slice(1, -1),
    jsonTwice: JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    url: encodeURIComponent(secret),
    form: new URLSearchParams({ x: secret }).toString().slice(2),
    base64,
    base64url: Buffer.from(secret).toString('base64url'),
    base64Inside: Buffer.from(`x${secret}`).toString('base64').slice(4, -4),
    hex: Buffer.from(secret).toString('hex'),
    HEX: Buffer.from(secret).toString('hex').toUpperCase(),
    html: secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  };
}

/** A vendor that throws back whatever credential it was sent, in every form, with success and with failure. */
function throwBack(request: IncomingMessage, response: ServerResponse): void {
  const credential = String(request.headers.authorization ?? '');
  const { raw, url, base64, hex, json } = formsOf(credential);
  const echo = { message: `no: ${raw}`, url, base64, hex, json, nested: [{ [raw ?? '']: raw }] };
  const kind = (request.url ?? '').split('/')[1] || 'ok';
  if (kind === 'hang') return;
  if (kind === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  if (kind === 'garbage') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"broken": "${raw}`);
    return;
  }
  const status = kind === 'ok' ? 200 : Number(kind);
  const location = status === 302 ? { location: `http://127.0.0.1:9/?leak=${url}` } : {};
  const headers = { 'content-type': 'application/json', 'x-echo': base64, ...location };
  response.writeHead(status, headers).end(JSON.stringify(echo));
}

const KINDS = ['ok', '401', '403', '404', '429', '500', '503', '302', 'garbage', 'reset', 'hang'];

/** What each kind, and then TLS, DNS and a closed port, is told as; `hang` is left to the playbook. */
const EXPECTED = [
  'none',
  'unauthorized',
  'forbidden',
  'not_found',
  'rate_limited',
  'unavailable',
  'unavailable',
  'egress_denied',
  // This connector takes whatever text an API gives.
  'none',
  'unavailable',
  'unavailable',
  'unavailable',
  'unavailable',
];

function playbook(): string {
  const step = (id: string, path: string, connection: string) => `  - id: ${id}
    action: api.get
    connection: ${connection}
    with: { path: "${path}" }
    timeout: 1s
    on_failure: continue
`;
  const kinds = KINDS.map((kind) => step(`k_${kind}`, `/${kind}`, 'echo')).join('');
  const others = step('tls', '/ok', 'tls') + step('dns', '/ok', 'dns') + step('closed', '/ok', 'closed');
  return `kind: playbook/v1
id: leaky
title: Asks a vendor that throws credentials back
uses: { api: http }
on: [{ manual: true }]
steps:
${kinds}${others}  - id: told
    action: case.open
    with:
      title: What the vendor said
      severity: low
      summary: "\${{ json(steps.?k_ok.?body.orValue(null)) }}"
  - id: change
    action: api.request
    connection: echo
    with: { method: POST, path: /500, body: { a: 1 } }
    timeout: 1s
    on_failure: continue
outputs: { said: "\${{ json(steps.?k_ok.orValue(null)) }}" }
`;
}

beforeAll(async () => {
  vendor = createServer(throwBack);
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  const { port } = vendor.address() as AddressInfo;
  server = await startServerProcess({ folder: folder.path }, [
    '--set',
    'lab.enabled=false',
    '--set',
    'log.level=trace',
  ]);
  owner = await becomeOwner(server);
  client = owner.client;
  const addresses = {
    echo: `http://127.0.0.1:${port}`,
    tls: `https://127.0.0.1:${port}`,
    dns: 'http://no-such-host.invalid',
    closed: 'http://127.0.0.1:9',
  };
  for (const [id, base_url] of Object.entries(addresses)) {
    const body = {
      id,
      connector: 'http',
      title: id,
      config: { base_url },
      secrets: { credential: CANARY },
      network: 'lab',
    };
    await client.createConnection({ body: body as Parameters<Client['createConnection']>[0]['body'] });
  }
});
afterAll(async () => {
  await server.kill('SIGKILL');
  vendor.closeAllConnections();
  vendor.close();
  folder.remove();
});

async function ask(method: string, path: string, body?: unknown): Promise<string> {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${owner.token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = JSON.stringify(Object.fromEntries(answer.headers)) + (await answer.text());
  seen.set(`${method} ${path} #${seen.size}`, text);
  return text;
}

/** Reads what is on the disk: the database, what is not in it yet, and anything beside them. */
function readFiles(when: string): void {
  const data = join(folder.path, 'data');
  for (const file of readdirSync(data)) seen.set(`${file}, ${when}`, readFileSync(join(data, file)).toString('latin1'));
}

/** Reads every list, and every single thing that it names. */
async function readEverything(): Promise<void> {
  const lists = (Object.keys(endpoints) as EndpointName[]).filter(
    (name) => endpoints[name].method === 'GET' && !endpoints[name].path.includes(':'),
  );
  for (const name of lists) await ask('GET', `/api/v1${endpoints[name].path}`);
  for (const kind of ['runs', 'effects', 'cases', 'connectors'] as const) {
    const text = seen.get([...seen.keys()].findLast((key) => key.startsWith(`GET /api/v1/${kind} `)) ?? '') ?? '';
    for (const [, id] of text.matchAll(/"id":"([^"]+)"/g)) await ask('GET', `/api/v1/${kind}/${id}`);
  }
  const runs = await client.listRuns({});
  for (const { id } of runs.items) await ask('GET', `/api/v1/trace/run:${id}`);
  await ask('GET', '/metrics');
  await ask('GET', '/api/v1/openapi.json');
}

describe('the credential of a connection', () => {
  it('appears nowhere, whatever a vendor does with it', async () => {
    const listening = new AbortController();
    let stream = '';
    const reading = (async () => {
      for await (const event of client.stream(listening.signal)) stream += JSON.stringify(event);
    })().catch(() => {});

    const answered = (path: string, connection: string) =>
      ask('POST', '/api/v1/actions', { connector: 'http', action: 'get', connection, input: { path } });
    const outcomes = await Promise.all([
      ...KINDS.filter((kind) => kind !== 'hang').map((kind) => answered(`/${kind}`, 'echo')),
      ...['tls', 'dns', 'closed'].map((connection) => answered('/ok', connection)),
    ]);
    expect(outcomes[0]).toContain('[redacted]');
    const codes = outcomes.map((text) => /"code":"([a-z._]+)"/.exec(text)?.[1] ?? 'none');
    expect(codes).toEqual(EXPECTED.map((kind) => (kind === 'none' ? kind : `connector.${kind}`)));
    for (const connection of ['echo', 'tls', 'dns', 'closed']) {
      await ask('POST', `/api/v1/connections/${connection}/test`);
    }
    await ask('POST', '/api/v1/connections', {
      id: 'x',
      connector: 'http',
      title: 'x',
      secrets: { credential: CANARY },
    });
    await ask('PATCH', '/api/v1/connections/echo', { secrets: { nonsense: CANARY } });
    await ask('PATCH', '/api/v1/connections/echo', { secrets: { credential: [CANARY] } });
    await ask('PATCH', '/api/v1/connections/echo', { config: { base_url: 'http://elsewhere.example' } });

    await client.publishPlaybook({ body: { source: playbook() } });
    const { id } = await client.startRun({ id: 'leaky', body: {} });
    const reached = (...states: readonly string[]) =>
      until(`the run is ${states}`, async () => {
        const now = await client.getRun({ id });
        return states.includes(now.status) && now;
      });
    // Whether a change happened whose answer was 500 only a person can say.
    expect((await reached('waiting', 'succeeded', 'failed')).status).toBe('waiting');
    await client.resolveStep({ id, body: { address: 'change', happened: false } });
    const run = await reached('succeeded', 'failed');
    expect(run.status, JSON.stringify(run.error)).toBe('succeeded');
    expect(JSON.stringify(run.outputs)).toContain('[redacted]');
    await readEverything();
    listening.abort();
    await reading;
    readFiles('running');
    await server.kill('SIGTERM');
    readFiles('stopped');
    seen.set('stream', stream);
    seen.set('log', server.log());

    expect(stream).toContain('"event":"run"');
    expect(seen.get('counterpoint.db-wal, running')).toContain('What the vendor said');
    expect(seen.get('counterpoint.db, stopped')).toContain('What the vendor said');
    expect(seen.size).toBeGreaterThan(40);
    const leaks: string[] = [];
    for (const [where, text] of seen) {
      for (const [form, value] of Object.entries(formsOf(CANARY)))
        if (text.includes(value)) leaks.push(`${form} in ${where}`);
    }
    expect(leaks).toEqual([]);
  });

  it('is known to the next process before that opens it, also in what others bring in', async () => {
    server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
    client = signIn(server, owner.token);
    const source = { id: 'edr', title: 'EDR', normalizer: 'generic_json' };
    const { secret } = await client.createSource({ body: source });
    const seen = { title: `curl -H 'Authorization: ${CANARY}'`, severity: 'high', src_ip: '203.0.113.9' };
    expect((await deliver(server, 'edr', secret, JSON.stringify(seen))).status).toBe(202);
    const alert = await until('there is an alert', async () => (await client.listAlerts({})).items[0]);
    const { id } = await client.createCase({ body: { title: CANARY } });
    const told = [
      alert,
      await client.getAlert({ id: alert.id }),
      await client.getAlertReading({ id: alert.id }),
      await client.getCase({ id }),
      await client.listAudit({ query: { limit: 100 } }),
      await client.overview({}),
    ];
    expect(alert.title).toContain('[redacted]');
    const text = JSON.stringify(told);
    for (const [form, value] of Object.entries(formsOf(CANARY))) expect(text, form).not.toContain(value);
  });
});

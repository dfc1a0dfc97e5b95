import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEgressAgents, type Resolver } from './agents.ts';
import type { EgressRequest } from './connector.ts';
import { createEgress, type EgressOptions } from './egress.ts';
import { isConnectorError } from './errors.ts';
import { createSimulator, type Simulator } from './simulator/index.ts';

const CANARY = 'canary-5f2c9d1e7b';
let simulator: Simulator;
let other: Simulator;

beforeAll(async () => {
  other = await createSimulator({ routes: { 'GET /seen': () => ({ body: 'other' }) } });
  simulator = await createSimulator({
    routes: {
      'GET /hello': ({ headers }) => ({ body: { key: headers['x-key'] ?? null } }),
      'POST /hello': ({ body }) => ({ body }),
      'GET /hop/:count': ({ params }) => ({
        status: 302,
        headers: { location: params.count === '0' ? '/hello' : `/hop/${Number(params.count) - 1}` },
      }),
      'POST /moved': () => ({ status: 307, headers: { location: '/hello' } }),
      'GET /out': () => ({ status: 302, headers: { location: `${other.url}/seen` } }),
      'GET /to-metadata': () => ({ status: 302, headers: { location: 'http://169.254.169.254/latest/' } }),
      'GET /to-file': () => ({ status: 302, headers: { location: 'file:///etc/passwd' } }),
      'GET /big': () => ({ text: 'x'.repeat(2_000) }),
      'GET /zipped': () => ({ headers: { 'content-encoding': 'gzip' }, text: 'x' }),
    },
  });
});

afterAll(async () => {
  await simulator.close();
  await other.close();
});

function client(options: Partial<EgressOptions> = {}, connection: Partial<EgressOptions['connection']> = {}) {
  const hosts = [new URL(simulator.url).host, ...(connection.allowedHosts ?? [])];
  return createEgress({
    connector: 'Acme',
    ...options,
    connection: { id: 'c1', network: 'lab', secrets: { token: CANARY }, ...connection, allowedHosts: hosts },
  });
}

async function failureOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!isConnectorError(error)) throw new Error(`expected a connector error, got ${String(error)}`);
  return error;
}

describe('the egress client', () => {
  it('gives status, headers and body', async () => {
    const answer = await client().request({ method: 'GET', url: `${simulator.url}/hello`, headers: { 'X-Key': 'k' } });
    expect([answer.status, answer.headers['content-type'], answer.text()]).toEqual([
      200,
      'application/json',
      '{"key":"k"}',
    ]);
  });

  it('refuses a host that is not allowed, and another port of one that is', async () => {
    for (const url of ['http://localhost/hello', `${simulator.url.replace(/\d+$/, '1')}/hello`, `${other.url}/seen`]) {
      const error = await failureOf(client().request({ method: 'GET', url }));
      expect([url, error.code, error.performed]).toEqual([url, 'connector.egress_denied', 'no']);
    }
    expect(other.journal).toHaveLength(0);
  });

  it('follows three redirects of a GET, and no more', async () => {
    const answer = await client().request({ method: 'GET', url: `${simulator.url}/hop/2` });
    expect(answer.status).toBe(200);
    const error = await failureOf(client().request({ method: 'GET', url: `${simulator.url}/hop/3` }));
    expect(error.message).toContain('more than 3 redirects');
  });

  it('does not follow a redirect of a POST', async () => {
    const answer = await client().request({ method: 'POST', url: `${simulator.url}/moved`, body: '{}' });
    expect(answer.status).toBe(307);
  });

  it('refuses redirects to what it would refuse at once', async () => {
    for (const path of ['/out', '/to-metadata', '/to-file']) {
      const error = await failureOf(client().request({ method: 'GET', url: `${simulator.url}${path}` }));
      expect([path, error.reason, error.performed]).toEqual([path, 'egress_denied', 'maybe']);
    }
    expect(other.journal).toHaveLength(0);
  });

  it('sends no credential to another origin, even an allowed one', async () => {
    const http = client({}, { allowedHosts: [new URL(other.url).host] });
    const headers = { authorization: CANARY, 'x-api-key': CANARY, cookie: CANARY, accept: 'text/plain' };
    await http.request({ method: 'GET', url: `${simulator.url}/out`, headers });
    const received = other.journal.at(-1)?.headers ?? {};
    expect(received.accept).toBe('text/plain');
    expect(JSON.stringify(received)).not.toContain(CANARY);
  });

  it('does not let a caller set the Host header', async () => {
    await client().request({ method: 'GET', url: `${simulator.url}/hello`, headers: { Host: 'evil.example' } });
    expect(simulator.journal.at(-1)?.headers.host).toBe(new URL(simulator.url).host);
  });

  it('refuses an answer larger than the limit, and a compressed one', async () => {
    const http = client({ limits: { outputBytes: 1_000 } });
    const big = await failureOf(http.request({ method: 'GET', url: `${simulator.url}/big` }));
    expect([big.reason, big.performed]).toEqual(['bad_response', 'maybe']);
    const zipped = await failureOf(http.request({ method: 'GET', url: `${simulator.url}/zipped` }));
    expect(zipped.reason).toBe('bad_response');
  });
});

describe('what the egress client says was performed', () => {
  const post: Omit<EgressRequest, 'url'> = { method: 'POST', body: '{}' };

  it('nothing, when the connection was refused', async () => {
    const gone = await createSimulator({ routes: {} });
    await gone.close();
    const http = client({}, { allowedHosts: [new URL(gone.url).host] });
    const error = await failureOf(http.request({ ...post, url: `${gone.url}/` }));
    expect([error.reason, error.performed]).toEqual(['unavailable', 'no']);
  });

  it('maybe, when the connection was cut after sending', async () => {
    simulator.inject('reset');
    const error = await failureOf(client().request({ ...post, url: `${simulator.url}/hello` }));
    expect([error.reason, error.performed]).toEqual(['unavailable', 'maybe']);
  });

  it('maybe, when no answer came in time', async () => {
    simulator.inject('hang');
    const http = client({ limits: { timeoutMillis: 750 } });
    const error = await failureOf(http.request({ ...post, url: `${simulator.url}/hello` }));
    expect([error.reason, error.performed]).toEqual(['timeout', 'maybe']);
  });

  it('nothing, when it was called off before', async () => {
    const request = { ...post, url: `${simulator.url}/hello`, signal: AbortSignal.abort() };
    const error = await failureOf(client().request(request));
    expect([error.reason, error.performed]).toEqual(['timeout', 'no']);
  });

  it('nothing, when it was given up while its connection was made', async () => {
    const before = simulator.journal.length;
    let mine = true;
    const request = { ...post, url: `${simulator.url}/hello`, mayLeave: () => mine };
    const sending = failureOf(client().request(request));
    mine = false;
    const error = await sending;
    expect([error.reason, error.performed]).toEqual(['unavailable', 'no']);
    expect(simulator.journal.length).toBe(before);
    mine = true;
    expect((await client().request(request)).status).toBe(200);
  });

  it('nothing, when TLS cannot be agreed on', async () => {
    const url = `${simulator.url.replace('http', 'https')}/hello`;
    const headers = { authorization: CANARY };
    const error = await failureOf(client().request({ ...post, url, headers, body: CANARY }));
    expect([error.reason, error.performed]).toEqual(['unavailable', 'no']);
    expect(JSON.stringify([error.message, error.stack, error.cause, error.details])).not.toContain(CANARY);
  });

  it('nothing, when a header cannot be sent', async () => {
    const headers = { 'x-key': 'a\r\nx-evil: 1' };
    const error = await failureOf(client().request({ ...post, url: `${simulator.url}/hello`, headers }));
    expect([error.reason, error.performed]).toEqual(['invalid_request', 'no']);
  });
});

describe('names that lead elsewhere', () => {
  const answers = (...addresses: string[]): Resolver => {
    return () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
  const ask = async (resolver: Resolver, network: 'public' | 'private' | 'lab') => {
    const agents = createEgressAgents(resolver);
    const port = new URL(simulator.url).port;
    const url = `${network === 'public' ? 'https' : 'http'}://tool.example:${port}/hello`;
    try {
      const http = client({ agents }, { network, allowedHosts: [`tool.example:${port}`] });
      return await http.request({ method: 'GET', url }).then(
        (answer) => answer.status,
        (error: Error) => error.message,
      );
    } finally {
      await agents.close();
    }
  };

  it('are dialled when every address is within the scope', async () => {
    expect(await ask(answers('127.0.0.1'), 'lab')).toBe(200);
  });

  it.each([
    ['public', '127.0.0.1'],
    ['public', '10.0.0.5'],
    ['public', '169.254.169.254'],
    ['public', '::ffff:10.0.0.5'],
    ['private', '127.0.0.1'],
    ['private', '169.254.169.254'],
    ['private', 'fd00:ec2::254'],
    ['lab', '10.0.0.5'],
    ['lab', '93.184.216.34'],
  ] as const)('are refused at look-up: %s scope, %s', async (network, address) => {
    expect(await ask(answers(address), network)).toContain('leads outside the network scope');
  });

  it('are refused when one address of several is outside', async () => {
    expect(await ask(answers('127.0.0.1', '10.0.0.5'), 'lab')).toContain('leads outside the network scope');
  });

  it('are unavailable when the name is not known', async () => {
    const unknown: Resolver = () => Promise.reject(Object.assign(new Error(CANARY), { code: 'ENOTFOUND' }));
    const message = await ask(unknown, 'lab');
    expect(message).toContain('its name is not known (ENOTFOUND)');
    expect(message).not.toContain(CANARY);
  });
});

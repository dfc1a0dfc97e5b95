import { type Endpoint, endpoints, participantEndpoints } from '@counterpoint/contracts';
import { isPermission } from '@counterpoint/identity';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, pathOf, type Sent, type Surface, startSurface } from './testing/surface.ts';

let surface: Surface;
beforeAll(async () => {
  surface = await startSurface(createMemoryStore());
});
afterAll(() => surface.close());

const operations = Object.entries<Endpoint>(endpoints);
const OUTSIDE_THE_TABLE = [
  { method: 'GET', path: '/api/v1/openapi.json' },
  { method: 'GET', path: '/api/v1/stream' },
  { method: 'GET', path: '/api/v1/audit/export' },
  { method: 'POST', path: '/hooks/some-source' },
];
const forParticipants = Object.values(participantEndpoints).map(({ method, path }) => ({
  method: method as string,
  path: `/fabric/v1${path.replace(/:\w+/g, 'some-id')}`,
}));
const routes = [
  ...forParticipants,
  ...operations
    .filter(([, { permission }]) => permission !== 'anonymous')
    .map(([, definition]) => ({ method: definition.method as string, path: pathOf(definition) })),
  ...OUTSIDE_THE_TABLE,
];

/** The same path, written otherwise; a router or proxy that reads one of them as the other lets people in. */
function disguises(path: string): string[] {
  const last = path.slice(path.lastIndexOf('/') + 1);
  return [
    path,
    `${path}/`,
    `${path}//`,
    `${path};x`,
    `${path};/setup`,
    `${path}%2f`,
    `${path}%00`,
    `${path}%20`,
    `${path}.json`,
    `${path}?x=/api/v1/setup`,
    `${path}#/api/v1/setup`,
    `/${path}`,
    path.replaceAll('/', '//'),
    path.replaceAll('/', '/./'),
    path.toUpperCase(),
    `/api/v1/../v1${path.slice('/api/v1'.length)}`,
    `/api/v1/setup/..${path.startsWith('/api/v1') ? path.slice('/api/v1'.length) : `/../..${path}`}`,
    `/healthz/..${path}`,
    `/hooks/x/../..${path}`,
    `/hooks/..%2f..${path}`,
    path.replace(last, `%${last.charCodeAt(0).toString(16)}${last.slice(1)}`),
    path.replace(/\/([^/]*)$/, '%2f$1'),
    path.replace(/\/([^/]*)$/, '\\$1'),
    `http://other.example${path}`,
  ];
}

async function sendAll(requests: readonly Sent[]): Promise<{ sent: Sent; answer: Answer }[]> {
  const answers: { sent: Sent; answer: Answer }[] = [];
  for (let from = 0; from < requests.length; from += 32) {
    const some = requests.slice(from, from + 32);
    answers.push(...(await Promise.all(some.map(async (sent) => ({ sent, answer: await surface.send(sent) })))));
  }
  return answers;
}

describe('the routes', () => {
  it('declare a permission that exists, and only the ways in are open', () => {
    for (const [name, { permission }] of operations) {
      const known = isPermission(permission) || ['self:read', 'self:write', 'anonymous'].includes(permission);
      expect(known, `${name} asks for ${permission}`).toBe(true);
    }
    expect(operations.filter(([, { permission }]) => permission === 'anonymous').map(([name]) => name)).toEqual([
      'setup',
      'getSession',
      'signIn',
    ]);
  });

  it('read with GET and change with anything else', () => {
    const reading = operations.filter(([, { permission }]) => permission.endsWith(':read'));
    const changingByRead = reading.filter(([, { method }]) => method !== 'GET').map(([name]) => name);
    // These look only; a POST carries what they look at, or the door asks for the right of the action itself.
    const looking = [
      'backtestPlaybook',
      'completePlaybook',
      'editPlaybook',
      'explainGuard',
      'mergePlaybook',
      'outlinePlaybook',
      'performAction',
      'runPlaybookTests',
      'tryIngest',
      'validatePlaybook',
      'whatIf',
    ];
    expect(changingByRead.filter((name) => name !== 'verifyEffects').sort()).toEqual(looking);
  });

  it('are all served, and nothing else is', () => {
    for (const { method, path } of Object.values(participantEndpoints)) {
      expect(surface.app.hasRoute({ method, url: `/fabric/v1${path}` }), `${method} ${path}`).toBe(true);
    }
    for (const { method, path } of routes.filter((route) => !forParticipants.includes(route))) {
      const definition = operations.find(([, one]) => one.method === method && pathOf(one) === path)?.[1];
      const url = definition ? `/api/v1${definition.path}` : path.replace('some-source', ':source');
      expect(surface.app.hasRoute({ method, url }), `${method} ${url}`).toBe(true);
    }
    const shown = surface.app.printRoutes({ commonPrefix: false });
    const verbs = [...shown.matchAll(/\((.*)\)/g)].flatMap(([, list]) => (list ?? '').split(', '));
    const count = operations.length + OUTSIDE_THE_TABLE.length + forParticipants.length;
    expect(verbs.filter((verb) => verb !== 'HEAD')).toHaveLength(count);
  });

  it('answer only for who asked: kept by nobody, framed by nobody, read as what they are', async () => {
    const paths = ['/api/v1/session', '/api/v1/whoami', '/api/v1/nothing', '/healthz', '/hooks/x'];
    const authorization = `Bearer ${surface.owner}`;
    for (const path of paths) {
      const { headers } = await surface.send({ path, headers: { authorization } });
      expect(headers, path).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });
    }
    surface.reached.length = 0;
  });

  it('cannot be added without a permission', async () => {
    const { createApi } = await import('./server.ts');
    const app = await createApi({
      handlers: {} as never,
      gate: surface.gate,
      authorise: () => {},
      limits: { bodyBytes: 1024, jsonDepth: 64, outputBytes: 1024, expressionBytes: 1024 },
      redactor: surface.redactor,
      clock: surface.clock,
      trustProxy: false,
      version: '0.0.0',
      onDefect: () => {},
    });
    expect(() => app.get('/open', async () => 'hello')).toThrow(/declares no permission/);
    expect(() => app.get('/open', { config: {} }, async () => 'hello')).toThrow(/declares no permission/);
    await app.close();
  });
});

describe('somebody without a token', () => {
  it('gets 401 from every route, however its path is written, and no handler is reached', async () => {
    const requests = routes.flatMap(({ method, path }) => disguises(path).map((path) => ({ method, path })));
    const passed = (await sendAll(requests)).filter(({ answer }) => answer.status !== 401);
    expect(passed.map(({ sent, answer }) => `${sent.method} ${sent.path} -> ${answer.status}`)).toEqual([]);
    expect(surface.reached).toEqual([]);
    expect(requests.length).toBeGreaterThan(routes.length * 20);
  });

  it('gets 401 with credentials that are none', async () => {
    const { owner } = surface;
    const headers = [
      'Bearer',
      'Bearer ',
      'Bearer null',
      `Basic ${Buffer.from(`ada:${owner}`).toString('base64')}`,
      `Bearer ${owner.slice(0, -1)}`,
      `Bearer ${owner}x`,
      `Bearer ${owner.toUpperCase()}`,
      `Bearer ${owner},${owner}`,
      `Bearer ${'x'.repeat(4_000)}`,
      owner,
    ];
    const requests = headers.map((authorization) => ({ path: '/api/v1/whoami', headers: { authorization } }));
    const others = [
      { path: `/api/v1/whoami?access_token=${owner}` },
      { path: `/api/v1/whoami?token=${owner}` },
      { path: '/api/v1/whoami', headers: { cookie: `token=${owner}` } },
      { path: '/api/v1/whoami', headers: { 'x-forwarded-user': 'ada', 'x-original-url': '/api/v1/setup' } },
      { path: '/api/v1/whoami', headers: { 'x-http-method-override': 'POST' } },
    ];
    for (const { sent, answer } of await sendAll([...requests, ...others])) {
      expect(answer.status, JSON.stringify(sent)).toBe(401);
      expect(answer.text).not.toContain(owner);
    }
    expect(surface.reached).toEqual([]);
  });

  it('learns neither which routes nor which sources there are', async () => {
    const bodies = await sendAll([
      { path: '/api/v1/whoami' },
      { path: '/api/v1/nothing-here' },
      { path: '/nothing' },
      { path: '/api/v1/runs', method: 'DELETE' },
    ]);
    expect(new Set(bodies.map(({ answer }) => answer.text)).size).toBe(1);
    const others = await sendAll([
      { path: '/fabric/v1/services' },
      { path: '/fabric/v1/nothing-here' },
      { path: '/fabric/v1/requests/some-id/answer', method: 'POST' },
    ]);
    expect(new Set(others.map(({ answer }) => answer.text)).size).toBe(1);
  });

  it('is refused before a body is read', async () => {
    const body = 'x'.repeat(1024 * 1024);
    const headers = { 'content-type': 'application/json' };
    const answer = await surface.send({ method: 'POST', path: '/api/v1/playbooks', headers, body }).catch(() => null);
    // The connection may be cut while the body is still under way; then there is no answer at all.
    if (answer) expect(answer.status).toBe(401);
    expect(surface.reached).toEqual([]);
  });
});

describe('somebody who is signed in with a browser', () => {
  it('is not let in to the routes of participants', async () => {
    const headers = await surface.signedIn();
    const passed = (await sendAll(forParticipants.map((route) => ({ ...route, headers })))).filter(
      ({ answer }) => answer.status !== 401,
    );
    expect(passed.map(({ sent, answer }) => `${sent.method} ${sent.path} -> ${answer.status}`)).toEqual([]);
  });

  it('changes nothing without the proof of the session, however the path is written', async () => {
    const { 'x-csrf-token': csrf = '', ...headers } = await surface.signedIn();
    const other = (await surface.signedIn())['x-csrf-token'] ?? '';
    const changing = operations.filter(([, { method, permission }]) => method !== 'GET' && permission !== 'anonymous');
    const proofs: Record<string, string>[] = [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': other }, { csrf }];
    const requests = changing.flatMap(([, definition]) =>
      proofs.flatMap((proof) =>
        [pathOf(definition), `${pathOf(definition)}?x-csrf-token=${csrf}`].map((path) => ({
          ...{ method: definition.method, path, headers: { ...headers, ...proof } },
        })),
      ),
    );
    const passed = (await sendAll(requests)).filter(({ answer }) => answer.status !== 403);
    expect(passed.map(({ sent, answer }) => `${sent.method} ${sent.path} -> ${answer.status}`)).toEqual([]);
    expect(surface.reached).toEqual([]);
  });

  it('changes nothing from a page of somebody else, though it has the proof', async () => {
    const { origin, 'sec-fetch-site': site, ...headers } = await surface.signedIn();
    const port = new URL(surface.url).port;
    const elsewhere: Record<string, string>[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${Number(port) + 1}` },
      { origin: `http://127.0.0.1.evil.example:${port}` },
      { origin: surface.url, 'sec-fetch-site': 'same-site' },
      { origin: surface.url, 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
    ];
    const requests = elsewhere.flatMap((from) =>
      operations
        .filter(([, { method, permission }]) => method !== 'GET' && permission !== 'anonymous')
        .map(([, definition]) => ({
          ...{ method: definition.method, path: pathOf(definition), headers: { ...headers, ...from } },
        })),
    );
    const passed = (await sendAll(requests)).filter(({ answer }) => answer.status !== 403);
    expect(passed.map(({ sent, answer }) => `${sent.method} ${sent.path} -> ${answer.status}`)).toEqual([]);
    expect(surface.reached).toEqual([]);
    expect([origin, site]).toEqual([surface.url, 'same-origin']);
  });

  it('is not read by a page of somebody else', async () => {
    const { cookie = '' } = await surface.signedIn();
    for (const site of ['same-site', 'cross-site']) {
      const headers = { cookie, 'sec-fetch-site': site };
      for (const path of ['/api/v1/whoami', '/api/v1/stream', '/api/v1/openapi.json']) {
        expect((await surface.send({ path, headers })).status, `${path} ${site}`).toBe(403);
      }
    }
  });
});

describe('a participant and a person', () => {
  it('do not open the routes of each other', async () => {
    surface.fabric.admit('sandbox');
    const asParticipant = { authorization: 'Bearer cpp_sandbox' };
    const asOwner = { authorization: `Bearer ${surface.owner}` };
    const forPeople = routes.filter((route) => !forParticipants.includes(route));
    const sent = [
      ...forPeople.map((route) => ({ ...route, headers: asParticipant })),
      ...forParticipants.map((route) => ({ ...route, headers: asOwner })),
    ];
    const passed = (await sendAll(sent)).filter(({ answer }) => answer.status !== 401);
    expect(passed.map(({ sent, answer }) => `${sent.method} ${sent.path} -> ${answer.status}`)).toEqual([]);
    expect(surface.reached).toEqual([]);
    expect(surface.fabric.sessions.size).toBe(0);
  });
});

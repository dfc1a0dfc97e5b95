import { createSetup, createSignIn } from '@counterpoint/identity';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccessServices, accessHandlers } from '../handlers/access.ts';
import { sessionHandlers } from '../handlers/sessions.ts';
import { type Answer, SESSION_LIMITS, type Sent, type Surface, startSurface } from '../testing/surface.ts';

const TRACE = 'a'.repeat(32);
const PASSWORD = 'correct horse battery staple';

const handlers: Parameters<typeof startSurface>[1] = (store, clock, sessions) => {
  const signIn = createSignIn(store, clock, sessions);
  const setup = createSetup(store, clock);
  return {
    ...sessionHandlers({ store, sessions, signIn }),
    ...(({ setup, whoami }) => ({ setup, whoami }))(
      accessHandlers({ store, clock, setup, signIn, installation: 'i' } as unknown as AccessServices),
    ),
  };
};

let surface: Surface;
beforeEach(async () => {
  surface = await startSurface(createMemoryStore(), handlers);
  const headers = { authorization: `Bearer ${surface.owner}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ password: PASSWORD });
  const set = await surface.send({ method: 'PUT', path: '/api/v1/password', headers, body });
  expect(set.status).toBe(200);
});
afterEach(() => surface.close());

const post = (path: string, body: unknown, headers: Sent['headers'] = {}, method = 'POST') =>
  surface.send({
    ...{ method, path: `/api/v1${path}`, headers },
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
  });
const signIn = (headers: Sent['headers'] = {}, password = PASSWORD) =>
  post('/session', { name: 'ada', password }, headers);
const get = (path: string, headers: Sent['headers'] = {}) => surface.send({ path: `/api/v1${path}`, headers });

function cookieOf({ headers }: Answer): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** The headers of the page that got this answer to its sign-in. */
function pageOf(answer: Answer): Record<string, string> {
  const { csrf } = JSON.parse(answer.text);
  return { cookie: cookieOf(answer), 'x-csrf-token': csrf, 'sec-fetch-site': 'same-origin' };
}

describe('signing in with a browser', () => {
  it('sets a cookie that scripts cannot read, other sites do not send, and no other host gets', async () => {
    const answer = await signIn();
    expect(answer.status).toBe(201);
    expect(answer.headers['set-cookie']).toHaveLength(1);
    const [pair, ...flags] = (answer.headers['set-cookie']?.[0] ?? '').split('; ');
    expect(pair).toMatch(/^__Host-counterpoint-\w*=[\w-]{43}$/);
    expect(flags.toSorted()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    expect(answer.text).not.toContain(pair?.split('=')[1]);
  });

  it('opens what the role allows, and tells the page who is signed in', async () => {
    const page = pageOf(await signIn());
    const { session, owned } = JSON.parse((await get('/session', page)).text);
    expect(owned).toBe(true);
    expect(session).toMatchObject({ user: { name: 'ada', role: 'owner' }, csrf: page['x-csrf-token'] });
    expect(session.ends_at).toBe(surface.clock.now() + SESSION_LIMITS.absolute);
    expect(JSON.parse((await get('/whoami', page)).text).principal).toBe(session.principal);
    expect(session.principal).toMatch(/^user:/);
  });

  it('tells a page of somebody else nothing', async () => {
    const page = pageOf(await signIn());
    for (const site of ['same-site', 'cross-site']) {
      const answer = await get('/session', { ...page, 'sec-fetch-site': site });
      expect(JSON.parse(answer.text).session).toBeNull();
    }
  });

  it('answers nobody without an error, so that a page can ask before anybody signed in', async () => {
    for (const headers of [{}, { cookie: `${surface.gate.cookie}=${'A'.repeat(43)}` }]) {
      const answer = await get('/session', headers);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { session: null, owned: true }]);
    }
  });

  it('never takes over what the browser brought, and ends the session that it had', async () => {
    const planted = `${surface.gate.cookie}=${'A'.repeat(43)}`;
    const first = await signIn({ cookie: planted });
    expect(cookieOf(first)).not.toBe(planted);
    expect((await get('/whoami', { cookie: planted })).status).toBe(401);
    const second = await signIn(pageOf(first));
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect((await get('/whoami', pageOf(first))).status).toBe(401);
    expect((await get('/whoami', pageOf(second))).status).toBe(200);
  });

  it('is refused from a page of somebody else, and over plain HTTP from another machine', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect(JSON.parse((await signIn(headers as Record<string, string>)).text).code).toBe('api.request_foreign');
    }
    for (const host of ['soc.example', '192.0.2.7:7300', 'localhost.example', '127.0.0.1.example', '[2001:db8::1]']) {
      const answer = await signIn({ host });
      expect([host, answer.status, answer.headers['set-cookie']]).toEqual([host, 403, undefined]);
      expect(JSON.parse(answer.text).code).toBe('api.sign_in_insecure');
    }
    for (const host of ['localhost:7300', '127.0.0.1', '[::1]:7300', 'counterpoint.localhost:7300']) {
      expect((await signIn({ host })).status, host).toBe(201);
    }
    const forwarded = await signIn({ host: 'soc.example', 'x-forwarded-proto': 'https' });
    expect(forwarded.status).toBe(403);
  });

  it('is refused alike for a wrong name and a wrong password, and limited', async () => {
    const wrong = await signIn({}, 'wrong');
    const unknown = await post('/session', { name: 'eve', password: PASSWORD });
    expect([wrong.status, wrong.text]).toEqual([401, unknown.text]);
    for (let n = 0; n < 4; n++) await signIn({}, 'wrong');
    const limited = await signIn();
    expect([limited.status, JSON.parse(limited.text).retryable]).toEqual([429, true]);
  });
});

describe('signing in through a proxy', () => {
  it('counts for the address that the proxy wrote, whatever was written before it', async () => {
    const proxied = await startSurface(createMemoryStore(), handlers, true);
    const attempt = async (n: number, from: string) => {
      const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': `203.0.113.${n}, ${from}` };
      const headers = { host: 'soc.example', 'content-type': 'application/json', ...forwarded };
      const body = JSON.stringify({ name: `n${n}`, password: 'x' });
      return (await proxied.send({ method: 'POST', path: '/api/v1/session', headers, body })).status;
    };
    for (let n = 0; n < 20; n++) expect(await attempt(n, '198.51.100.7')).toBe(401);
    expect(await attempt(20, '198.51.100.7')).toBe(429);
    expect(await attempt(21, '198.51.100.8')).toBe(401);
    const refused = await proxied.store.find('audit', { where: { action: 'session.refused' } });
    expect(new Set(refused.map(({ data }) => (data as { address: string }).address))).toEqual(
      new Set(['198.51.100.7', '198.51.100.8']),
    );
    await proxied.close();
  });
});

describe('a session', () => {
  it('ends by signing out, for the browser and for the server', async () => {
    const page = pageOf(await signIn());
    const out = await post('/session', undefined, page, 'DELETE');
    expect(JSON.parse(out.text)).toEqual({ signed_out: true });
    expect(out.headers['set-cookie']?.[0]).toMatch(/=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/);
    const after = await get('/whoami', page);
    expect([after.status, JSON.parse(after.text).code]).toEqual([401, 'identity.session_ended']);
  });

  it('ends by its limits', async () => {
    const page = pageOf(await signIn());
    surface.clock.advance(SESSION_LIMITS.idle);
    expect((await get('/whoami', page)).status).toBe(401);
  });

  it('is not kept alive by what a page asks for that nobody touches, nor by its stream', async () => {
    const page = pageOf(await signIn());
    const { idle_ends_at: ends } = JSON.parse((await get('/session', page)).text).session;
    surface.clock.advance(SESSION_LIMITS.idle - 1);
    const unattended = { ...page, 'x-unattended': '1' };
    for (const path of ['/session', '/whoami', '/nowhere']) await get(path, unattended);
    // A page on another port of this host has the cookie sent along, too.
    await get('/whoami', { ...page, 'sec-fetch-site': 'same-site' });
    const stream = await fetch(`${surface.url}/api/v1/stream`, { headers: page });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
    expect(JSON.parse((await get('/session', unattended)).text).session.idle_ends_at).toBe(ends);
    surface.clock.advance(1);
    expect((await get('/whoami', page)).status).toBe(401);
  });

  it('goes on with what somebody asks for', async () => {
    const page = pageOf(await signIn());
    surface.clock.advance(SESSION_LIMITS.idle - 1);
    await get('/whoami', page);
    const { seen_at, idle_ends_at } = JSON.parse((await get('/session', page)).text).session;
    expect([seen_at, idle_ends_at - seen_at]).toEqual([surface.clock.now(), SESSION_LIMITS.idle]);
  });

  it('goes behind a token that is sent beside it', async () => {
    const page = pageOf(await signIn());
    const token = await surface.tokenWith(['case:read']);
    const answer = await get('/whoami', { ...page, authorization: `Bearer ${token}` });
    expect(JSON.parse(answer.text).permissions).toEqual(['case:read']);
    expect((await get('/whoami', { ...page, authorization: 'Bearer cpt_x' })).status).toBe(401);
  });

  it('is listed and ended by its user', async () => {
    const [here, there] = [
      pageOf(await signIn({ 'user-agent': 'here' })),
      pageOf(await signIn({ 'user-agent': 'there' })),
    ];
    const { items } = JSON.parse((await get('/sessions', here)).text);
    expect(items).toHaveLength(2);
    const other = items.find(({ current }: { current: boolean }) => !current);
    expect(other).toMatchObject({ user_agent: 'there', address: '127.0.0.1' });
    expect((await post(`/sessions/${other.id}`, undefined, here, 'DELETE')).status).toBe(200);
    expect((await get('/whoami', there)).status).toBe(401);
    expect((await get('/whoami', here)).status).toBe(200);
  });

  it('of which the password changes goes on in a new one, and every other ends', async () => {
    const [here, there] = [await signIn(), await signIn()];
    const body = { current: PASSWORD, password: 'twelve owls in a barn' };
    const changed = await post('/password', body, pageOf(here), 'PUT');
    expect(changed.status).toBe(200);
    for (const old of [here, there]) expect((await get('/whoami', pageOf(old))).status).toBe(401);
    const page = { cookie: cookieOf(changed) };
    expect((await get('/whoami', page)).status).toBe(200);
    expect(
      (await post('/password', { password: PASSWORD }, pageOf(await signIn({}, body.password)), 'PUT')).status,
    ).toBe(403);
  });

  it('ends the stream that it opened, at the next heartbeat, and is not kept alive by it', async () => {
    const page = pageOf(await signIn());
    const stop = new AbortController();
    const stream = await fetch(`${surface.url}/api/v1/stream`, {
      headers: { cookie: page.cookie ?? '' },
      signal: stop.signal,
    });
    const reader = stream.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('connected');
    surface.clock.advance(15_000);
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('still here');
    await post('/session', undefined, page, 'DELETE');
    surface.clock.advance(15_000);
    await expect(
      (async () => {
        for (let n = 0; n < 10; n++) if ((await reader?.read())?.done) return;
        throw new Error('it goes on');
      })().catch((error: Error) => {
        if (error.message === 'it goes on') throw error;
      }),
    ).resolves.toBeUndefined();
  });
});

describe('setting up with a password', () => {
  it('signs in at once; without one only a token is given', async () => {
    const store = surface.store;
    for (const { id } of await store.find('users', {}))
      await store.commit({ rows: [{ op: 'delete', table: 'users', id }] });
    const code = (await createSetup(store, surface.clock).prepare(TRACE)) ?? '';
    const weak = await post('/setup', { code, name: 'bob', password: 'bob' });
    expect([weak.status, JSON.parse(weak.text).code]).toEqual([422, 'identity.password_weak']);
    const insecure = await post('/setup', { code, name: 'bob', password: PASSWORD }, { host: 'soc.example' });
    expect(JSON.parse(insecure.text).code).toBe('api.sign_in_insecure');
    const made = await post('/setup', { code, name: 'bob', password: PASSWORD });
    expect(made.status).toBe(201);
    const { session } = JSON.parse((await get('/session', { cookie: cookieOf(made) })).text);
    expect(session.user).toMatchObject({ name: 'bob', role: 'owner' });
  });
});

import { askPeople } from '@counterpoint/cases';
import type { Store } from '@counterpoint/events';
import { anAlert } from '@counterpoint/events/conformance';
import { createTokens, permissionsOfRole } from '@counterpoint/identity';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inboxHandlers } from './handlers/inbox.ts';
import { noticesOf } from './stream.ts';
import { type Surface, startSurface } from './testing/surface.ts';

let surface: Surface;
let store: Store;
beforeEach(async () => {
  store = createMemoryStore();
  surface = await startSurface(store, (given, clock) =>
    inboxHandlers({ store: given, clock, connectors: new Map(), builtins: new Map() }),
  );
});
afterEach(() => surface.close());

const covers = [
  {
    kind: 'action',
    step: 'block',
    address: 'block',
    connector: 'firewall',
    action: 'block',
    connection: null,
    lease: 3_600_000,
    input: { ip: '203.0.113.7' },
  },
] as const;

async function ask(id: string, patch: Partial<Parameters<typeof askPeople>[0]> = {}): Promise<string> {
  const change = askPeople({
    id,
    kind: 'approval',
    run: 'run-1',
    address: 'decision',
    playbook: 'p',
    text: 'Block it?',
    covers,
    role: '',
    users: [],
    excluded: [],
    quorum: 1,
    delegable: false,
    form: null,
    via: [],
    due_at: null,
    otherwise: 'deny',
    simulated: false,
    causality: { principal: 'playbook:p', trace: 'a'.repeat(32), cause: 'run:run-1/decision', hop: 0 },
    now: surface.clock.now(),
    ...patch,
  });
  await store.commit(change);
  return (await store.get('inbox_items', id))?.covers_hash ?? '';
}

async function call(method: string, path: string, body?: unknown, token = surface.owner) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const answer = await surface.send({
    method,
    path: `/api/v1${path}`,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(answer.text) };
}

describe('the inbox over HTTP', () => {
  it('lists what is open, and what is decided when asked for', async () => {
    const hash = await ask('one');
    await ask('two', { kind: 'question', covers: [], form: { type: 'object' } });
    expect((await call('GET', '/inbox?kind=approval')).body.items).toMatchObject([{ id: 'one', status: 'open' }]);
    await call('POST', '/inbox/one/approve', { covers_hash: hash });
    expect((await call('GET', '/inbox')).body.items).toMatchObject([{ id: 'two' }]);
    expect((await call('GET', '/inbox?status=approved')).body.items).toMatchObject([{ id: 'one' }]);
  });

  it('shows exactly what would happen, and whether one may decide', async () => {
    await ask('one', { excluded: ['ada'] });
    const { body } = await call('GET', '/inbox/one');
    expect(body).toMatchObject({
      covers: [{ connector: 'firewall', input: { ip: '203.0.113.7' } }],
      may_decide: false,
    });
    // Whoever looks is told by the id that they know of themselves, whatever name or run was excluded.
    const [ada] = await store.find('users', { where: { name: 'ada' }, limit: 1 });
    expect(body.excluded).toContain(`user:${ada?.id}`);
    await ask('two');
    expect((await call('GET', '/inbox/two')).body.may_decide).toBe(true);
    const reader = await surface.tokenWith(['inbox:read']);
    expect((await call('GET', '/inbox/two', undefined, reader)).body.may_decide).toBe(false);
  });

  it('says what each call would touch, with what nobody knows left open', async () => {
    await store.commit({ rows: [{ op: 'insert', table: 'alerts', row: anAlert('a1', { title: 'Brute force' }) }] });
    await ask('one', { quorum: 2, delegable: true });
    const { body } = await call('GET', '/inbox/one');
    expect(body).toMatchObject({
      covers: [{ title: '', target: '', standing: 0, end: 'stays', through: null }],
      alert: { id: 'a1', title: 'Brute force', severity: 'high' },
      case: null,
      may_delegate: true,
    });
    const line = (await call('GET', '/inbox?status=open,denied')).body.items[0];
    expect(line).toMatchObject({ id: 'one', calls: 1, approvals: 0, may_decide: true });
    await call('POST', '/inbox/one/approve', { covers_hash: body.covers_hash });
    expect((await call('GET', '/inbox')).body.items[0]).toMatchObject({ approvals: 1, may_decide: false });
    expect((await call('GET', '/inbox/one')).body.votes).toMatchObject([{ name: 'ada', vote: 'approve' }]);
  });

  it('takes an approval only of what was shown, and tells the second one how it was decided', async () => {
    const hash = await ask('one');
    expect(await call('POST', '/inbox/one/approve', { covers_hash: 'other' })).toMatchObject({
      status: 409,
      body: { code: 'cases.shown_differs' },
    });
    expect(await call('POST', '/inbox/one/deny', { reason: 'ours' })).toMatchObject({
      status: 200,
      body: { status: 'denied' },
    });
    expect(await call('POST', '/inbox/one/approve', { covers_hash: hash })).toMatchObject({
      status: 409,
      body: { code: 'cases.already_decided', details: { status: 'denied' } },
    });
    expect(await call('GET', '/inbox/nothing')).toMatchObject({ status: 404, body: { code: 'cases.inbox_not_found' } });
  });

  it('shows one of two after one person, however often they say yes, and is approved by a second one', async () => {
    const hash = await ask('one', { quorum: 2 });
    const permissions = permissionsOfRole('analyst');
    const ben = { id: 'ben', name: 'ben', role: 'analyst', password_hash: '', disabled: false, created_at: 1, rev: 1 };
    await store.commit({ rows: [{ op: 'insert', table: 'users', row: ben }] });
    const by = { ref: 'user:ben', userId: 'ben', permissions };
    const wish = { title: 'his', permissions: ['inbox:read', 'inbox:decide'], expiresAt: null };
    const { text: his } = await createTokens(store, surface.clock).create(by, wish, '0'.repeat(32));
    const line = async (token?: string) => (await call('GET', '/inbox', undefined, token)).body.items[0];
    expect(await line()).toMatchObject({ quorum: 2, approvals: 0, may_decide: true });
    for (const token of [surface.owner, surface.owner, await surface.tokenWith(['inbox:decide'])]) {
      await call('POST', '/inbox/one/approve', { covers_hash: hash }, token);
      expect(await line()).toMatchObject({ status: 'open', approvals: 1, may_decide: false });
    }
    expect(await line(his)).toMatchObject({ approvals: 1, may_decide: true });
    surface.clock.advance(1);
    expect((await call('POST', '/inbox/one/approve', { covers_hash: hash }, his)).body.status).toBe('approved');
    const { body } = await call('GET', '/inbox/one');
    expect(body.votes.map(({ name }: { readonly name: string }) => name)).toEqual(['ada', 'ben']);
  });

  it('counts two tokens of one user once', async () => {
    const hash = await ask('one', { quorum: 2 });
    const other = await surface.tokenWith(['inbox:decide']);
    await call('POST', '/inbox/one/approve', { covers_hash: hash });
    expect((await call('POST', '/inbox/one/approve', { covers_hash: hash }, other)).body).toMatchObject({
      status: 'open',
    });
    expect(await store.count('inbox_votes')).toBe(1);
  });

  it('is told on the stream', async () => {
    await ask('one');
    const row = await store.get('inbox_items', 'one');
    if (!row) throw new Error('no item');
    expect(noticesOf({ rows: [{ op: 'update', table: 'inbox_items', row }] })).toMatchObject([
      { event: 'inbox', data: { id: 'one', status: 'open' } },
    ]);
  });
});

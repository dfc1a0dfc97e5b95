import { defaultLimits, manualClock, sha256 } from '@counterpoint/core';
import type { SourceRow, Store } from '@counterpoint/events';
import { createIngest, turnedAwayFrom } from '@counterpoint/ingest';
import { createMemoryStore } from '@counterpoint/testing';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addHooks } from './hooks.ts';

const clock = manualClock();
let store: Store;
let app: FastifyInstance;
let ingest: ReturnType<typeof createIngest>;
beforeEach(async () => {
  store = createMemoryStore();
  const openSecret = async () => `whsec_${Buffer.alloc(32).toString('base64')}`;
  const normalizers = new Map([['any', { id: 'any' } as never]]);
  ingest = createIngest({ store, clock, normalizers, openSecret });
  await add('edr', { kind: 'token', hash: sha256('right') });
  await add('signed', { kind: 'signature', secrets: ['s1'] });
  await add('off', { kind: 'token', hash: sha256('right') }, { enabled: false });
  const plans = { forWebhook: async () => undefined };
  app = fastify();
  addHooks(app, { store, clock, ingest, plans, openSecret, limits: { ...defaultLimits, bodyBytes: 2_000 } } as never);
});
afterEach(() => app.close());

async function add(id: string, auth: SourceRow['auth'], patch: Partial<SourceRow> = {}): Promise<void> {
  const about = { id, title: id, kind: 'webhook', normalizer: 'any', auth, dedup_window: 0, enabled: true } as const;
  const row = { ...about, simulated: false, created_at: 0, updated_at: 0, rev: 1, ...patch };
  await store.commit({ rows: [{ op: 'insert', table: 'sources', row }] });
}

function post(source: string, headers: Readonly<Record<string, string>> = {}, payload = '{"a":1}') {
  const type = { 'content-type': 'application/json', ...headers };
  return app.inject({ method: 'POST', url: `/hooks/${source}`, headers: type, payload });
}

async function turnedAway(source: string) {
  await ingest.idle();
  return (await turnedAwayFrom(store, [source], clock.now())).get(source);
}

const STAMPED = { 'webhook-id': 'm1', 'webhook-signature': 'v1,AAAA' };

describe('the door of a source', () => {
  it('tells nobody which sources there are: every unproven request gets the same answer', async () => {
    const answers = await Promise.all([
      post('nobody'),
      post('nobody', { authorization: 'Bearer wrong' }),
      post('nobody', { ...STAMPED, 'webhook-timestamp': '1' }),
      post('edr'),
      post('edr', { authorization: 'Bearer wrong' }),
      post('off', { authorization: 'Bearer wrong' }),
      post('signed'),
      post('signed', { ...STAMPED, 'webhook-timestamp': '1' }),
      post('signed', { ...STAMPED, 'webhook-timestamp': String(clock.now() / 1000) }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(answers.length).fill(401));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]?.body).not.toMatch(/nobody|edr|signed/);
  });

  it('counts for the source what it refuses, with the reason that the sender is not told', async () => {
    await post('edr', { authorization: 'Bearer wrong' });
    await post('edr');
    await post('signed', { ...STAMPED, 'webhook-timestamp': '1' });
    await post('nobody');
    expect(await turnedAway('edr')).toMatchObject({
      counts: [{ code: 'ingest.unauthenticated', hour: 2, day: 2 }],
      last: { reason: 'The request was not accepted: it carries no token.', address: '127.0.0.1' },
    });
    expect((await turnedAway('signed'))?.last.reason).toMatch(/300 seconds away from this clock/);
    expect(await store.count('turned_away')).toBe(2);
  });

  it('counts what it refuses from who is proven too: disabled, of another type, too large', async () => {
    const token = { authorization: 'Bearer right' };
    expect((await post('off', token)).statusCode).toBe(403);
    expect((await post('edr', { ...token, 'content-type': 'application/xml' }, '<a/>')).statusCode).toBe(415);
    expect((await post('edr', token, JSON.stringify('x'.repeat(3_000)))).statusCode).toBe(413);
    expect((await turnedAway('off'))?.counts).toEqual([{ code: 'ingest.source_disabled', hour: 1, day: 1 }]);
    expect((await turnedAway('edr'))?.counts.map(({ code }) => code).toSorted()).toEqual([
      'core.body_too_large',
      'ingest.media_type_unsupported',
    ]);
  });

  it('counts nothing that is let in or stands in the account', async () => {
    const token = { authorization: 'Bearer right' };
    expect((await post('edr', token, 'no json')).statusCode).toBe(400);
    expect(await turnedAway('edr')).toBeUndefined();
  });
});

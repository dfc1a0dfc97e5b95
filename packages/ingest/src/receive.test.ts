import { randomBytes } from 'node:crypto';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { signingKey, signWebhook } from './source/standard-webhooks.ts';
import { aBench, aSource, type Bench, fixture, tally } from './testing/harness.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const WAZUH = fixture('wazuh-brute-force.json');
const signed = aSource('wazuh', { id: 'signed', auth: { kind: 'signature', secrets: ['s'] } });

const bench = (options = {}) =>
  aBench(createMemoryStore(), { openSecret: async () => SECRET, ...options }, [
    signed,
    aSource('', { id: 'hooks' }),
    aSource('no_such_one', { id: 'orphan' }),
  ]);

function signedHeaders({ clock }: Bench, id: string, body: string) {
  const timestamp = String(clock.now() / 1000);
  const key = signingKey(SECRET) ?? Buffer.alloc(0);
  const signature = signWebhook(key, id, timestamp, Buffer.from(body));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

describe('receive', () => {
  it('records a delivery that comes again as a duplicate, and makes nothing new of it', async () => {
    const { ingest, send, store, decisions, alerts } = await bench();
    const first = await send('wazuh', WAZUH);
    await ingest.idle();
    for (let again = 0; again < 3; again++) {
      expect(await send('wazuh', WAZUH)).toEqual({ ...first, status: 'duplicate' });
    }
    await ingest.idle();
    expect(tally(await decisions())).toEqual({ created: 1, duplicate: 3 });
    expect(await alerts()).toMatchObject([{ count: 1 }]);
    expect(await store.count('raw_inputs')).toBe(1);
  });

  it('records every one of many that come at the same moment', async () => {
    const { ingest, send, decisions } = await bench();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('wazuh', WAZUH)));
    await ingest.idle();
    expect(answers.filter(({ status }) => status === 'accepted')).toHaveLength(1);
    expect(tally(await decisions())).toEqual({ created: 1, duplicate: 19 });
  });

  it('answers a signed delivery that comes again, and refuses its id with another body', async () => {
    const one = await bench();
    const headers = signedHeaders(one, 'msg_1', WAZUH);
    expect(await one.send('signed', WAZUH, { headers })).toMatchObject({ status: 'accepted' });
    expect(await one.send('signed', WAZUH, { headers })).toMatchObject({ status: 'duplicate' });
    const other = '{"rule":{"level":3}}';
    await expect(one.send('signed', other, { headers: signedHeaders(one, 'msg_1', other) })).rejects.toMatchObject({
      code: 'ingest.unauthenticated',
      status: 401,
    });
    await one.ingest.idle();
    expect(tally(await one.decisions())).toEqual({ created: 1, duplicate: 1 });
  });

  it('keeps nothing of what is not authenticated', async () => {
    const one = await bench();
    await expect(one.send('signed', WAZUH)).rejects.toMatchObject({ status: 401 });
    await expect(one.send('wazuh', WAZUH, { headers: { authorization: 'Bearer x' } })).rejects.toMatchObject({
      status: 401,
    });
    expect(await one.store.count('raw_inputs')).toBe(0);
  });

  it('refuses a token source that uses a delivery id for two bodies', async () => {
    const { send } = await bench();
    await send('wazuh', WAZUH, { headers: { 'webhook-id': 'a' } });
    await expect(send('wazuh', '{}', { headers: { 'webhook-id': 'a' } })).rejects.toMatchObject({
      code: 'ingest.delivery_conflict',
      status: 409,
    });
  });

  it('keeps what cannot be read, says where it breaks, and says so again', async () => {
    const { send, store, decisions } = await bench();
    for (const _attempt of [1, 2]) {
      await expect(send('wazuh', '{"rule": oops}')).rejects.toMatchObject({
        code: 'ingest.unreadable',
        status: 400,
        details: { raw: expect.any(String), line: 1, column: 10 },
      });
    }
    const [raw] = await store.find('raw_inputs', {});
    expect(raw).toMatchObject({ state: 'refused', error: { code: 'ingest.unreadable' } });
    expect(Buffer.from(raw?.body ?? []).toString()).toBe('{"rule": oops}');
    expect(tally(await decisions())).toEqual({ refused: 1, duplicate: 1 });
  });

  it('takes the good lines of a body and records the bad one', async () => {
    const { send, ingest, decisions } = await bench();
    await send('wazuh', `${WAZUH.trim()}\n{"rule": oops}\n`);
    await ingest.idle();
    expect(tally(await decisions())).toEqual({ created: 1, refused: 1 });
    expect((await decisions()).find(({ decision }) => decision === 'refused')?.reason).toMatch(/^line 2: /);
  });

  it('refuses media types that it does not read, and bodies over the limit, without keeping them', async () => {
    const { send, store } = await bench({ limits: { bodyBytes: 1000 } });
    await expect(send('wazuh', WAZUH, { mediaType: 'text/html' })).rejects.toMatchObject({ status: 415 });
    await expect(send('wazuh', 'x'.repeat(1001))).rejects.toMatchObject({ code: 'core.body_too_large', status: 413 });
    expect(await store.count('raw_inputs')).toBe(0);
  });

  it.each([
    ['brackets', '['.repeat(5_000_000)],
    ['objects', '{"a":'.repeat(900_000)],
    ['elements', `[${'0,'.repeat(2_400_000)}0]`],
    ['lines', '{}\n'.repeat(1_700_000)],
    ['broken lines', '{\n'.repeat(2_500_000)],
  ])('refuses a bomb of %s with one decision', async (_name, body) => {
    const { send, store, decisions } = await bench();
    await expect(send('generic_json', body)).rejects.toMatchObject({ code: 'ingest.unreadable', status: 400 });
    expect(await store.count('raw_inputs', { state: 'refused' })).toBe(1);
    expect(await decisions()).toHaveLength(1);
  });

  it('takes no alerts for a source without normaliser', async () => {
    const { send } = await bench();
    await expect(send('hooks', '{}')).rejects.toMatchObject({ code: 'ingest.source_without_normalizer', status: 409 });
  });

  it('keeps what comes for a normaliser that is gone, as refused', async () => {
    const { send, ingest, store, decisions } = await bench();
    const { raw } = await send('orphan', WAZUH);
    await ingest.idle();
    expect(await store.get('raw_inputs', raw)).toMatchObject({
      state: 'refused',
      error: { code: 'ingest.normalizer_unknown' },
    });
    expect(tally(await decisions())).toEqual({ refused: 1 });
  });

  it('does not answer before the bytes are durable', async () => {
    const store = createMemoryStore();
    const held: (() => void)[] = [];
    const slow = {
      ...store,
      commit: async (change: Parameters<typeof store.commit>[0]) => {
        if (change.rows?.[0]?.table === 'raw_inputs') await new Promise<void>((resolve) => held.push(resolve));
        return store.commit(change);
      },
    };
    const { send } = await aBench(slow);
    let answered = false;
    const answer = send('wazuh', WAZUH).then(() => {
      answered = true;
    });
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).toBe(false);
    held[0]?.();
    await answer;
    expect(await store.count('raw_inputs')).toBe(1);
  });

  it('tells the sender when it could not be kept', async () => {
    const store = createMemoryStore();
    const { send } = await aBench(store);
    await store.close();
    await expect(send('wazuh', WAZUH)).rejects.toMatchObject({ code: 'events.store_closed', retryable: true });
  });
});

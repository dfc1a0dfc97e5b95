import { randomBytes } from 'node:crypto';
import { sha256 } from '@counterpoint/core';
import type { SourceRow } from '@counterpoint/events';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { aSource, TOKEN } from '../testing/harness.ts';
import { authenticateRequest } from './authenticate.ts';
import { signingKey, signWebhook } from './standard-webhooks.ts';

const NOW = Date.UTC(2026, 2, 1);
const SECRETS: Record<string, string> = {
  current: `whsec_${randomBytes(32).toString('base64')}`,
  previous: `whsec_${randomBytes(32).toString('base64')}`,
  foreign: `whsec_${randomBytes(32).toString('base64')}`,
};
const opened: string[] = [];
const openSecret = async (id: string) => {
  opened.push(id);
  return SECRETS[id] ?? '';
};
const signed = aSource('wazuh', { auth: { kind: 'signature', secrets: ['current', 'previous'] } });
const BODY = Buffer.from('{"event":"x"}');

function signatureOf(secret: string, id: string, timestamp: string, body: Uint8Array = BODY): string {
  return signWebhook(signingKey(SECRETS[secret] ?? '') ?? Buffer.alloc(0), id, timestamp, body);
}

function headersFor(secret = 'current', seconds = NOW / 1000, id = 'msg_1') {
  const timestamp = String(Math.floor(seconds));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatureOf(secret, id, timestamp) };
}

const attempt = (source: SourceRow, headers: Record<string, string | string[] | undefined>, body: Uint8Array = BODY) =>
  authenticateRequest(source, { headers, body, now: NOW }, openSecret);

describe('Standard Webhooks signature', () => {
  it('agrees with the published example', () => {
    const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') ?? Buffer.alloc(0);
    const body = Buffer.from('{"test": 2432232314}');
    expect(signWebhook(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', '1614265330', body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('lets the current and the previous secret pass, within 300 s either way', async () => {
    expect(await attempt(signed, headersFor())).toEqual({ delivery: 'msg_1' });
    expect(await attempt(signed, headersFor('previous'))).toEqual({ delivery: 'msg_1' });
    expect(await attempt(signed, headersFor('current', NOW / 1000 - 300))).toEqual({ delivery: 'msg_1' });
    expect(await attempt(signed, headersFor('current', NOW / 1000 + 300))).toEqual({ delivery: 'msg_1' });
  });

  it('finds the right one among several signatures', async () => {
    const headers = headersFor();
    const several = `v1,AAAA v2,zzz ${signatureOf('foreign', 'msg_1', headers['webhook-timestamp'])} ${headers['webhook-signature']}`;
    expect(await attempt(signed, { ...headers, 'webhook-signature': several })).toEqual({ delivery: 'msg_1' });
  });

  const valid = headersFor();
  const forgeries: [string, Record<string, string | string[] | undefined>, Uint8Array?][] = [
    ['no headers', {}],
    ['no signature', { ...valid, 'webhook-signature': undefined }],
    ['no id', { ...valid, 'webhook-id': undefined }],
    ['no timestamp', { ...valid, 'webhook-timestamp': undefined }],
    ['an empty signature', { ...valid, 'webhook-signature': '' }],
    ['a foreign key', headersFor('foreign')],
    ['a stale timestamp', headersFor('current', NOW / 1000 - 301)],
    ['a timestamp of the future', headersFor('current', NOW / 1000 + 301)],
    ['a timestamp that was moved', { ...valid, 'webhook-timestamp': String(NOW / 1000 + 1) }],
    ['a timestamp that is no number', { ...valid, 'webhook-timestamp': 'Infinity' }],
    ['another id', { ...valid, 'webhook-id': 'msg_2' }],
    ['an id sent twice', { ...valid, 'webhook-id': ['msg_1', 'msg_1'] }],
    ['an id with a full stop', headersFor('current', NOW / 1000, 'msg.1')],
    ['one byte more', valid, Buffer.concat([BODY, Buffer.from(' ')])],
    ['one byte less', valid, BODY.subarray(0, -1)],
    ['another body', valid, Buffer.from('{"event":"y"}')],
    ['another scheme', { ...valid, 'webhook-signature': valid['webhook-signature'].replace('v1,', 'v1a,') }],
    ['the bare base64', { ...valid, 'webhook-signature': valid['webhook-signature'].slice(3) }],
    ['a token instead', { authorization: `Bearer ${TOKEN}` }],
  ];
  it.each(forgeries)('refuses %s', async (_name, headers, body) => {
    await expect(attempt(signed, headers, body ?? BODY)).rejects.toMatchObject({
      code: 'ingest.unauthenticated',
      status: 401,
    });
  });

  it('opens no secret for a request without a signature', async () => {
    opened.length = 0;
    await expect(attempt(signed, {})).rejects.toMatchObject({ status: 401 });
    expect(opened).toEqual([]);
  });

  test.prop([fc.nat(), fc.nat(255)])('notices any one byte that was changed', async (place, value) => {
    const body = Buffer.from(BODY);
    const at = place % body.length;
    fc.pre(body[at] !== value);
    body[at] = value;
    await expect(attempt(signed, headersFor(), body)).rejects.toMatchObject({ status: 401 });
  });
});

describe('token', () => {
  const source = aSource('wazuh');

  it('passes as Bearer and in its own header; the delivery is then known by its body', async () => {
    const delivery = `sha256:${sha256(BODY)}`;
    expect(await attempt(source, { authorization: `Bearer ${TOKEN}` })).toEqual({ delivery });
    expect(await attempt(source, { authorization: `bearer ${TOKEN}` })).toEqual({ delivery });
    expect(await attempt(source, { 'x-counterpoint-token': TOKEN })).toEqual({ delivery });
  });

  it('takes a delivery id that comes with it', async () => {
    expect(await attempt(source, { 'x-counterpoint-token': TOKEN, 'webhook-id': 'd1' })).toEqual({ delivery: 'd1' });
    await expect(attempt(source, { 'x-counterpoint-token': TOKEN, 'webhook-id': 'a\nb' })).rejects.toMatchObject({
      code: 'ingest.delivery_invalid',
    });
  });

  it.each([
    ['nothing', {}],
    ['another token', { authorization: 'Bearer other' }],
    ['a prefix', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['one byte more', { authorization: `Bearer ${TOKEN}x` }],
    ['its hash', { authorization: `Bearer ${sha256(TOKEN)}` }],
    ['Basic', { authorization: `Basic ${Buffer.from(TOKEN).toString('base64')}` }],
    ['two headers', { authorization: [`Bearer ${TOKEN}`, 'Bearer x'] }],
    ['an empty token', { 'x-counterpoint-token': '' }],
  ])('refuses %s', async (_name, headers) => {
    await expect(attempt(source, headers)).rejects.toMatchObject({ code: 'ingest.unauthenticated', status: 401 });
  });

  it('tells the token from before the last new one from a stranger’s, and lets neither in', async () => {
    const rotated = aSource('wazuh', { auth: { kind: 'token', hash: sha256('new'), before: sha256(TOKEN) } });
    await expect(attempt(rotated, { authorization: `Bearer ${TOKEN}` })).rejects.toThrow(/before its last new one/);
    await expect(attempt(rotated, { authorization: 'Bearer x' })).rejects.toThrow(/not this source’s/);
  });

  it('tells only who has the token that a source is disabled', async () => {
    const disabled = aSource('wazuh', { enabled: false });
    await expect(attempt(disabled, {})).rejects.toMatchObject({ status: 401 });
    await expect(attempt(disabled, { authorization: `Bearer ${TOKEN}` })).rejects.toMatchObject({
      code: 'ingest.source_disabled',
      status: 403,
    });
  });
});

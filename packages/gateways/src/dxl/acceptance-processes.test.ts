import { X509Certificate } from 'node:crypto';
import { type Json, newTraceId } from '@counterpoint/core';
import type { CredentialInfo } from '@counterpoint/fabric';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Identity, startFabric, type TestFabric } from './testing/fabric.ts';
import { type Client, connected, dxl, type Message, offer, settled } from './testing/published.ts';

let here: TestFabric;
let there: TestFabric;
let asker: Client;
let identity: Identity;
const asked: Message[] = [];
const ANSWERS: Readonly<Record<string, string | Buffer>> = {
  text: 'plain text',
  bytes: Buffer.from([1, 255, 0]),
  json: '{ "a": 1 }',
  empty: '',
};

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  [here, there] = await Promise.all([
    startFabric({ store: createMemoryStore() }),
    startFabric({ store: createMemoryStore() }),
  ]);
  identity = await here.identity('asker');
  asker = await connected(here.client(identity));
  // Processes share a store, and so what was issued.
  const issued = (await here.participants.credentials('asker'))[0]!;
  await there.identity('asker');
  await there.participants.addCertificate('asker', certificateOf(issued), there.by);
  const provider = await there.connect('provider');
  await offer(provider, '/far', ['/far/ask', '/far/below/#'], (request) => {
    asked.push(request);
    const what = String(request.payload);
    if (what === 'fail') provider.sendResponse(new dxl.ErrorResponse(request, 77, 'nope') as Message);
    else provider.sendResponse(Object.assign(new dxl.Response(request), { payload: ANSWERS[what] ?? what }));
    return undefined;
  });
  await settled(provider);
  await here.identity('provider');
  // What the bus between processes does: JSON both ways, asked in the name of whoever asks.
  const copy = (value: Json): Json => JSON.parse(JSON.stringify(value));
  await here.services.register({
    ...{
      id: 'far',
      participant: 'provider',
      service: 'dxl./far',
      topics: ['/far/ask', '/far/below/#'],
      site: '',
      metadata: {},
    },
    call: async ({ signal: _signal, instance: _instance, ...request }) =>
      copy(await there.services.invoke({ ...request, payload: copy(request.payload) })),
  });
});
afterAll(async () => {
  await here.close();
  await there.close();
});
beforeEach(() => {
  asked.length = 0;
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

function certificateOf({ detail, not_before, not_after }: CredentialInfo) {
  const { pem, subject, serial } = detail as Record<'pem' | 'subject' | 'serial', string>;
  const times = { notBefore: not_before, notAfter: not_after ?? 0 };
  return { thumbprint: identity.thumbprint, pem, subject, serial, ...times };
}

function ask(payload: string | Buffer, more: Partial<Message> = {}, topic = '/far/ask'): Promise<Message> {
  const request = Object.assign(new dxl.Request(topic), { payload }, more);
  return new Promise((resolve, reject) => {
    asker.asyncRequest(request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

describe('a service that is connected to another process', () => {
  test.each(Object.entries(ANSWERS))('answers with %s byte for byte', async (what, answer) => {
    expect(Buffer.from((await ask(what)).payload)).toEqual(Buffer.from(answer));
  });

  test.each([['{ "b" : 2 }'], [Buffer.from([0, 254, 1])], ['']])('is asked %j byte for byte', async (payload) => {
    await ask(payload);
    expect(Buffer.from(asked[0]!.payload)).toEqual(Buffer.from(payload));
  });

  test('sees who asks, with its certificate and headers, and nobody who only says so', async () => {
    const header = { otherFields: { 'x-ticket': '7', 'dxl.certs': 'forged' } };
    await ask('text', header);
    const { fingerprint, raw } = new X509Certificate(identity.certificate);
    const thumbprint = fingerprint.replaceAll(':', '').toLowerCase();
    expect(asked[0]).toMatchObject({ sourceClientId: thumbprint });
    expect(asked[0]!.otherFields).toMatchObject({ 'x-ticket': '7', 'dxl.certs': raw.toString('base64') });
    const message = { id: 'm', sourceClientId: thumbprint, sourceClientInstanceId: thumbprint, sourceBrokerId: 'b' };
    const payload = {
      payload: 'text',
      encoding: 'text',
      message: { ...message, brokerIds: [], clientIds: [], otherFields: {} },
    };
    const causality = { principal: 'participant:provider', trace: newTraceId(), cause: '', hop: 0 };
    await there.services.invoke({
      service: 'dxl./far',
      topic: '/far/ask',
      payload,
      key: 'k',
      timeout: 1_000,
      causality,
    });
    expect(asked[1]!.sourceClientId).toBe(there.gateway.facts.brokerId);
    expect(asked[1]!.otherFields).not.toHaveProperty('dxl.certs');
  });

  test('is asked below its wildcards, on the topic itself', async () => {
    expect(String((await ask('text', {}, '/far/below/the/wildcard')).payload)).toBe('plain text');
    expect(asked[0]!.destinationTopic).toBe('/far/below/the/wildcard');
    await expect(ask('text', {}, '/far/beside')).rejects.toThrow('unable to locate service for request');
  });

  test('fails with its own code and text', async () => {
    await expect(ask('fail')).rejects.toMatchObject({ message: 'nope', dxlErrorResponse: { errorCode: 77 } });
  });
});

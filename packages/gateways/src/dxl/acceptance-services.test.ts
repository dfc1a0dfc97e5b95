import { manualClock, newTraceId } from '@counterpoint/core';
import { fabricErrors } from '@counterpoint/fabric';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startFabric, type TestFabric, until } from './testing/fabric.ts';
import { ask, type Client, dxl, heard, type Message, offer, settled } from './testing/published.ts';

const SVC = '/mcafee/service/dxl/svcregistry';
const UNAVAILABLE = {
  code: 'ERR_DXL_SERVICE_UNAVAILABLE',
  message: expect.stringContaining('unable to locate service for request'),
};
const REPUTATION = `kind: participant/v1
id: reputation_1
title: Reputation service
joins_with: certificate
rights: { publish: [], subscribe: ['dxl.>'], offer: ['dxl./acme/*', 'reputation_1.*'], invoke: [] }
offers:
  lookup_file:
    title: Look a file up
    effect: read
    idempotent: true
    minutes_saved: 5
    dxl: /acme/rep1/file
    input: { type: object, properties: { sha256: { type: string, description: "SHA-256." } } }
    output: { type: object, properties: { score: { type: integer, description: "0 to 100." } } }
`;
const clock = manualClock(Date.now());

const slow = Promise.withResolvers<string>();
let fabric: TestFabric;
beforeAll(async () => {
  fabric = await startFabric({
    store: createMemoryStore(),
    declared: [REPUTATION],
    clock,
    actions: {
      'fortigate.block_ip': (participant, payload) => ({ blocked: payload, by: participant }),
      'fortigate.slow': () => slow.promise,
      'fortigate.fail': () => {
        throw fabricErrors.service_failed({ service: 'fortigate.fail', reason: 'no such address' });
      },
      'fortigate.defect': () => {
        throw new TypeError('nobody thought of it');
      },
    },
  });
});
afterAll(() => fabric.close());
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const invoke = (service: string, payload: Parameters<typeof fabric.services.invoke>[0]['payload'], topic?: string) =>
  fabric.services.invoke({
    ...{ service, payload, key: 'k1', timeout: 5_000 },
    causality: { principal: 'system', trace: newTraceId(), cause: '', hop: 0 },
    ...(topic === undefined ? {} : { topic }),
  });

async function registered(client: Client, query: object): Promise<Record<string, Record<string, unknown>>> {
  return JSON.parse(await ask(client, `${SVC}/query`, JSON.stringify(query))).services;
}

describe('services of OpenDXL', () => {
  test('are found in the registry and announced, until they are unregistered', async () => {
    const watcher = await fabric.connect('watcher');
    const came = heard(watcher, '/mcafee/event/dxl/svcregistry/register');
    const went = heard(watcher, '/mcafee/event/dxl/svcregistry/unregister');
    await settled(watcher);
    const provider = await fabric.connect('provider');
    const info = await offer(provider, '/acme/reputation', ['/acme/rep/file', '/acme/rep/url'], () => 'ok');
    await until(() => came.length === 1);
    const { clientGuid: thumbprint } = JSON.parse(String(came[0]!.payload));
    const record = {
      serviceType: '/acme/reputation',
      serviceGuid: info.serviceId,
      requestChannels: ['/acme/rep/file', '/acme/rep/url'],
      ttlMins: 60,
      brokerGuid: fabric.gateway.facts.brokerId,
      certificates: [thumbprint],
    };
    expect(JSON.parse(String(came[0]!.payload))).toMatchObject(record);
    const found = { ...record, local: true, unauthorizedChannels: [] };
    expect(await registered(watcher, { serviceType: '/acme/reputation' })).toMatchObject({ [info.serviceId]: found });
    expect(await registered(watcher, { serviceGuid: info.serviceId })).toMatchObject({ [info.serviceId]: found });
    expect(await registered(watcher, { serviceType: '/other' })).toEqual({});
    expect(fabric.services.instances('dxl./acme/reputation')).toMatchObject([{ id: info.serviceId }]);
    await new Promise<void>((resolve) => provider.unregisterServiceAsync(info, () => resolve()));
    await until(() => went.length === 1);
    expect(await registered(watcher, {})).not.toHaveProperty(info.serviceId);
    await expect(ask(watcher, '/acme/rep/file')).rejects.toMatchObject(UNAVAILABLE);
  });

  test('expire five minutes after their time to live, unless they are registered again', async () => {
    const provider = await fabric.connect('short lived');
    const info = await offer(provider, '/short', ['/short/ask'], () => 'ok', 10);
    const went = heard(provider, '/mcafee/event/dxl/svcregistry/unregister');
    await settled(provider);
    clock.advance(14.9 * 60_000);
    expect(await ask(provider, '/short/ask')).toBe('ok');
    const payload = JSON.stringify({
      ...{ serviceType: '/short', serviceGuid: info.serviceId, requestChannels: ['/short/ask'], ttlMins: 10 },
    });
    expect(await ask(provider, `${SVC}/register`, payload)).toBe('');
    clock.advance(14.9 * 60_000);
    expect(await ask(provider, '/short/ask')).toBe('ok');
    expect(went).toEqual([]);
    clock.advance(60_000);
    await expect(ask(provider, '/short/ask')).rejects.toMatchObject(UNAVAILABLE);
    await until(() => went.length === 1);
    expect(fabric.services.instances('dxl./short')).toEqual([]);
  });

  test('share requests among their instances, and one is asked when it is named', async () => {
    const asker = await fabric.connect('asker');
    const infos: { readonly serviceId: string }[] = [];
    for (const name of ['first', 'second']) {
      infos.push(await offer(await fabric.connect(`shares ${name}`), '/shared', ['/shared/ask'], () => name));
    }
    const answers: string[] = [];
    for (let count = 0; count < 10; count += 1) answers.push(await ask(asker, '/shared/ask'));
    expect(answers.filter((name) => name === 'first')).toHaveLength(5);
    const named = await Promise.all(
      [1, 2, 3].map(() => ask(asker, '/shared/ask', '', { serviceId: infos[1]!.serviceId })),
    );
    expect(named).toEqual(['second', 'second', 'second']);
  });

  test('get requests below a wildcard where nobody serves the topic itself', async () => {
    const provider = await fabric.connect('wildcards');
    await offer(provider, '/any', ['/any/#'], ({ destinationTopic }) => destinationTopic);
    await offer(provider, '/exact', ['/any/exact'], () => 'exact');
    expect(await ask(provider, '/any/a/b')).toBe('/any/a/b');
    expect(await ask(provider, '/any/exact')).toBe('exact');
  });

  test('answer with errors that arrive as such', async () => {
    const provider = await fabric.connect('fails');
    const info = new dxl.ServiceRegistrationInfo(provider, '/fails');
    info.addTopic('/fails/ask', (request) => provider.sendResponse(new dxl.ErrorResponse(request, 77, 'out of order')));
    await new Promise((resolve) => provider.registerServiceAsync(info, resolve));
    await expect(ask(provider, '/fails/ask')).rejects.toMatchObject({
      dxlErrorResponse: { errorCode: 77 },
      message: 'out of order',
    });
    await expect(invoke('dxl./fails', {})).rejects.toMatchObject({
      code: 'fabric.service_failed',
      message: expect.stringContaining('out of order (code 77)'),
    });
  });

  test('that are gone are an error at once, for who asks next and who waits', async () => {
    const asker = await fabric.connect('left alone');
    const provider = await fabric.connect('goes away');
    const asked: Message[] = [];
    await offer(provider, '/goes', ['/goes/ask'], (request) => {
      asked.push(request);
      return undefined;
    });
    const waiting = ask(asker, '/goes/ask').catch((error: unknown) => error);
    const lost = invoke('dxl./goes', {}).catch((error: unknown) => error);
    await until(() => asked.length === 2);
    provider.disconnect();
    expect(await waiting).toMatchObject(UNAVAILABLE);
    expect(await lost).toMatchObject({ code: 'fabric.service_lost' });
    await expect(ask(asker, '/goes/ask')).rejects.toMatchObject(UNAVAILABLE);
    expect(fabric.services.instances('dxl./goes')).toEqual([]);
  });

  test('that no longer listen are an error, and unregistered', async () => {
    const provider = await fabric.connect('deaf');
    const info = { ...{ serviceType: '/deaf', serviceGuid: '{deaf}', requestChannels: ['/deaf/ask'], ttlMins: 5 } };
    await ask(provider, `${SVC}/register`, JSON.stringify(info));
    await expect(ask(provider, '/deaf/ask')).rejects.toMatchObject(UNAVAILABLE);
    expect(await registered(provider, {})).not.toHaveProperty('{deaf}');
  });
});

describe('the fabric', () => {
  test('asks a service of OpenDXL, in one topic or in the one that is named', async () => {
    const provider = await fabric.connect('is asked');
    const seen: Message[] = [];
    const answer = (request: Message) => {
      seen.push(request);
      return JSON.stringify({ topic: request.destinationTopic, got: JSON.parse(String(request.payload)) });
    };
    await offer(provider, '/asked/one', ['/asked/a'], answer);
    await offer(provider, '/asked/many', ['/asked/b', '/asked/c'], answer);
    await settled(provider);
    expect(await invoke('dxl./asked/one', { x: 1 })).toEqual({ topic: '/asked/a', got: { x: 1 } });
    expect(await invoke('dxl./asked/many', { x: 2 }, '/asked/c')).toEqual({ topic: '/asked/c', got: { x: 2 } });
    await expect(invoke('dxl./asked/many', {})).rejects.toThrow('names none of its topics');
    expect(seen[0]!.otherFields['counterpoint.key']).toBe('k1');
    expect(seen[0]!.sourceClientId).toBe(fabric.gateway.facts.brokerId);
  });

  test('asks the offer of a declared participant on the topic that its declaration names', async () => {
    const provider = await fabric.connect('reputation 1');
    const topics = ['/acme/rep1/file', '/acme/rep1/url'];
    await offer(provider, '/acme/rep1', topics, ({ destinationTopic }) => JSON.stringify({ score: destinationTopic }));
    await settled(provider);
    expect(await invoke('reputation_1.lookup_file', { sha256: 'a' })).toEqual({ score: '/acme/rep1/file' });
  });

  test('does what an OpenDXL client asks of our actions, as that participant', async () => {
    const client = await fabric.connect('caller', { invoke: ['fortigate.*'] });
    const topic = '/counterpoint/service/fortigate';
    expect(JSON.parse(await ask(client, `${topic}/block_ip`, '{"ip":"192.0.2.1"}'))).toEqual({
      blocked: { ip: '192.0.2.1' },
      by: 'caller',
    });
    await expect(ask(client, `${topic}/fail`)).rejects.toMatchObject({
      dxlErrorResponse: { errorCode: 502 },
      message: expect.stringContaining('no such address'),
    });
    await expect(ask(client, `${topic}/nothing`)).rejects.toMatchObject(UNAVAILABLE);
    await expect(ask(client, `${topic}/defect`)).rejects.toMatchObject({ dxlErrorResponse: { errorCode: 500 } });
    const other = await fabric.connect('may not call');
    await expect(ask(other, `${topic}/block_ip`)).rejects.toMatchObject({
      dxlErrorResponse: { errorCode: 403 },
      message: expect.stringContaining('may not invoke fortigate.block_ip'),
    });
  });

  test('has so many requests of one client done at a time, and refuses more', async () => {
    const client = await fabric.connect('hasty', { invoke: ['fortigate.*'] });
    const asked = Array.from({ length: 201 }, () => ask(client, '/counterpoint/service/fortigate/slow'));
    await expect(Promise.race(asked)).rejects.toMatchObject({ code: 'ERR_DXL_SERVICE_OVERLOADED' });
    slow.resolve('done');
    const answers = await Promise.allSettled(asked);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
  });

  test('answers for the broker, and nothing about clients that are not there', async () => {
    const client = await fabric.connect('curious');
    const { brokerId, port } = fabric.gateway.facts;
    const query = async (topic: string, body: object = {}) =>
      JSON.parse(await ask(client, `/mcafee/service/dxl/${topic}`, JSON.stringify(body)));
    expect(await query('brokerregistry/query')).toMatchObject({
      brokers: { [brokerId]: { guid: brokerId, port, hostname: 'localhost', version: '1.0.0' } },
    });
    client.subscribe('/curious/#');
    expect(await query('broker/subs', { topic: '/curious/#' })).toEqual({ count: 1 });
    expect(await query('brokerregistry/topicquery', { topics: ['/curious/#'] })).toMatchObject({ exists: true });
    expect(await query('brokerregistry/topicquery', { topics: ['/nobody'] })).toMatchObject({ exists: false });
    expect(await query('broker/health')).toMatchObject({ connectedClients: expect.any(Number) });
    const { thumbprint } = await fabric.identity('registered');
    let answered = false;
    const absent = ask(client, '/mcafee/service/dxl/clientregistry/query', JSON.stringify({ clientGuid: thumbprint }));
    absent.then(
      () => (answered = true),
      () => (answered = true),
    );
    await settled(client);
    expect(answered).toBe(false);
    await expect(ask(client, '/mcafee/service/dxl/no/such')).rejects.toMatchObject(UNAVAILABLE);
    await expect(ask(client, `${SVC}/register`, 'not json')).rejects.toMatchObject({
      dxlErrorResponse: { errorCode: 400 },
    });
  });
});

import { systemClock } from '@counterpoint/core';
import type { EventLog } from '@counterpoint/events';
import { type ParticipantRights, topicMatches } from '@counterpoint/events';
import { testParticipant } from '@counterpoint/fabric';
import { createMemoryStore } from '@counterpoint/testing';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFabric, until } from '../dxl/testing/fabric.ts';
import { createMqttGateway, type MqttGateway } from './gateway.ts';

const BY = { principal: 'user:test', trace: '0'.repeat(32) };
const SHA = 'a'.repeat(64);

let fabric: Awaited<ReturnType<typeof openFabric>>;
let gateway: MqttGateway;
let clients: MqttClient[];
beforeEach(async () => {
  clients = [];
  const store = createMemoryStore();
  fabric = await openFabric({ store });
  const tail: EventLog['tail'] = async (topics, listener) =>
    store.onCommitted(({ events = [] }) => {
      for (const event of events)
        if (topics.some((one) => topicMatches(one, event.type))) listener({ position: 0, event });
    });
  gateway = await createMqttGateway({
    ...{ ...fabric, log: { tail } as EventLog, clock: systemClock },
    ...{ host: '127.0.0.1', port: 0, webSocketPort: 0, tls: undefined, onTrouble: () => {} },
  });
});
afterEach(async () => {
  for (const client of clients) client.end(true);
  await gateway.close();
  await fabric.close();
});

/** What a client heard, as `topic payload`. */
interface Heard {
  readonly client: MqttClient;
  readonly messages: { readonly topic: string; readonly body: never }[];
}

async function admit(id: string, rights: Partial<ParticipantRights>): Promise<{ id: string; token: string }> {
  const nothing = { publish: [], subscribe: [], offer: [], invoke: [] };
  const wish = { id, title: id, kind: 'token', site: '', trust: [], rights: { ...nothing, ...rights } } as const;
  await fabric.participants.create(wish, BY);
  return fabric.participants.issueToken(id, 'a token', BY);
}

async function connect(username: string, password: string, options: IClientOptions = {}): Promise<Heard> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${gateway.port}`, {
    ...{ username, password, reconnectPeriod: 0, protocolVersion: 4 },
    ...options,
  });
  clients.push(client);
  const messages: Heard['messages'] = [];
  client.on('message', (topic, payload) => messages.push({ topic, body: JSON.parse(payload.toString()) as never }));
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
  });
  return { client, messages };
}

async function join(id: string, rights: Partial<ParticipantRights>): Promise<Heard> {
  const { token } = await admit(id, rights);
  const heard = await connect(id, token);
  await heard.client.subscribeAsync('$fabric/errors');
  return heard;
}

const verdict = JSON.stringify({ sha256: SHA, verdict: 'malicious' });
const eventsOf = () => fabric.store.find('outbox', { where: { topic: 'verdict.file.v1' } });

describe('a participant over MQTT', () => {
  it('publishes durably, and others get the data, or the whole event', async () => {
    const sandbox = await join('sandbox', { publish: ['verdict.>'] });
    const proxy = await join('proxy', { subscribe: ['verdict.>'] });
    await proxy.client.subscribeAsync(['verdict/#', '$fabric/events/verdict/#'], { qos: 1 });
    await sandbox.client.publishAsync('verdict/file/v1', verdict, { qos: 1 });
    expect(await eventsOf()).toMatchObject([{ participant: 'sandbox', subject: 'sandbox' }]);
    await until(() => proxy.messages.length === 2);
    expect(proxy.messages).toMatchObject([
      { topic: 'verdict/file/v1', body: { verdict: 'malicious' } },
      { topic: '$fabric/events/verdict/file/v1', body: { type: 'verdict.file.v1', participant: 'sandbox', hop: 1 } },
    ]);
  });

  it('is told of what was refused, and stays connected', async () => {
    const sandbox = await join('sandbox', { publish: ['verdict.>'] });
    await sandbox.client.publishAsync('verdict/file/v1', '{"sha256":"x"}', { qos: 1 });
    await sandbox.client.publishAsync('alert/created/v1', '{}', { qos: 1 });
    await sandbox.client.publishAsync('$SYS/x', '{}', { qos: 0 });
    await sandbox.client.publishAsync('verdict/file/v1', '{', { qos: 0 });
    await until(() => sandbox.messages.length === 4);
    expect(sandbox.messages.map(({ body }) => (body as { code: string }).code)).toEqual([
      'events.data_invalid',
      'fabric.publish_denied',
      'gateway.mqtt_topic_invalid',
      'core.json_invalid',
    ]);
    expect(sandbox.client.connected).toBe(true);
    expect(await eventsOf()).toEqual([]);
  });

  it('does not get in without its own token', async () => {
    const { token } = await admit('sandbox', {});
    await admit('proxy', {});
    for (const [user, password] of [
      ['sandbox', ''],
      ['sandbox', `${token}x`],
      ['proxy', token],
      ['', token],
    ] as const) {
      await expect(connect(user, password)).rejects.toThrow(/[Nn]ot authorized/);
    }
    expect(fabric.participants.isHere('sandbox')).toBe(false);
  });

  it('subscribes to no more than it may, also through wildcards', async () => {
    const proxy = await join('proxy', { subscribe: ['verdict.file.v1'] });
    const granted = async (topic: string) => (await proxy.client.subscribeAsync(topic))[0]?.qos;
    await expect(granted('#')).rejects.toThrow();
    await expect(granted('verdict/#')).rejects.toThrow();
    await expect(granted('$fabric/events/#')).rejects.toThrow();
    await expect(granted('$fabric/request/other/+')).rejects.toThrow();
    await expect(granted('$share/x/verdict/file/v1')).rejects.toThrow();
    expect(await granted('verdict/file/v1')).toBe(0);
    expect(proxy.client.connected).toBe(true);
    expect(fabric.refusals.list('proxy').length).toBeGreaterThan(2);
  });

  it('sees nothing more once a right is taken away', async () => {
    const sandbox = await join('sandbox', { publish: ['verdict.>'] });
    const proxy = await join('proxy', { subscribe: ['verdict.>'] });
    await proxy.client.subscribeAsync('verdict/#');
    const nothing = { publish: [], subscribe: [], offer: [], invoke: [] };
    await fabric.participants.update('proxy', { rights: nothing }, BY);
    await sandbox.client.publishAsync('verdict/file/v1', verdict, { qos: 1 });
    await sandbox.client.publishAsync('nothing/here', '1', { qos: 1 });
    await until(() => sandbox.messages.length === 1);
    expect(proxy.messages).toEqual([]);
  });

  it('is disconnected when its token is revoked', async () => {
    const { id, token } = await admit('sandbox', {});
    const { client } = await connect('sandbox', token);
    expect(fabric.participants.isHere('sandbox')).toBe(true);
    await fabric.participants.revoke(id, BY);
    await until(() => !client.connected);
    await until(() => !fabric.participants.isHere('sandbox'));
    await expect(connect('sandbox', token)).rejects.toThrow(/[Nn]ot authorized/);
  });

  it('leaves when its connection breaks; its will is not published, and nothing is retained', async () => {
    const { token } = await admit('sandbox', { publish: ['verdict.>'], subscribe: ['verdict.>'] });
    const will = { topic: 'verdict/file/v1', payload: Buffer.from(verdict), qos: 1, retain: true } as const;
    const { client } = await connect('sandbox', token, { will });
    client.stream.destroy();
    await until(() => !fabric.participants.isHere('sandbox'));
    expect(await eventsOf()).toEqual([]);
    const left = await fabric.store.find('outbox', { where: { topic: 'fabric.participant_left.v1' } });
    expect(left).toHaveLength(1);
    const again = await connect('sandbox', token);
    await again.client.publishAsync('verdict/file/v1', verdict, { qos: 1, retain: true });
    await again.client.subscribeAsync('verdict/#');
    await again.client.publishAsync('verdict/file/v1', verdict, { qos: 1 });
    await until(() => again.messages.length > 0);
    expect(again.messages).toHaveLength(1);
  });

  it('comes over WebSocket too', async () => {
    const { token } = await admit('sandbox', { publish: ['verdict.>'] });
    const url = `ws://127.0.0.1:${gateway.webSocketPort}`;
    const client = mqtt.connect(url, { username: 'sandbox', password: token, reconnectPeriod: 0 });
    clients.push(client);
    await client.publishAsync('verdict/file/v1', verdict, { qos: 1 });
    expect(await eventsOf()).toHaveLength(1);
  });
});

describe('a service over MQTT', () => {
  it('is offered by subscribing to its requests, asked over MQTT, and gone with the connection', async () => {
    const sinkhole = await join('sinkhole', { offer: ['sinkhole.*'] });
    const proxy = await join('proxy', { invoke: ['sinkhole.*'] });
    await sinkhole.client.subscribeAsync('$fabric/request/block_domain/+');
    await proxy.client.subscribeAsync('$fabric/answer/+');
    await until(() => fabric.services.instances('sinkhole.block_domain').length === 1);
    const wish = JSON.stringify({ payload: { domain: 'evil.example' }, key: 'k1' });
    await proxy.client.publishAsync('$fabric/invoke/sinkhole.block_domain/one', wish);
    await until(() => sinkhole.messages.length === 1);
    const [request] = sinkhole.messages;
    expect(request?.body).toMatchObject({ payload: { domain: 'evil.example' }, key: 'k1', timeout: 30 });
    const answer = request?.topic.replace(/^\$fabric\/request\/block_domain/, '$fabric/answer') ?? '';
    await sinkhole.client.publishAsync(answer, '{"payload":{"blocked":true}}');
    await until(() => proxy.messages.length === 1);
    expect(proxy.messages[0]).toEqual({ topic: '$fabric/answer/one', body: { payload: { blocked: true } } });
    await sinkhole.client.publishAsync(answer, '{"payload":1}');
    await until(() => sinkhole.messages.length === 2);
    expect(sinkhole.messages[1]?.body).toMatchObject({ code: 'gateway.mqtt_request_unknown' });
    await sinkhole.client.endAsync(true);
    await until(() => fabric.services.instances('sinkhole.block_domain').length === 0);
  });

  it('fails its caller when it says so, goes away, or is not there', async () => {
    const sinkhole = await join('sinkhole', { offer: ['sinkhole.*'] });
    const proxy = await join('proxy', { invoke: ['*'] });
    await sinkhole.client.subscribeAsync('$fabric/request/block_domain/+');
    await proxy.client.subscribeAsync('$fabric/answer/+');
    await until(() => fabric.services.instances('sinkhole.block_domain').length === 1);
    const invoke = (id: string) => proxy.client.publishAsync(`$fabric/invoke/sinkhole.block_domain/${id}`, '{}');
    await invoke('one');
    await until(() => sinkhole.messages.length === 1);
    const answer = sinkhole.messages[0]?.topic.replace(/request\/block_domain/, 'answer') ?? '';
    await sinkhole.client.publishAsync(answer, '{"error":"no such zone"}');
    await invoke('two');
    await until(() => sinkhole.messages.length === 2);
    await sinkhole.client.endAsync(true);
    await until(() => proxy.messages.length === 2);
    await until(() => fabric.services.instances('sinkhole.block_domain').length === 0);
    await invoke('three');
    await until(() => proxy.messages.length === 3);
    expect(proxy.messages.map(({ body }) => (body as { code: string }).code)).toEqual([
      'fabric.service_failed',
      'fabric.service_lost',
      'fabric.service_unknown',
    ]);
  });
});

describe('the test of a participant over MQTT', () => {
  const test = (id: string) => {
    const { participants, services, clock } = fabric;
    return testParticipant({ participants, services, clock, edge: { ping: async () => {} } }, id);
  };

  it('says when it was heard of last where nothing can be asked, and that it is away', async () => {
    const { client } = await join('sensor', { publish: ['mqtt.>'] });
    await client.publishAsync('plant/heat', '7', { qos: 1 });
    const { outcome, sessions } = await test('sensor');
    expect([outcome, sessions.length]).toEqual(['unasked', 1]);
    expect(sessions[0]).toMatchObject({ via: 'mqtt', silence: 90_000 });
    expect(sessions[0]?.heardAt).toBeGreaterThan(0);
    await client.endAsync(true);
    await until(() => !fabric.participants.isHere('sensor'));
    expect((await test('sensor')).outcome).toBe('away');
  });

  it('asks its ping, and hears its answer, its error and its silence', async () => {
    const { client, messages } = await join('sensor', { offer: ['sensor.ping'] });
    const contract = { title: 'Ping', effect: 'read', idempotent: true, input: {}, output: {} };
    await client.publishAsync('$fabric/join', JSON.stringify({ offers: { ping: contract } }), { qos: 1 });
    await client.subscribeAsync('$fabric/request/ping/+', { qos: 1 });
    await until(() => fabric.services.isLive('sensor.ping'));
    const answers: (string | undefined)[] = ['{"payload":{}}', '{"error":"out of paper"}', undefined];
    client.on('message', (topic) => {
      const answer = answers.shift();
      if (answer === undefined) client.stream.destroy();
      else client.publish(topic.replace('request/ping', 'answer'), answer);
    });
    expect(await test('sensor')).toMatchObject({ outcome: 'answered', asked: 'sensor.ping', error: undefined });
    expect(await test('sensor')).toMatchObject({ outcome: 'answered', error: { code: 'fabric.service_failed' } });
    expect(await test('sensor')).toMatchObject({ outcome: 'silent', error: { code: 'fabric.service_lost' } });
    expect(messages).toHaveLength(3);
  });
});

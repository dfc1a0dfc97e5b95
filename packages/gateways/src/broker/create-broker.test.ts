import { type EventEmitter, once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { systemClock } from '@counterpoint/core';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import type { Attempt, Connection } from './connection.ts';
import { type Broker, createBroker } from './create-broker.ts';
import type { BrokerHandler, BrokerLimits } from './handler.ts';

interface Who {
  readonly name: string;
}

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(handler: Partial<BrokerHandler<Who>> = {}, limits: Partial<BrokerLimits> = {}) {
  const troubles: string[] = [];
  const left: string[] = [];
  const broker: Broker<Who> = await createBroker<Who>({
    clock: systemClock,
    listeners: [
      { transport: 'mqtt', host: '127.0.0.1', port: 0 },
      { transport: 'websocket', host: '127.0.0.1', port: 0 },
    ],
    limits,
    onTrouble: ({ error }) => troubles.push(error.message),
    handler: {
      admit: async ({ clientId, username }: Attempt) => {
        if (username === 'mallory') throw new Error('no such user');
        return { id: `${username}:${clientId}`, identity: { name: username ?? '' } };
      },
      maySubscribe: (_connection, filter) => filter !== 'secret',
      received: (_from: Connection<Who>, message) => {
        broker.deliver(message);
        return undefined;
      },
      left: (connection, reason) => left.push(`${connection.id} ${reason}`.trim()),
      ...handler,
    },
  });
  closers.push(() => broker.close());
  return { broker, troubles, left };
}

async function client(port: number, options: IClientOptions = {}, url = 'mqtt'): Promise<MqttClient> {
  const one = mqtt.connect(`${url}://127.0.0.1:${port}`, { reconnectPeriod: 0, username: 'ann', ...options });
  closers.push(() => one.endAsync(true));
  await once(one as unknown as EventEmitter, 'connect');
  return one;
}

function listenTo(one: MqttClient): string[] {
  const got: string[] = [];
  one.on('message', (topic, payload) => got.push(`${topic} ${payload}`));
  return got;
}

const until = (holds: () => boolean) => expect.poll(holds, { interval: 5 }).toBe(true);

describe('broker', () => {
  test('sends one copy to a client whose filters overlap, over TCP and WebSocket alike', async () => {
    const { broker } = await start();
    const one = await client(broker.ports[0]!);
    const two = await client(
      broker.ports[1]!,
      { protocolId: 'MQIsdp', protocolVersion: 3, clientId: 'x'.repeat(38) },
      'ws',
    );
    const got = [listenTo(one), listenTo(two)];
    for (const each of [one, two]) await each.subscribeAsync(['/a/#', '/a/b', '/+/b']);
    await one.publishAsync('/a/b', 'first');
    await two.publishAsync('/a/c', 'second');
    await until(() => got.every((messages) => messages.length >= 2));
    expect(got).toEqual([
      ['/a/b first', '/a/c second'],
      ['/a/b first', '/a/c second'],
    ]);
  });

  test('finds a subscription in a message that follows it at once, and forgets it with the client', async () => {
    const { broker, left } = await start();
    const one = await client(broker.ports[0]!, { clientId: 'one' });
    const got = listenTo(one);
    one.subscribe('t');
    await one.publishAsync('t', 'hello');
    await until(() => got.length === 1);
    await one.endAsync();
    await until(() => left.length === 1);
    expect(left).toEqual(['ann:one']);
    expect(broker.subscriptions('t')).toBe(0);
  });

  test('refuses a client with a reason, and a filter without disconnecting', async () => {
    const { broker, troubles } = await start();
    await expect(client(broker.ports[0]!, { username: 'mallory' })).rejects.toThrow('Not authorized');
    expect(troubles).toEqual(['no such user']);
    const one = await client(broker.ports[0]!);
    const granted = await one.subscribeAsync(['secret', 'open']).catch((error: Error) => error.message);
    expect(granted).toBe('Subscribe error: Unspecified error');
    expect(broker.subscriptions('secret')).toBe(0);
    expect(broker.subscriptions('open')).toBe(1);
    expect(one.connected).toBe(true);
  });

  test('tells that a client left only after it joined, also when it goes in between', async () => {
    const order: string[] = [];
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const { broker } = await start({
      joined: async () => {
        entered.resolve();
        await release.promise;
        order.push('joined');
      },
      left: () => order.push('left'),
    });
    const raw = connectTcp(broker.ports[0]!, '127.0.0.1');
    raw.write(Buffer.from('101000044d5154540402003c0004736c6f77', 'hex'));
    await entered.promise;
    raw.destroy();
    await until(() => [...broker.connections()].length === 0);
    expect(order).toEqual([]);
    release.resolve();
    await until(() => order.length === 2);
    expect(order).toEqual(['joined', 'left']);
  });

  test('refuses connections beyond its limit, those that say nothing included', async () => {
    const { broker, troubles } = await start({}, { connections: 1 });
    const silent = connectTcp(broker.ports[0]!, '127.0.0.1');
    closers.push(async () => silent.destroy());
    await once(silent, 'connect');
    const second = connectTcp(broker.ports[0]!, '127.0.0.1');
    second.on('error', () => {});
    await once(second, 'close');
    expect(troubles.join()).toContain('too many connections');
    silent.destroy();
    await once(silent, 'close');
    await client(broker.ports[0]!);
  });

  test('delivers with quality of service 1 to who asked for it', async () => {
    const { broker } = await start();
    const one = await client(broker.ports[0]!);
    const levels: number[] = [];
    one.on('message', (_topic, _payload, packet) => levels.push(packet.qos));
    await one.subscribeAsync('t', { qos: 1 });
    await one.publishAsync('t', 'a', { qos: 1 });
    await one.publishAsync('t', 'b', { qos: 0, retain: true });
    await until(() => levels.length === 2);
    expect(levels).toEqual([1, 0]);
  });

  test('replaces a connection that is admitted under the same id', async () => {
    const { broker, left } = await start();
    const first = await client(broker.ports[0]!, { clientId: 'same' });
    const gone = once(first as unknown as EventEmitter, 'close');
    const second = await client(broker.ports[0]!, { clientId: 'same' });
    await gone;
    await until(() => left.length === 1);
    expect(left).toEqual(['ann:same replaced by a later connection']);
    expect([...broker.connections()].map(({ id }) => id)).toEqual(['ann:same']);
    const got = listenTo(second);
    await second.subscribeAsync('t');
    await second.publishAsync('t', 'still here');
    await until(() => got.length === 1);
  });

  test('ends a connection that announces a packet over the limit, and reads nothing of it', async () => {
    const { broker, troubles } = await start({}, { packetBytes: 1_000 });
    const one = await client(broker.ports[0]!);
    const closed = once(one as unknown as EventEmitter, 'close');
    one.publish('t', Buffer.alloc(2_000));
    await closed;
    await until(() => troubles.length > 0);
    expect(troubles[0]).toContain('at most 1000 are read');
  });

  test('drops what a client does not read beyond the limit, while others get everything', async () => {
    const { broker } = await start({}, { queueBytes: 100_000, messagesPerSecond: 1_000_000 });
    const slow = connectTcp(broker.ports[0]!, '127.0.0.1');
    closers.push(async () => slow.destroy());
    slow.write(Buffer.from('101000044d5154540402003c000473 6c6f77'.replaceAll(' ', ''), 'hex'));
    await once(slow, 'data');
    slow.write(Buffer.from('8206000100017400', 'hex'));
    await once(slow, 'data');
    slow.pause();
    const fast = await client(broker.ports[0]!);
    const got = listenTo(fast);
    await fast.subscribeAsync('t');
    const payload = Buffer.alloc(50_000, 120);
    for (let sent = 0; sent < 400; sent += 1) {
      await fast.publishAsync('t', payload);
      await until(() => got.length === sent + 1);
    }
    expect(broker.counts().dropped).toBeGreaterThan(0);
    const [stuck] = [...broker.connections()].filter(({ clientId }) => clientId === 'slow');
    // One message more than the limit: what waits is looked at before each.
    expect(stuck!.queued()).toBeLessThanOrEqual(100_000 + 60_000);
  });

  test('drops nothing of a burst beyond the limit for a client that reads', async () => {
    const { broker } = await start({}, { queueBytes: 100_000 });
    const reader = await client(broker.ports[0]!);
    const got = listenTo(reader);
    await reader.subscribeAsync('t');
    const payload = Buffer.alloc(50_000, 120);
    for (let sent = 0; sent < 20; sent += 1) broker.deliver({ topic: 't', payload });
    broker.deliver({ topic: 't', payload: Buffer.alloc(1_000_000, 120) });
    await until(() => got.length === 21);
    expect(broker.counts().dropped).toBe(0);
  });

  test('bounds also a burst, whoever reads it', async () => {
    const { broker } = await start({}, { queueBytes: 100_000, packetBytes: 200_000 });
    const reader = await client(broker.ports[0]!);
    await reader.subscribeAsync('t');
    const payload = Buffer.alloc(50_000, 120);
    for (let sent = 0; sent < 20; sent += 1) broker.deliver({ topic: 't', payload });
    const [one] = broker.connections();
    expect(one!.queued()).toBeLessThanOrEqual(300_000);
    expect(broker.counts().dropped).toBeGreaterThan(10);
  });

  test('reads a flood more slowly than it comes', async () => {
    const { broker } = await start({}, { messagesPerSecond: 50 });
    const flood = await client(broker.ports[0]!);
    for (let sent = 0; sent < 2_000; sent += 1) flood.publish('t', Buffer.alloc(1_000));
    const calm = await client(broker.ports[0]!);
    const got = listenTo(calm);
    await calm.subscribeAsync('other');
    await calm.publishAsync('other', 'in time');
    await until(() => got.length === 1);
    expect(broker.counts().received).toBeLessThan(1_000);
  });
});

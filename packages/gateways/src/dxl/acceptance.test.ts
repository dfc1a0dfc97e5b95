import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { newTraceId } from '@counterpoint/core';
import { newEvent } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startFabric, type TestFabric, until } from './testing/fabric.ts';
import { ask, connected, heard, offer, say, settled } from './testing/published.ts';

let fabric: TestFabric;
beforeAll(async () => {
  fabric = await startFabric({ store: createMemoryStore() });
});
afterAll(() => fabric.close());
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

const payloads = (messages: readonly { payload: Buffer | string }[]) => messages.map(({ payload }) => String(payload));

describe('the published OpenDXL client', () => {
  test('sends events that others get byte for byte, its own included', async () => {
    const one = await fabric.connect('one');
    const two = await fabric.connect('two');
    const all = [heard(one, '/test/event'), heard(two, '/test/event')];
    await settled(one, two);
    const sent = ['{"a": 1}', '{"a":1}\0', 'plain text', ''];
    for (const payload of sent) say(one, '/test/event', payload);
    say(one, '/test/event', Buffer.from([0xff, 0x00, 0x80]));
    await until(() => all.every((got) => got.length === 5));
    for (const got of all) {
      expect(payloads(got.slice(0, 4))).toEqual(sent);
      expect(Buffer.from(got[4]!.payload)).toEqual(Buffer.from([0xff, 0x00, 0x80]));
    }
  });

  test('speaks over WebSocket', async () => {
    const one = await connected(fabric.client(await fabric.identity('over web'), { webSocket: true }));
    const got = heard(one, '/test/web');
    await settled(one);
    say(one, '/test/web', 'hello');
    await until(() => got.length === 1);
  });

  test('gets events of wildcards, and one copy where its filters overlap', async () => {
    const one = await fabric.connect('wild');
    const got = heard(one, '/wild/#');
    one.subscribe('/wild/+/c');
    one.subscribe('/wild/b/c');
    await settled(one);
    say(one, '/wild/b/c', 'first');
    say(one, '/other/b/c', 'no');
    say(one, '/wild/d', 'second');
    await until(() => got.length >= 2);
    await settled(one);
    expect(got.map(({ destinationTopic, payload }) => `${destinationTopic} ${payload}`)).toEqual([
      '/wild/b/c first',
      '/wild/d second',
    ]);
  });

  test('keeps the order of what one client sends', async () => {
    const one = await fabric.connect('ordered');
    const got = heard(one, '/ordered');
    await settled(one);
    const sent = Array.from({ length: 300 }, (_, index) => String(index));
    for (const payload of sent) say(one, '/ordered', payload);
    await until(() => got.length === 300);
    expect(payloads(got)).toEqual(sent);
  });

  test('shares a configured client id with another, and each gets its own answers', async () => {
    const identity = await fabric.identity('twin');
    const twins = [fabric.client(identity, { clientId: '{same}' }), fabric.client(identity, { clientId: '{same}' })];
    for (const twin of twins) await connected(twin);
    const provider = await fabric.connect('twin provider');
    await offer(provider, '/twin', ['/twin/ask'], ({ payload }) => `for ${payload}`);
    expect(await Promise.all(twins.map((twin, index) => ask(twin, '/twin/ask', String(index))))).toEqual([
      'for 0',
      'for 1',
    ]);
    const answers = twins.map((twin) => {
      const got: unknown[] = [];
      twin.on('packetreceive', (packet) => packet.cmd === 'publish' && got.push(packet));
      return got;
    });
    await ask(twins[0]!, '/twin/ask', 'x');
    await settled(twins[0]!);
    expect(answers.map((got) => got.length)).toEqual([2, 0]);
    expect(twins.every((twin) => twin.connected)).toBe(true);
  });

  test('survives a reconnect with its subscriptions and services', async () => {
    const one = await fabric.connect('back again');
    const two = await fabric.connect('waits');
    const got = heard(one, '/back');
    await offer(one, '/back', ['/back/ask'], () => 'here');
    await settled(one);
    const again = once(one, 'connect');
    one._mqttClient.stream.destroy();
    await again;
    await settled(one);
    say(two, '/back', 'hello again');
    await until(() => got.length === 1);
    expect(await ask(two, '/back/ask')).toBe('here');
  });
});

describe('events of the fabric', () => {
  const causality = { principal: 'system', trace: newTraceId(), cause: '', hop: 0 };
  const publish = (topic: string, data: Parameters<typeof newEvent>[2]) =>
    fabric.store.commit({ events: [newEvent(topic, 's', data, causality, Date.now())] });

  test('reach OpenDXL clients on dxl topics, with data as payload', async () => {
    const one = await fabric.connect('listens');
    const got = heard(one, '/from/fabric');
    await settled(one);
    await publish('dxl.from.fabric', { bad: true });
    await publish('dxl.from.fabric', { payload: 'text', encoding: 'text' });
    await publish('dxl.from.fabric', { payload: { a: 1 }, encoding: 'json', message: { id: 7 } });
    await until(() => got.length === 3);
    expect(payloads(got)).toEqual(['{"bad":true}', 'text', '{"a":1}']);
    expect(got[0]!.sourceClientId).toBe(fabric.gateway.facts.brokerId);
  });

  test('name a client as their sender only where they are from its participant, and keep their order', async () => {
    const one = await fabric.connect('sees senders');
    const got = heard(one, '/whose');
    await settled(one);
    // Issued, and never connected here: as to another process.
    const { thumbprint, certificate } = await fabric.identity('sandbox 9');
    const message = {
      ...{ id: 'm', sourceClientId: thumbprint, sourceClientInstanceId: 'x', sourceBrokerId: '{forged}' },
      ...{ brokerIds: [], clientIds: [], otherFields: { 'dxl.certs': 'forged' } },
    };
    const participants = ['sandbox_9', 'sees_senders', 'nobody', 'sandbox_9'];
    const events = participants.map((participant, index) => ({
      ...newEvent('dxl.whose', 's', { payload: String(index), encoding: 'text', message }, causality, Date.now()),
      participant,
    }));
    await fabric.store.commit({ events });
    await until(() => got.length === 4);
    expect(payloads(got)).toEqual(['0', '1', '2', '3']);
    const { brokerId } = fabric.gateway.facts;
    expect(got.map(({ sourceClientId }) => sourceClientId)).toEqual([thumbprint, brokerId, brokerId, thumbprint]);
    expect(new Set(got.map(({ sourceBrokerId }) => sourceBrokerId))).toEqual(new Set([brokerId]));
    const der = new X509Certificate(certificate).raw.toString('base64');
    expect(got.map(({ otherFields }) => otherFields['dxl.certs'])).toEqual([der, undefined, undefined, der]);
  });

  test('on our own topics reach who may have them, as CloudEvents', async () => {
    const may = await fabric.connect('may have alerts', { subscribe: ['dxl.>', 'alert.>'] });
    const mayNot = await fabric.connect('may not have alerts');
    const all = [heard(may, '/counterpoint/event/alert/created/v1'), heard(mayNot, '/counterpoint/event/#')];
    await settled(may, mayNot);
    await publish('alert.created.v1', { title: 'x' });
    await until(() => all[0]!.length === 1);
    await settled(mayNot);
    expect(all[1]).toEqual([]);
    const event = JSON.parse(payloads(all[0]!)[0]!);
    expect(event).toMatchObject({ specversion: '1.0', type: 'alert.created.v1', data: { title: 'x' } });
  });

  test('are what OpenDXL clients say, readable for reactions, as their participant', async () => {
    const one = await fabric.connect('speaks', { publish: ['dxl.>', 'verdict.file.v1'] });
    say(one, '/tie/rep change', '{"hashes": ["a"]}', { otherFields: { k: 'v' } });
    say(one, '/counterpoint/event/verdict/file/v1', '{"verdict":"bad"}');
    const envelope = { specversion: '1.0', subject: 'sha256:x', data: { verdict: 'good' }, trace: 'mine', hop: -5 };
    say(one, '/counterpoint/event/verdict/file/v1', JSON.stringify(envelope));
    say(one, '/counterpoint/event/verdict/file/v1', '{"other":1}');
    say(one, '/counterpoint/event/verdict/file/v1', 'no JSON');
    await settled(one);
    const rows = await fabric.store.find('outbox', { where: { participant: 'speaks' } });
    const events = rows.map(({ envelope: event }) => event as unknown as ReturnType<typeof newEvent>);
    const mine = events.filter(({ participant, type }) => participant === 'speaks' && !type.startsWith('fabric.'));
    expect(mine.map(({ type, subject, hop }) => [type, subject, hop])).toEqual([
      ['dxl.tie.rep%20change', 'speaks', 1],
      ['verdict.file.v1', 'speaks', 1],
      ['verdict.file.v1', 'sha256:x', 1],
    ]);
    expect(mine[0]!.data).toMatchObject({
      payload: { hashes: ['a'] },
      encoding: 'json',
      message: { sourceClientId: expect.stringMatching(/^[0-9a-f]{40}$/), otherFields: { k: 'v' } },
    });
    expect(fabric.troubles.join()).toMatch(/an event of ours is JSON.*verdict is missing/);
    expect(mine.slice(1).map(({ data }) => data)).toEqual([{ verdict: 'bad' }, { verdict: 'good' }]);
  });
});

import { createMemoryStore, readStream, type StreamReader } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BODY_LIMIT, type Surface, startSurface } from '../testing/surface.ts';

let surface: Surface;
const readers: StreamReader[] = [];
beforeEach(async () => {
  surface = await startSurface(createMemoryStore());
  surface.fabric.admit('sandbox');
  surface.fabric.admit('proxy', { subscribe: ['verdict.>'] });
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await surface.close();
});

const as = (id: string) => ({ authorization: `Bearer cpp_${id}` });

async function call(id: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${surface.url}/fabric/v1${path}`, {
    method,
    headers: { ...as(id), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const verdict = (subject: string) => ({ topic: 'verdict.file.v1', subject, data: { verdict: 'malicious' } });
const publish = (...subjects: string[]) => call('sandbox', 'POST', '/events', subjects.map(verdict));

async function listen(id: string, query: string, headers: Record<string, string> = {}): Promise<StreamReader> {
  const reader = await readStream(`${surface.url}/fabric/v1/events?${query}`, { ...as(id), ...headers });
  readers.push(reader);
  return reader;
}

const eventOf = (delivery: { readonly event: { readonly subject: string } }) => delivery.event.subject;
const subjects = (answer: { readonly body: Record<string, unknown> }) =>
  (answer.body.events as { readonly event: { readonly subject: string } }[]).map(eventOf);
const acks = (answer: { readonly body: Record<string, unknown> }) =>
  (answer.body.events as { readonly ack: string }[]).map(({ ack }) => ack);

describe('publishing', () => {
  it('answers with an id for each event, in the order of the list', async () => {
    const { status, body } = await publish('a', 'b');
    expect(status).toBe(202);
    expect(body.events).toEqual([
      { status: 202, id: expect.any(String) },
      { status: 202, id: expect.any(String) },
    ]);
  });

  it('takes one event without a list, and refuses it as a problem', async () => {
    expect((await call('sandbox', 'POST', '/events', verdict('a'))).status).toBe(202);
    const refused = await call('sandbox', 'POST', '/events', { topic: 'not.allowed.v1', data: null });
    expect(refused).toMatchObject({ status: 403, body: { code: 'fabric.publish_denied' } });
  });

  it('tells of each event of a list whether it was taken', async () => {
    const list = [verdict('a'), { topic: 'not.allowed.v1', data: null }, verdict('b')];
    const { status, body } = await call('sandbox', 'POST', '/events', list);
    expect(status).toBe(207);
    expect(body.events).toMatchObject([{ status: 202 }, { code: 'fabric.publish_denied' }, { status: 202 }]);
  });

  it('takes CloudEvents in structured and binary mode', async () => {
    const stream = await listen('proxy', 'topics=verdict.>');
    const structured = { specversion: '1.0', id: 'own-1', source: '/x', type: 'verdict.file.v1', data: { n: 1 } };
    const type = { 'content-type': 'application/cloudevents+json' };
    expect((await call('sandbox', 'POST', '/events', structured, type)).status).toBe(202);
    const binary = { 'ce-specversion': '1.0', 'ce-id': 'own-2', 'ce-source': '/x', 'ce-type': 'verdict.file.v1' };
    expect((await call('sandbox', 'POST', '/events', { n: 2 }, binary)).status).toBe(202);
    const got = [await stream.next(), await stream.next()];
    expect(got.map((message) => [message?.data.id, message?.data.data])).toEqual([
      ['own-1', { n: 1 }],
      ['own-2', { n: 2 }],
    ]);
  });

  it.each([
    ['no topic', { data: 1 }, 'body.topic: '],
    ['no data', { topic: 'a.b.v1' }, 'body.data: '],
    ['an id that is a number', { topic: 'a.b.v1', data: 1, id: 7 }, 'body.id: '],
    ['an unknown field', { topic: 'a.b.v1', data: 1, trace: 'f'.repeat(32) }, '"trace"'],
    ['an empty list', [], 'body: Too small'],
    ['too many', Array.from({ length: 501 }, () => ({ topic: 'a.b.v1', data: 1 })), 'body: Too big'],
    ['a list with one that is none', [{ topic: 'a.b.v1', data: 1 }, { data: 1 }], 'body.1.topic: '],
  ])('refuses %s, and says what is wrong', async (_name, body, reason) => {
    expect(await call('sandbox', 'POST', '/events', body)).toMatchObject({
      status: 400,
      body: { code: 'api.request_invalid', detail: expect.stringContaining(reason) },
    });
  });

  it('refuses a body that is too large, and types that are not read', async () => {
    const large = await call('sandbox', 'POST', '/events', { topic: 'a.b.v1', data: 'x'.repeat(BODY_LIMIT) });
    expect(large).toMatchObject({ status: 413, body: { code: 'core.body_too_large' } });
    const typed = await call('sandbox', 'POST', '/events', 'topic=x', { 'content-type': 'text/plain' });
    expect(typed).toMatchObject({ status: 415 });
  });
});

describe('a stream of events', () => {
  it('begins now, and has only the topics that were asked for', async () => {
    await publish('before');
    const stream = await listen('sandbox', 'topics=verdict.*.v1');
    await call('sandbox', 'POST', '/events', { topic: 'other.thing.v1', data: 1 });
    await publish('after');
    expect((await stream.next())?.data).toMatchObject({
      type: 'verdict.file.v1',
      subject: 'after',
      specversion: '1.0',
    });
  });

  it('goes on behind the last event that the reader got', async () => {
    await publish('a', 'b', 'c');
    const stream = await listen('proxy', '', { 'last-event-id': '1' });
    await publish('d');
    const got = [await stream.next(), await stream.next(), await stream.next()];
    expect(got.map((message) => [message?.id, message?.data.subject])).toEqual([
      ['2', 'b'],
      ['3', 'c'],
      ['4', 'd'],
    ]);
  });

  it('catches up over many pages without a gap while more is published', async () => {
    for (let page = 0; page < 5; page++) await publish(...Array.from({ length: 100 }, (_, at) => `${page}-${at}`));
    const stream = await listen('proxy', 'after=0');
    const more = publish('last');
    const ids: string[] = [];
    while (ids.length < 501) ids.push((await stream.next())?.id ?? 'ended');
    await more;
    expect(ids).toEqual(Array.from({ length: 501 }, (_, at) => String(at + 1)));
  });

  it('is refused where a right does not reach', async () => {
    for (const topics of ['>', 'verdict.>,alert.>', 'alert.created.v1']) {
      const refused = await call('proxy', 'GET', `/events?topics=${encodeURIComponent(topics)}`);
      expect(refused, topics).toMatchObject({ status: 403, body: { code: 'fabric.subscribe_denied' } });
    }
    expect(surface.fabric.refused).toEqual(['>', 'alert.>', 'alert.created.v1']);
  });

  it('ends when the token is revoked, and says so', async () => {
    const stream = await listen('proxy', '');
    surface.fabric.revoke('proxy');
    surface.clock.advance(15_000);
    expect(await stream.next()).toMatchObject({ event: 'end', data: { code: 'refused' } });
    expect(await stream.next()).toBeUndefined();
    expect((await call('proxy', 'GET', '/events')).status).toBe(401);
  });

  it('ends with the session', async () => {
    const stream = await listen('proxy', '');
    surface.fabric.sessions.get('proxy')?.close('it was disabled');
    expect(await stream.next()).toMatchObject({ event: 'end', data: { code: 'left', reason: 'it was disabled' } });
  });

  it('is one of sixteen at most', async () => {
    for (let at = 0; at < 16; at++) await listen('proxy', '');
    expect(await call('proxy', 'GET', '/events')).toMatchObject({
      status: 429,
      body: { code: 'api.too_many_streams' },
    });
    await listen('sandbox', '');
    readers[0]?.close();
    const again = async () => (await call('proxy', 'GET', '/pull?durable=x&wait=0')).status;
    await expect.poll(again).toBe(200);
  });
});

describe('a durable subscription', () => {
  it('is one of a hundred of a participant at most, and goes on under its name then too', async () => {
    const pull = (name: string) => call('proxy', 'GET', `/pull?durable=${name}&wait=0`);
    for (let index = 0; index < 100; index++) expect((await pull(`box${index}`)).status).toBe(200);
    expect(await pull('one-more')).toMatchObject({ status: 429, body: { code: 'api.too_many_subscriptions' } });
    expect((await pull('box7')).status).toBe(200);
  });

  it('delivers again what was not acknowledged, and nothing that was', async () => {
    const stream = await listen('proxy', 'durable=box');
    await publish('a', 'b');
    const first = await stream.next();
    expect(await stream.next()).toMatchObject({ data: { event: { subject: 'b' } } });
    const answer = await call('proxy', 'POST', '/ack', { ids: [first?.data.ack, 'never-given'] });
    expect(answer.body).toEqual({ settled: [first?.data.ack], unknown: ['never-given'] });
    stream.close();
    const again = await listen('proxy', 'durable=box');
    expect(await again.next()).toMatchObject({ data: { event: { subject: 'b' } } });
    await publish('c');
    expect(await again.next()).toMatchObject({ data: { event: { subject: 'c' } } });
  });

  it('is read by the newest connection', async () => {
    const before = await listen('proxy', 'durable=box');
    const after = await listen('proxy', 'durable=box');
    expect(await before.next()).toMatchObject({ event: 'end', data: { code: 'replaced' } });
    await publish('a');
    expect(await after.next()).toMatchObject({ data: { event: { subject: 'a' } } });
    expect(surface.fabric.consuming()).toBe(1);
  });

  it('can be pulled without a stream', async () => {
    await call('proxy', 'GET', '/pull?durable=box&wait=0');
    await publish('a', 'b', 'c');
    const two = await call('proxy', 'GET', '/pull?durable=box&max=2&wait=0');
    expect(subjects(two)).toEqual(['a', 'b']);
    await call('proxy', 'POST', '/ack', { ids: acks(two) });
    expect(subjects(await call('proxy', 'GET', '/pull?durable=box&wait=0'))).toEqual(['c']);
    expect(subjects(await call('proxy', 'GET', '/pull?durable=box&wait=0'))).toEqual([]);
  });

  it('lets a puller wait for what comes', async () => {
    const waiting = call('proxy', 'GET', '/pull?durable=box&wait=30');
    await expect.poll(() => surface.fabric.consuming()).toBe(1);
    await publish('a');
    expect(subjects(await waiting)).toEqual(['a']);
    const nothing = call('proxy', 'GET', '/pull?durable=other&wait=30');
    await expect.poll(() => surface.fabric.consuming()).toBe(2);
    surface.clock.advance(30_000);
    expect(subjects(await nothing)).toEqual([]);
  });

  it('counts what is given back, or not acknowledged in time, as failed', async () => {
    await call('proxy', 'GET', '/pull?durable=box&wait=0&timeout=5');
    await publish('a');
    const first = await call('proxy', 'GET', '/pull?durable=box&wait=0');
    await call('proxy', 'POST', '/nack', { ids: acks(first), reason: 'cannot read it' });
    await expect.poll(async () => subjects(await call('proxy', 'GET', '/pull?durable=box&wait=0'))).toEqual(['a']);
    surface.clock.advance(5_000);
    await expect
      .poll(() => surface.fabric.failures.map(({ reason }) => reason))
      .toEqual(['cannot read it', 'not acknowledged within 5 s']);
  });

  it('does not give an event for ever to readers that die of it', async () => {
    await call('proxy', 'GET', '/pull?durable=box&attempts=2&wait=0');
    await publish('poison');
    for (let reader = 0; reader < 3; reader++) {
      const stream = await listen('proxy', 'durable=box&attempts=2');
      if (reader < 2) expect(await stream.next()).toMatchObject({ data: { event: { subject: 'poison' } } });
      stream.close();
    }
    await expect
      .poll(() => surface.fabric.failures.map(({ reason }) => reason))
      .toEqual(['2 connections ended before it was acknowledged']);
  });

  it('that never acknowledges holds up nobody else', async () => {
    const stuck = await listen('proxy', 'durable=stuck');
    const other = await listen('sandbox', 'durable=other&topics=verdict.>');
    for (let at = 0; at < 3; at++) await publish(...Array.from({ length: 100 }, (_, one) => `${at}-${one}`));
    for (let at = 0; at < 300; at++) {
      const message = await other.next();
      await call('sandbox', 'POST', '/ack', { ids: [message?.data.ack] });
    }
    expect((await stuck.next())?.data.position).toBe(1);
  });

  it('stops a minute after its last reader left, and goes on where it was', async () => {
    const stream = await listen('proxy', 'durable=box&timeout=600');
    await publish('a');
    await stream.next();
    stream.close();
    const later = () => {
      surface.clock.advance(60_000);
      return surface.fabric.consuming();
    };
    await expect.poll(later).toBe(0);
    const again = await listen('proxy', 'durable=box');
    expect(await again.next()).toMatchObject({ data: { event: { subject: 'a' } } });
    expect(surface.fabric.failures).toEqual([]);
  });

  it('acknowledges by itself where that is asked for', async () => {
    const stream = await listen('proxy', 'durable=box&ack=auto');
    await publish('a');
    await stream.next();
    await publish('b');
    await stream.next();
    stream.close();
    await expect.poll(async () => subjects(await call('proxy', 'GET', '/pull?durable=box&wait=0'))).toEqual([]);
  });

  it.each(['', 'Box', 'a/b', '../x', 'x'.repeat(65)])('has no name like %j', async (name) => {
    const refused = await call('proxy', 'GET', `/pull?wait=0&durable=${encodeURIComponent(name)}`);
    expect(refused).toMatchObject({ status: 400, body: { code: 'api.request_invalid' } });
  });
});

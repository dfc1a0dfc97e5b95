import { type DeliveryRow, type EventLog, eventErrors, newEvent, type StartOfReading } from '@counterpoint/events';
import {
  createTraffic,
  participantActor,
  type ReadGraph,
  type Span,
  serverActor,
  type Traffic,
} from '@counterpoint/fabric';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FabricDesk, fabricHandlers } from './handlers/fabric.ts';
import { type Surface, startSurface } from './testing/surface.ts';

let surface: Surface;
let rewound: StartOfReading[];
let redelivered: string[];
let traffic: Traffic;
let standings: (typeof standing)[];

const standing = { name: 'reactions', topics: ['>'], position: 7, behind: 2, retrying: 0, dead: 1 };
const graph: ReadGraph = {
  graph: {
    actors: [
      serverActor(),
      participantActor({ id: 'sandbox', title: 'Sandbox', publishes: ['verdict.*.v1'], subscribes: ['file.seen.v1'] }),
    ],
    topics: new Map(),
  },
  findings: [],
};

beforeEach(async () => {
  rewound = [];
  redelivered = [];
  standings = [standing];
  surface = await startSurface(createMemoryStore(), (store, clock) => {
    const eventLog = {
      standings: async () => standings,
      rewind: async (_name: string, start: StartOfReading) => void rewound.push(start),
      async redeliver(id: string) {
        const row = await store.get('deliveries', id);
        if (row?.state !== 'dead') throw eventErrors.delivery_unknown({ delivery: id });
        await store.commit({ rows: [{ op: 'put', table: 'deliveries', row: { ...row, state: 'retry' } }] });
        redelivered.push(id);
      },
    } as unknown as EventLog;
    traffic = createTraffic(clock);
    traffic.add('verdict.ip.v1', 'sandbox', clock.now(), 1);
    traffic.add('dxl.a.b', 'dxl_client', clock.now(), 1);
    const mute = { id: 'mute', enabled: true, rights: { publish: ['mqtt.>'], subscribe: [], offer: [], invoke: [] } };
    const members = { all: () => [], get: (id: string) => (id === 'mute' ? mute : undefined) };
    const seen = { graph: async () => graph, effectOf: () => () => undefined };
    const counted = { over: async (span: Span) => traffic.over(span) };
    return fabricHandlers({ store, clock, eventLog, traffic: counted, members, ...seen } as unknown as FabricDesk);
  });
});
afterEach(() => surface.close());

const delivery: DeliveryRow = {
  id: 'd-1',
  consumer: 'reactions',
  event: 'e-1',
  topic: 'verdict.ip.v1',
  subject: 's',
  position: 3,
  state: 'dead',
  attempts: 10,
  next_at: 1,
  error: 'it always fails',
  at: 1,
};

async function call(method: string, path: string, body?: unknown, token = surface.owner) {
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await surface.send({
    method,
    path: `/api/v1/fabric${path}`,
    headers: { authorization: `Bearer ${token}`, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(answer.text) };
}

const put = (row: DeliveryRow) => surface.store.commit({ rows: [{ op: 'put', table: 'deliveries', row }] });
const audited = async () =>
  (await surface.store.find('audit', {})).filter(({ action }) => action.startsWith('fabric.'));

describe('dead events', () => {
  it('are listed and shown, and given to their consumer again with a reason', async () => {
    await put(delivery);
    await put({ ...delivery, id: 'd-2', state: 'retry' });
    expect((await call('GET', '/dead')).body.items).toMatchObject([{ id: 'd-1', error: 'it always fails' }]);
    expect((await call('GET', '/dead?state=retry')).body.items).toMatchObject([{ id: 'd-2' }]);
    expect((await call('GET', '/dead/d-1')).body).toMatchObject({ consumer: 'reactions', envelope: null });
    expect((await call('POST', '/dead/d-1/redeliver', { reason: 'fixed' })).status).toBe(200);
    expect(redelivered).toEqual(['d-1']);
    expect(await audited()).toMatchObject([
      { action: 'fabric.redelivered', object: 'event:e-1', data: { consumer: 'reactions', reason: 'fixed' } },
    ]);
  });

  it('are thrown away for ever, those that are still tried are not', async () => {
    await put(delivery);
    await put({ ...delivery, id: 'd-2', state: 'retry' });
    expect((await call('POST', '/dead/d-1/discard', { reason: 'malformed' })).status).toBe(200);
    expect(await surface.store.get('deliveries', 'd-1')).toBeUndefined();
    expect(await call('POST', '/dead/d-2/discard', { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'api.delivery_alive' },
    });
    expect(await call('POST', '/dead/none/discard', { reason: 'x' })).toMatchObject({ status: 404 });
    expect((await audited()).map(({ action }) => action)).toEqual(['fabric.discarded']);
  });

  it('are all given again in the order of the log, page by page, each once; what dies again is left', async () => {
    const many = [...Array(201).keys()].map((n) => ({ ...delivery, id: `d-${n}`, event: `e-${n}`, position: 300 - n }));
    const others = [
      { ...delivery, id: 'other', consumer: 'triggers' },
      { ...delivery, id: 'later', next_at: surface.clock.now() + 1 },
    ];
    for (const row of [...many, ...others]) await put(row);
    const all = (body: object) => call('POST', '/dead/redeliver', { consumer: 'reactions', reason: 'fixed', ...body });
    const first = (await all({})).body;
    expect(first).toEqual({ redelivered: 200, left: 1, until: surface.clock.now() });
    expect([redelivered[0], redelivered.at(-1)]).toEqual(['d-200', 'd-1']);
    expect((await all({ until: first.until })).body).toMatchObject({ redelivered: 1, left: 0 });
    expect((await all({ until: first.until })).body).toMatchObject({ redelivered: 0, left: 0 });
    expect(await surface.store.count('deliveries', { state: 'dead' })).toBe(2);
    expect(await surface.store.count('audit', { action: 'fabric.redelivered' })).toBe(201);
    expect((await call('POST', '/dead/redeliver', {})).status).toBe(400);
  });

  it('may be seen by who may read the fabric, and touched by who may operate it', async () => {
    await put(delivery);
    const reader = await surface.tokenWith(['fabric:read']);
    expect((await call('GET', '/dead', undefined, reader)).status).toBe(200);
    expect((await call('POST', '/dead/d-1/discard', { reason: 'x' }, reader)).status).toBe(403);
    expect((await call('POST', '/dead/redeliver', { reason: 'x' }, reader)).status).toBe(403);
  });
});

describe('a consumer', () => {
  it('is rewound to a position or a time, with a reason, and that is audited', async () => {
    expect((await call('POST', '/consumers/reactions/rewind', { after: 5, reason: 'a try' })).body.name).toBe(
      'reactions',
    );
    await call('POST', '/consumers/reactions/rewind', { time: 1_000, reason: 'a try' });
    expect(rewound).toEqual([{ after: 5 }, { since: 1_000 }]);
    expect((await audited()).map(({ object }) => object)).toEqual(['consumer:reactions', 'consumer:reactions']);
    expect((await call('POST', '/consumers/reactions/rewind', { reason: 'x' })).status).toBe(400);
    expect((await call('POST', '/consumers/nobody/rewind', { after: 0, reason: 'x' })).status).toBe(404);
  });
});

describe('topics', () => {
  it('are those that are named or seen, with who publishes and takes them', async () => {
    const { items } = (await call('GET', '/topics')).body as { items: { topic: string }[] };
    expect(items.find(({ topic }) => topic === 'verdict.ip.v1')).toMatchObject({
      publishers: ['participant:sandbox'],
      version: 1,
      events: 1,
    });
    expect(items.find(({ topic }) => topic === 'file.seen.v1')).toMatchObject({ takers: ['participant:sandbox'] });
    expect(items.find(({ topic }) => topic === 'dxl.a.b')).toMatchObject({
      version: null,
      declared: false,
      open: true,
    });
  });
});

describe('the map', () => {
  it('tells of storms, of dead letters by topic, and how many topics that nobody named it leaves out', async () => {
    await put(delivery);
    await put({ ...delivery, id: 'd-old', topic: 'dxl.old' });
    await surface.store.commit({
      rows: [
        {
          op: 'put',
          table: 'breakers',
          row: { id: 'dxl_client@dxl.a.b', state: 'open', reason: 'too many', at: 5, item: '', rev: 1 },
        },
      ],
    });
    for (let n = 0; n < 400; n++) traffic.add(`dxl.seen.t${n}`, 'dxl_client', surface.clock.now(), 1);
    const { body } = await call('GET', '/map');
    expect(body.window).toBe('1h');
    expect(body.storms).toEqual([{ id: 'dxl_client@dxl.a.b', reason: 'too many', at: 5, held: 0 }]);
    expect(body.topics.find(({ topic }: { topic: string }) => topic === 'verdict.ip.v1')).toMatchObject({ dead: 1 });
    const seenOnly = body.topics.filter(({ topic }: { topic: string }) => topic.startsWith('dxl.'));
    expect([seenOnly.length, body.topics_left_out]).toEqual([299, 103]);
    expect(seenOnly.find(({ topic }: { topic: string }) => topic === 'dxl.old')).toMatchObject({ events: 0, dead: 1 });
  });
});

describe('what would happen if', () => {
  it.each([
    ['somebody who is not known', 'nobody', 'mqtt.a'],
    ['somebody who has no right to the topic', 'mute', 'verdict.url.v1'],
  ])('is nothing when %s published it', async (_who, participant, topic) => {
    const { status, body } = await call('POST', '/what-if', { topic, participant, data: {} });
    expect([status, body.takers]).toEqual([200, []]);
    expect(body.problem).toContain(participant);
  });
});

describe('the edges of the map', () => {
  it('show also who publishes or takes something without having said so', async () => {
    traffic.add('verdict.ip.v1', 'newcomer', surface.clock.now(), 1);
    standings.push({ ...standing, name: 'participant:newcomer/all', topics: ['dxl.>'] });
    const { edges, topics } = (await call('GET', '/map')).body as {
      edges: { from: string; to: string; events: number }[];
      topics: { topic: string; publishers: string[]; takers: string[] }[];
    };
    const told = edges.map(({ from, to }) => `${from} > ${to}`);
    expect(told).toContain('participant:newcomer > topic:verdict.ip.v1');
    expect(told).toContain('participant:dxl_client > topic:dxl.a.b');
    expect(told).toContain('topic:dxl.a.b > participant:newcomer');
    expect(told.filter((edge) => edge === 'participant:sandbox > topic:verdict.ip.v1')).toHaveLength(1);
    expect(topics.find(({ topic }) => topic === 'dxl.a.b')?.takers).toEqual(['participant:newcomer']);
    expect((await call('GET', '/topics')).body.items).toMatchObject(topics.map(({ takers }) => ({ takers })));
    expect(topics.find(({ topic }) => topic === 'verdict.ip.v1')?.publishers).toEqual([
      'participant:sandbox',
      'participant:newcomer',
    ]);
  });
});

describe('the events of a topic', () => {
  const said = (n: number, participant: string) => ({
    ...newEvent(
      'verdict.ip.v1',
      `ip-${n}`,
      { n },
      { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 },
      n,
    ),
    participant,
  });

  it('are read newest first, page by page, of one publisher too, and one by one', async () => {
    const events = [1, 2, 3, 4, 5].map((n) => said(n, n % 2 ? 'sandbox' : 'other'));
    await surface.store.commit({ events });
    const topic = 'topic=verdict.ip.v1';
    const first = (await call('GET', `/recent-events?${topic}&limit=2`)).body;
    expect(first.items.map(({ subject }: { subject: string }) => subject)).toEqual(['ip-5', 'ip-4']);
    const next = (await call('GET', `/recent-events?${topic}&limit=10&cursor=${first.next}`)).body;
    expect(next.items.map(({ at }: { at: number }) => at)).toEqual([3, 2, 1]);
    expect(next.next).toBeNull();
    const ofOne = (await call('GET', `/recent-events?${topic}&participant=other`)).body;
    expect(ofOne.items.map(({ data }: { data: unknown }) => data)).toEqual([{ n: 4 }, { n: 2 }]);
    expect((await call('GET', '/recent-events')).status).toBe(400);
    expect((await call('GET', `/events/${events[2]?.id}`)).body).toMatchObject({
      subject: 'ip-3',
      participant: 'sandbox',
    });
    expect((await call('GET', '/events/none')).status).toBe(404);
  });
});

import { linkObservables, readObservable } from '@counterpoint/cases';
import { type AlertRow, type Store, UNHANDLED } from '@counterpoint/events';
import { anAlert } from '@counterpoint/events/conformance';
import { createMemoryStore } from '@counterpoint/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { searchOf } from './alert-query.ts';
import { alertHandlers } from './handlers/alerts.ts';
import { caseHandlers } from './handlers/cases.ts';
import { type Surface, startSurface } from './testing/surface.ts';

let surface: Surface;
let store: Store;
beforeEach(async () => {
  store = createMemoryStore();
  surface = await startSurface(store, (given, clock) => ({
    ...alertHandlers({ store: given, clock, normalizers: new Map() }),
    ...caseHandlers({ store: given, clock }),
  }));
});
afterEach(() => surface.close());

const OBSERVABLE = { name: 'x', type: 'IP Address', type_id: 2, value: '203.0.113.7' };
const alert = (id: string, patch: Partial<AlertRow> = {}): AlertRow =>
  anAlert(id, {
    ...{ trace: id.padEnd(32, '0'), title: `Alert ${id}`, finding: { class_uid: 2004, observables: [OBSERVABLE] } },
    ...{ first_seen: 1, last_seen: 1, created_at: 1, updated_at: 1, ...patch },
  });

async function add(...rows: AlertRow[]) {
  await store.commit({ rows: rows.map((row) => ({ op: 'insert', table: 'alerts', row }) as const) });
}

async function call(method: string, path: string, body?: unknown, token = surface.owner) {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { authorization: `Bearer ${token}`, ...type };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await surface.send({ method, path: `/api/v1${path}`, headers, ...sent });
  return { status: answer.status, body: JSON.parse(answer.text) };
}

const idsOf = async (path: string): Promise<string> =>
  (await call('GET', path)).body.items.map(({ id }: { id: string }) => id).join('');

const QUEUE = [
  alert('a', { created_at: 1, severity: 2, title: 'SSH brute force', count: 9 }),
  alert('b', { created_at: 2, severity: 5, status: 'resolved', verdict: 'malicious' }),
  alert('c', { created_at: 3, severity: 5, source: 'suricata_eve', last_seen: 99 }),
  alert('d', { created_at: 4, severity: 3, status: 'in_progress', simulated: true, case_id: 'c1' }),
];

describe('the queue', () => {
  beforeEach(() => add(...QUEUE));

  it('is filtered by what is asked for, alone and together', async () => {
    expect(await idsOf('/alerts')).toBe('dcba');
    expect(await idsOf('/alerts?status=new,in_progress')).toBe('dca');
    expect(await idsOf('/alerts?severity=critical&status=new')).toBe('c');
    expect(await idsOf('/alerts?source=suricata_eve,other')).toBe('c');
    expect(await idsOf('/alerts?verdict=malicious,benign')).toBe('b');
    expect(await idsOf('/alerts?case=c1')).toBe('d');
    expect(await idsOf('/alerts?case=none')).toBe('cba');
    expect(await idsOf('/alerts?simulated=true')).toBe('d');
    expect(await idsOf('/alerts?since=2&until=4')).toBe('cb');
    expect(await idsOf('/alerts?q=FORCE%20ssh')).toBe('a');
    expect((await call('GET', '/alerts?status=done')).status).toBe(400);
  });

  it('is sorted as asked for, page by page', async () => {
    expect(await idsOf('/alerts?sort=severity')).toBe('cbda');
    expect(await idsOf('/alerts?sort=last_seen')).toBe('cabd');
    expect(await idsOf('/alerts?sort=count')).toBe('abcd');
    const both = (await call('GET', '/alerts?status=new,resolved&limit=2')).body;
    expect(await idsOf(`/alerts?status=new,resolved&limit=2&cursor=${both.next}`)).toBe('a');
    const first = (await call('GET', '/alerts?sort=severity&limit=2')).body;
    expect(await idsOf(`/alerts?sort=severity&limit=2&cursor=${first.next}`)).toBe('da');
    expect((await call('GET', `/alerts?cursor=${first.next}`)).body.code).toBe('api.cursor_invalid');
  });

  it('finds what holds a value, defanged or not, and nothing for what is no observable', async () => {
    const occasion = { key: 'k', causality: { principal: 'p', trace: 't', cause: '', hop: 0 }, now: 1 };
    await store.commit(linkObservables(occasion, 'alert:b', [readObservable('198.51.100.9')]));
    expect(await idsOf('/alerts?observable=198[.]51.100.9')).toBe('b');
    expect(await idsOf('/alerts?observable=198.51.100.9&status=new')).toBe('');
    for (const path of ['/alerts/facets', '/cases'])
      expect((await call('GET', `${path}?observable=198.51.100.9`)).body.cut).toBe(false);
    expect(await idsOf('/alerts?observable=not%20one')).toBe('');
  });

  it('counts each value of a filter under all the others', async () => {
    const { body } = await call('GET', '/alerts/facets?status=new&severity=critical');
    expect(body).toMatchObject({ total: 1, severity: expect.arrayContaining([{ value: 'low', count: 1 }]) });
    expect(body.status).toEqual(expect.arrayContaining([{ value: 'resolved', count: 1 }]));
    expect(body.source).toEqual([{ value: 'suricata_eve', count: 1 }]);
    expect((await call('GET', '/alerts/facets')).body.total).toBe(4);
    const free = (await call('GET', '/alerts/facets?case=none')).body;
    expect(free).toMatchObject({ total: 3, status: expect.not.arrayContaining([{ value: 'in_progress', count: 1 }]) });
  });

  it('shows a glance of the observables, defanged', async () => {
    const { body } = await call('GET', '/alerts?limit=1');
    expect(body.items[0]).toMatchObject({
      observables: [{ type: 'ipv4-addr', value: '203.0.113.7', display: '203[.]0[.]113[.]7' }],
      observable_count: 1,
    });
  });
});

describe('many alerts at once', () => {
  beforeEach(() => add(...QUEUE));

  it('are changed, and what they were before is answered, so that it can be undone', async () => {
    const { body } = await call('POST', '/alerts/update', { ids: ['a', 'b', 'gone'], status: 'resolved' });
    expect(body.items).toMatchObject([
      { id: 'a', previous: { status: 'new', verdict: 'unknown', case: null }, status: 'resolved', error: null },
      { id: 'b', previous: { status: 'resolved' }, status: 'resolved', error: null },
      { id: 'gone', previous: null, status: null, error: { code: 'cases.alert_not_found' } },
    ]);
    expect(await store.get('alerts', 'a')).toMatchObject({ status: 'resolved', rev: 2 });
    expect(await store.get('alerts', 'b')).toMatchObject({ rev: 1 });
    await call('POST', '/alerts/update', { ids: ['a'], status: 'new', verdict: 'unknown', case: null });
    expect(await store.get('alerts', 'a')).toMatchObject({ status: 'new' });
  });

  it('begin a case, move into another one and out of it, and each case says so', async () => {
    const { status, body } = await call('POST', '/cases', { title: 'Two', alerts: ['a', 'b'] });
    expect([status, body]).toMatchObject([201, { severity: 'critical', status: 'open', trace: QUEUE[0]?.trace }]);
    const kinds = async () =>
      (await call('GET', `/cases/${body.id}`)).body.entries.map((one: { kind: string }) => one.kind);
    expect((await call('GET', `/cases/${body.id}`)).body.alerts).toHaveLength(2);
    expect((await call('GET', '/cases')).body.items).toMatchObject([{ id: body.id, alert_count: 2 }]);
    await call('POST', '/alerts/update', { ids: ['c'], case: body.id });
    await call('POST', '/alerts/update', { ids: ['a'], case: null });
    expect(await store.count('alerts', { case_id: body.id })).toBe(2);
    expect(await kinds()).toEqual(expect.arrayContaining(['opened', 'alert_added', 'alert_removed']));
    expect((await call('POST', '/alerts/update', { ids: ['a'], case: 'gone' })).status).toBe(404);
  });

  it('are no longer new in a case, and new again when that is taken back with the status that they had', async () => {
    const { body } = await call('POST', '/cases', { title: 'One', alerts: ['a'] });
    const counts = async () => [
      await store.count('alerts', { status: 'new' }),
      (await call('GET', '/alerts?status=new')).body.items.length,
      (await call('GET', '/alerts/facets')).body.status.find((one: { value: string }) => one.value === 'new')?.count ??
        0,
    ];
    const [before] = await counts();
    const put = (await call('POST', '/alerts/update', { ids: ['c'], case: body.id })).body.items;
    expect(put).toMatchObject([{ previous: { status: 'new', case: null }, status: 'in_progress' }]);
    expect(await counts()).toEqual(Array(3).fill((before ?? 0) - 1));
    const back = { ids: ['c'], case: null, status: 'new', verdict: 'suspicious' };
    expect((await call('POST', '/alerts/update', back)).body.items).toMatchObject([{ status: 'new' }]);
    expect(await store.get('alerts', 'c')).toMatchObject({ ...UNHANDLED, verdict: 'suspicious' });
    expect(await counts()).toEqual(Array(3).fill(before));
  });

  it('need the right to change cases where a case is named', async () => {
    const token = await surface.tokenWith(['alert:write', 'alert:read']);
    expect((await call('POST', '/alerts/update', { ids: ['a'], status: 'resolved' }, token)).status).toBe(200);
    expect((await call('POST', '/alerts/update', { ids: ['a'], case: null }, token)).status).toBe(403);
    const cases = await surface.tokenWith(['case:write']);
    expect((await call('POST', '/cases', { title: 'x', alerts: ['a'] }, cases)).status).toBe(403);
    expect((await call('POST', '/cases', { title: 'x' }, cases)).status).toBe(201);
  });

  it('are refused without anything to change, and beyond 500', async () => {
    expect((await call('POST', '/alerts/update', { ids: ['a'] })).status).toBe(400);
    const ids = Array.from({ length: 501 }, (_, index) => `x${index}`);
    expect((await call('POST', '/alerts/update', { ids, status: 'new' })).status).toBe(400);
  });
});

describe('cases', () => {
  it('are handed to people who may sign in, and found by owner, words and what their alerts hold', async () => {
    await add(alert('a'));
    const { body } = await call('POST', '/cases', { title: 'Brute force of root', alerts: ['a'] });
    const [person] = (await call('GET', '/people')).body.items;
    expect(person).toEqual({ id: expect.any(String), name: 'ada' });
    const handed = await call('PATCH', `/cases/${body.id}`, { owner: person.id, severity: 'critical' });
    expect(handed.body).toMatchObject({ owner: person.id, severity: 'critical' });
    expect((await call('PATCH', `/cases/${body.id}`, { owner: 'nobody' })).body.code).toBe('cases.owner_invalid');
    const occasion = { key: 'k', causality: { principal: 'p', trace: 't', cause: '', hop: 0 }, now: 1 };
    await store.commit(linkObservables(occasion, 'alert:a', [readObservable('203.0.113.7')]));
    for (const query of [
      `owner=${person.id}`,
      'q=ROOT',
      'observable=203.0.113.7',
      'severity=critical',
      'status=open',
    ]) {
      expect(await idsOf(`/cases?${query}`), query).toBe(body.id);
    }
    for (const query of ['owner=none', 'q=nothing', 'observable=203.0.113.8', 'status=closed']) {
      expect(await idsOf(`/cases?${query}`), query).toBe('');
    }
    expect((await call('GET', `/cases/${body.id}`)).body.observables).toMatchObject([
      { value: '203.0.113.7', sightings: 1, verdict: 'unknown', enrichments: [] },
    ]);
  });

  it('give their timeline page by page, by kind', async () => {
    const { body } = await call('POST', '/cases', { title: 'One' });
    for (const text of ['first', 'second', 'third']) {
      surface.clock.advance(1_000);
      await call('POST', `/cases/${body.id}/notes`, { text });
    }
    const page = (await call('GET', `/cases/${body.id}/entries?kind=note&limit=2`)).body;
    expect(page.items.map((one: { text: string }) => one.text)).toEqual(['third', 'second']);
    const rest = (await call('GET', `/cases/${body.id}/entries?kind=note&limit=2&cursor=${page.next}`)).body;
    expect(rest.items.map((one: { text: string }) => one.text)).toEqual(['first']);
  });
});

describe('searchOf', () => {
  it('takes hex of eight digits and more for an id, and anything else for words', () => {
    expect(searchOf('019a2b3c-11')).toEqual({ id: { prefix: '019a2b3c-11' } });
    expect(searchOf(' two  words ')).toEqual({ title: { holding: ['two', 'words'] } });
    expect(searchOf('  ')).toEqual({});
    expect(searchOf(undefined)).toEqual({});
  });
});

import { isCounterpointError } from '@counterpoint/core';
import { type Change, type JournalRow, newEvent, type SettingRow, type Store } from '@counterpoint/events';
import { aRun } from '@counterpoint/events/conformance';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStore } from './memory-store.ts';

const causality = { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 };
const setting = (id: string, rev = 1, value: SettingRow['value'] = id): SettingRow => ({ id, value, rev });
const insert = (...rows: SettingRow[]): Change => ({
  rows: rows.map((row) => ({ op: 'insert', table: 'settings', row }) as const),
});
const entry = (seq: number, epoch = 1): JournalRow => ({
  run: 'r1',
  seq,
  epoch,
  v: 1,
  kind: 'step_started',
  address: '',
  data: {},
  at: 1,
});

let store: Store;
beforeEach(() => {
  store = createMemoryStore();
});
const refused = (change: Change, code: string) =>
  expect(store.commit(change)).rejects.toSatisfy((error) => isCounterpointError(error, code));

describe('memory store: rows', () => {
  it('writes a change as a whole or not at all', async () => {
    await store.commit(insert(setting('a')));
    await refused({ ...insert(setting('b'), setting('a')), audit: [] }, 'events.conflict');
    expect(await store.count('settings')).toBe(1);
    await store.commit(insert(setting('b')));
  });

  it('ensures once, puts always, deletes quietly', async () => {
    await store.commit({ rows: [{ op: 'ensure', table: 'settings', row: setting('a', 1, 'first') }] });
    await store.commit({ rows: [{ op: 'ensure', table: 'settings', row: setting('a', 1, 'second') }] });
    expect((await store.get('settings', 'a'))?.value).toBe('first');
    await store.commit({ rows: [{ op: 'put', table: 'settings', row: setting('a', 9, 'third') }] });
    expect((await store.get('settings', 'a'))?.value).toBe('third');
    await store.commit({ rows: [{ op: 'delete', table: 'settings', id: 'a' }] });
    await store.commit({ rows: [{ op: 'delete', table: 'settings', id: 'a' }] });
    expect(await store.get('settings', 'a')).toBeUndefined();
  });

  it('updates only the revision before', async () => {
    await store.commit(insert(setting('a')));
    const update = (rev: number): Change => ({ rows: [{ op: 'update', table: 'settings', row: setting('a', rev) }] });
    await refused(update(3), 'events.conflict');
    await store.commit(update(2));
    await refused(update(2), 'events.conflict');
    await refused({ rows: [{ op: 'update', table: 'settings', row: setting('gone', 2) }] }, 'events.conflict');
  });

  it('gives back frozen copies that later changes of the argument do not reach', async () => {
    const value = { list: [1] };
    await store.commit(insert(setting('a', 1, value)));
    value.list.push(2);
    const row = await store.get('settings', 'a');
    expect(row?.value).toEqual({ list: [1] });
    expect(Object.isFrozen(row?.value)).toBe(true);
  });

  it('tells listeners after the change, in order, and refuses when closed', async () => {
    const seen: Change[] = [];
    const stop = store.onCommitted((change) => seen.push(change));
    const changes = [insert(setting('a')), insert(setting('a')), insert(setting('b'))] as const;
    await Promise.allSettled(changes.map((change) => store.commit(change)));
    expect(seen).toEqual([changes[0], changes[2]]);
    stop();
    await store.commit(insert(setting('c')));
    expect(seen).toHaveLength(2);
    await store.close();
    await refused(insert(setting('d')), 'events.store_closed');
  });
});

describe('memory store: find', () => {
  beforeEach(async () => {
    await store.commit({
      rows: [
        ['a', 3],
        ['b', 1],
        ['c', 3],
        ['d', 2],
      ].map(([id, rev]) => ({ op: 'put', table: 'settings', row: setting(String(id), Number(rev)) }) as const),
    });
  });
  const ids = async (query: Parameters<typeof store.find<'settings'>>[1]) =>
    (await store.find('settings', query)).map((row) => row.id).join('');

  it('applies every comparison', async () => {
    expect(await ids({ where: { rev: 3 } })).toBe('ac');
    expect(await ids({ where: { rev: { not: 3 } } })).toBe('bd');
    expect(await ids({ where: { rev: { in: [1, 2] } } })).toBe('bd');
    expect(await ids({ where: { rev: { lt: 2 } } })).toBe('b');
    expect(await ids({ where: { rev: { lte: 2 } } })).toBe('bd');
    expect(await ids({ where: { rev: { gt: 2 } } })).toBe('ac');
    expect(await ids({ where: { rev: { gte: 2 }, id: { prefix: 'd' } } })).toBe('d');
    expect(await store.count('settings', { rev: 3 })).toBe(2);
  });

  it('orders with the primary key as the last word, pages behind a row, and limits', async () => {
    const orderBy = [{ column: 'rev', descending: true }] as const;
    expect(await ids({ orderBy })).toBe('acdb');
    expect(await ids({ orderBy, after: [3, 'a'] })).toBe('cdb');
    expect(await ids({ orderBy, after: [3, 'a'], limit: 1 })).toBe('c');
    expect(await ids({ after: ['b'] })).toBe('cd');
  });
});

describe('memory store: runs, events, audit', () => {
  it('fences writers that no longer own the run', async () => {
    await store.commit({ runs: [{ op: 'create', row: aRun('r1') }] });
    await refused(
      { runs: [{ op: 'create', row: aRun('r2', { trigger_key: aRun('r1').trigger_key }) }] },
      'events.conflict',
    );
    await store.commit({ runs: [{ op: 'claim', id: 'r1', epoch: 0, owner: 'w1', lease_until: 9 }] });
    await refused({ runs: [{ op: 'claim', id: 'r1', epoch: 0, owner: 'w2', lease_until: 9 }] }, 'events.fenced');
    const advance = (epoch: number, seq: number, to: number): Change => ({
      runs: [{ op: 'advance', id: 'r1', epoch, seq, to, set: { status: 'running' } }],
      journal: [entry(to)],
    });
    await store.commit(advance(1, 0, 1));
    await refused(advance(1, 0, 1), 'events.fenced');
    await refused(advance(0, 1, 2), 'events.fenced');
    expect(await store.get('runs', 'r1')).toMatchObject({ epoch: 1, seq: 1, owner: 'w1', status: 'running' });
    expect(await store.find('journal', { where: { run: 'r1' } })).toEqual([entry(1)]);
  });

  it('never lets an ended run be claimed', async () => {
    await store.commit({ runs: [{ op: 'create', row: aRun('r1', { status: 'failed' }) }] });
    await refused({ runs: [{ op: 'claim', id: 'r1', epoch: 0, owner: 'w', lease_until: 9 }] }, 'events.fenced');
  });

  it('puts events in the outbox and audit entries on the chain, unless the change is refused', async () => {
    const audit = { at: 1, principal: 'system', action: 'a.b', object: '', data: null, trace: '' };
    const event = newEvent('alert.created.v1', 'alert:1', { n: 1 }, causality, 1_000);
    await store.commit({ events: [event], audit: [audit, audit] });
    await refused({ events: [event], audit: [audit] }, 'events.conflict');
    expect(await store.get('outbox', event.id)).toMatchObject({ state: 'pending', topic: event.type, next_at: 1_000 });
    const [first, second, third] = await store.find('audit', {});
    expect([first?.seq, second?.seq, third]).toEqual([1, 2, undefined]);
    expect(second?.prev).toBe(first?.hash);
  });
});

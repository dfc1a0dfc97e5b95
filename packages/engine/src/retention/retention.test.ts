import { newId } from '@counterpoint/core';
import type {
  Change,
  ClaimRow,
  DeliveryRow,
  EffectRow,
  InboxItemRow,
  OutboxRow,
  RawInputRow,
  RowWrite,
  RunRow,
  Store,
} from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { pruneOld, type RetentionPolicy } from './retention.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 1);
const clock = { now: () => NOW } as never;
const policy: RetentionPolicy = { runs: 90 * DAY, events: 30 * DAY, rawInputs: 60 * DAY };

let store: Store;
beforeEach(() => {
  store = createMemoryStore();
});
const prune = (over: Partial<RetentionPolicy> = {}) => pruneOld({ store, clock, policy: { ...policy, ...over } });
const put = (...rows: readonly RowWrite[]) => store.commit({ rows });
const row = <Row>(table: string, values: Partial<Row>) =>
  ({ op: 'insert', table, row: { rev: 1, ...values } }) as unknown as RowWrite;

const aged = (days: number) => ({ created_at: NOW - (days + 1) * DAY, ended_at: NOW - days * DAY });
async function run(id: string, over: Partial<RunRow> = {}): Promise<void> {
  const given = {
    id,
    trigger_key: `p/t|${id}`,
    parent: '',
    case_id: null,
    status: 'succeeded',
    seq: 0,
    ...aged(100),
    ...over,
  };
  await store.commit({ runs: [{ op: 'create', row: given as RunRow }] } as Change);
}
const left = async () => (await store.find('runs', {})).map(({ id }) => id);
const effect = (over: Partial<EffectRow>) =>
  row<EffectRow>('effects', {
    id: 'e1',
    key: 'e1',
    run: 'r1',
    state: 'performed',
    ended_at: null,
    lease_until: null,
    wake_at: null,
    inverse: null,
    preexisting: false,
    ...over,
  });

describe('retention of runs', () => {
  it('removes old runs of every ending with their journals, and says so in the audit', async () => {
    await run('r1');
    await run('r2', { status: 'failed' });
    await run('r3', { status: 'cancelled' });
    await run('young', aged(80));
    expect(await prune()).toMatchObject({ runs: 3 });
    expect(await left()).toEqual(['young']);
    expect(await store.find('audit', {})).toMatchObject([{ action: 'retention.pruned', data: { runs: 3 } }]);
    expect(await prune()).toMatchObject({ runs: 0 });
    expect(await store.count('audit')).toBe(1);
  });

  it('keeps everything when it is told to', async () => {
    await run('r1');
    expect(await prune({ runs: null, events: null, rawInputs: null })).toMatchObject({ runs: 0 });
    expect(await left()).toEqual(['r1']);
  });

  it.each(['queued', 'running', 'waiting'] as const)('never removes one that is %s, however old', async (status) => {
    await run('r1', { status, ended_at: null });
    await prune();
    expect(await left()).toEqual(['r1']);
  });

  it.each<[string, RowWrite]>([
    ['an effect in force', effect({ inverse: { action: 'unblock', with: {} } })],
    ['an effect with a lease', effect({ lease_until: NOW + DAY })],
    ['an effect that nobody knows about', effect({ state: 'unknown' })],
    ['an effect that people still hold', effect({ state: 'held' })],
    ['an effect whose undo failed', effect({ state: 'undo_failed' })],
    ['an effect that was intended', effect({ state: 'intended' })],
    ['an open claim', row<ClaimRow>('claims', { id: 'c', effect: 'e', holder: 'run:r1/block', ended_at: null })],
    ['an open question', row<InboxItemRow>('inbox_items', { id: 'i', run: 'r1', status: 'open' })],
    ['an open case', row('cases', { id: 'case-1', status: 'in_progress' })],
    ['a place', row('run_slots', { id: 's', run: 'r1' })],
    ['an event that is still delivered', row<OutboxRow>('outbox', { id: 'r1', state: 'pending', next_at: 0, at: 0 })],
  ])('keeps a run with %s, and removes it once that is over', async (_what, needs) => {
    await run('r1', { case_id: 'case-1' });
    await put(needs);
    await prune();
    expect(await left()).toEqual(['r1']);
    const { table, row: needed } = needs as { table: 'effects'; row: { id: string } };
    await put({ op: 'delete', table, id: needed.id });
    await prune();
    expect(await left()).toEqual([]);
  });

  it.each<[string, RowWrite]>([
    ['an effect that was undone', effect({ state: 'undone', ended_at: NOW - 95 * DAY })],
    ['an effect that cannot be undone', effect({})],
    ['an effect that was so before', effect({ preexisting: true, inverse: { action: 'unblock', with: {} } })],
    ['a claim that ended', row<ClaimRow>('claims', { id: 'c', effect: 'e', holder: 'run:r1/block', ended_at: 5 })],
    [
      'a claim of another run',
      row<ClaimRow>('claims', { id: 'c', effect: 'e', holder: 'run:r11/block', ended_at: null }),
    ],
    ['a question that was answered', row<InboxItemRow>('inbox_items', { id: 'i', run: 'r1', status: 'approved' })],
    ['a case that was closed', row('cases', { id: 'case-1', status: 'closed' })],
  ])('removes a run with %s, and leaves the ledger alone', async (_what, about) => {
    await run('r1', { case_id: 'case-1' });
    await put(about);
    const { table } = about as { table: 'effects' };
    await prune();
    expect(await left()).toEqual([]);
    expect(await store.count(table)).toBe(1);
  });

  it('keeps callers and called runs as long as one of them goes on', async () => {
    await run('parent', { status: 'waiting', ended_at: null });
    await run('child', { parent: 'run:parent/call' });
    await run('caller');
    await run('detached', { parent: 'run:caller/call', status: 'running', ended_at: null });
    await run('orphan', { parent: 'run:gone/call' });
    await prune();
    expect((await left()).toSorted()).toEqual(['caller', 'child', 'detached', 'parent']);
  });

  it('walks past many that must stay', async () => {
    for (let n = 0; n < 120; n++) {
      const id = newId(NOW - 200 * DAY + n);
      await run(id, n % 2 ? {} : { status: 'waiting', ended_at: null });
    }
    expect(await prune()).toMatchObject({ runs: 60 });
    expect(await store.count('runs', { status: 'waiting' })).toBe(60);
  });
});

describe('retention of events', () => {
  const event = (id: string, days: number, over: Partial<OutboxRow> = {}) =>
    row<OutboxRow>('outbox', { id, state: 'delivered', at: NOW - days * DAY, next_at: NOW - days * DAY, ...over });

  it('removes delivered ones only', async () => {
    await put(
      event('old', 40),
      event('young', 20),
      event('dead', 40, { state: 'dead' }),
      event('due', 40, { state: 'pending' }),
    );
    expect(await prune()).toMatchObject({ events: 1 });
    expect((await store.find('outbox', {})).map(({ id }) => id)).toEqual(['dead', 'due', 'young']);
  });

  const consumer = (id: string, position: number) => row('consumers', { id, topics: ['>'], position, updated_at: NOW });
  const delivery = (of: string, state: DeliveryRow['state']) =>
    row<DeliveryRow>('deliveries', { id: `d${of}`, consumer: 'slow', event: of, state });

  it('keeps those that a consumer of the log has not dealt with', async () => {
    await put(consumer('fast', 9), consumer('slow', 2));
    await put(...[1, 2, 3].map((position) => event(`e${position}`, 40, { position })), event('elsewhere', 40));
    expect(await prune()).toMatchObject({ events: 3 });
    expect((await store.find('outbox', {})).map(({ id }) => id)).toEqual(['e3']);
  });

  it('keeps those that are tried again or dead for a consumer', async () => {
    await put(event('e1', 40), event('e2', 40), event('e3', 40), delivery('e1', 'dead'), delivery('e2', 'retry'));
    await prune();
    expect((await store.find('outbox', {})).map(({ id }) => id)).toEqual(['e1', 'e2']);
  });

  it('keeps the run of an event that may be delivered again', async () => {
    for (const id of ['behind', 'retried', 'over']) await run(`r-${id}`, { trigger_key: `p/t|${id}` });
    await put(consumer('slow', 2), delivery('retried', 'retry'));
    await put(
      event('behind', 40, { position: 3 }),
      event('retried', 40, { position: 1 }),
      event('over', 40, { position: 2 }),
    );
    await prune();
    expect(await left()).toEqual(['r-behind', 'r-retried']);
  });

  it('keeps those that the oldest live run may still ask for', async () => {
    await run('r1', { status: 'waiting', ended_at: null, created_at: NOW - 50 * DAY });
    await put(event('before', 60), event('since', 40));
    await prune();
    expect((await store.find('outbox', {})).map(({ id }) => id)).toEqual(['since']);
  });
});

describe('retention of raw inputs', () => {
  it('keeps what was not decided about yet', async () => {
    const raw = (id: string, state: RawInputRow['state'], days: number) =>
      row<RawInputRow>('raw_inputs', { id, source: 's', delivery: id, state, received_at: NOW - days * DAY });
    await put(raw('a', 'processed', 70), raw('b', 'refused', 70), raw('c', 'received', 70), raw('d', 'processed', 50));
    expect(await prune()).toMatchObject({ raw_inputs: 2 });
    expect((await store.find('raw_inputs', {})).map(({ id }) => id)).toEqual(['c', 'd']);
  });
});

describe('retention of large values', () => {
  it('removes those of pruned runs, not those that others refer to or that are new', async () => {
    const blob = (id: string, age: number) =>
      ({ op: 'put', table: 'blobs', row: { id, bytes: new Uint8Array(1), size: 1, created_at: NOW - age } }) as const;
    const ref = (id: string, of: string) => row('blob_refs', { id: `${id}|${of}`, blob: id, run: of, at: 0 });
    await run('r1');
    await run('r2', aged(5));
    await put(blob('own', 2 * DAY), blob('shared', 2 * DAY), blob('loose', 2 * DAY), blob('new', 60_000));
    await put(ref('own', 'r1'), ref('shared', 'r1'), ref('shared', 'r2'));
    expect(await prune()).toMatchObject({ runs: 1, blobs: 2 });
    expect((await store.find('blobs', {})).map(({ id }) => id)).toEqual(['new', 'shared']);
  });
});

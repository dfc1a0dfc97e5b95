import { manualClock } from '@counterpoint/core';
import type { RowWrite, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { sourceHandlers } from './handlers/sources.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let store: Store;
let clock: ReturnType<typeof manualClock>;
let handlers: ReturnType<typeof sourceHandlers>;
beforeEach(async () => {
  store = createMemoryStore();
  clock = manualClock(Date.UTC(2026, 10, 22, 14, 30));
  handlers = sourceHandlers({ store, clock, vault: {}, normalizers: new Map(), baseUrl: () => 'http://h' } as never);
  await source('edr');
});

const source = (id: string, patch: object = {}) => {
  const row = { id, title: id, kind: 'webhook', normalizer: '', auth: { kind: 'token', hash: 'x' }, dedup_window: 0 };
  const rest = { enabled: true, simulated: false, created_at: 0, updated_at: 0, rev: 1 };
  return store.commit({ rows: [{ op: 'insert', table: 'sources', row: { ...row, ...rest, ...patch } as never }] });
};

let count = 0;
const decided = (decision: string, at: number, patch: object = {}): RowWrite => {
  count += 1;
  const row = { id: `d${count}`, raw: `r${count}`, item: 0, source: 'edr', decision, alert: null, finding_key: null };
  return {
    op: 'insert',
    table: 'ingest_decisions',
    row: { ...row, reason: '', at, trace: '', normalizer: '', ...patch } as never,
  };
};
const ask = (rest: object, permissions: readonly string[] = ['source:read']) =>
  ({
    params: {},
    query: {},
    body: {},
    principal: { ref: 'user:ann', permissions: new Set(permissions) },
    ...rest,
  }) as never;
const stateOf = async () => (await handlers.listSources(ask({}))).items[0]?.state;

describe('sources', () => {
  it('say how long nothing came only where something was to be expected', async () => {
    const now = clock.now();
    expect(await stateOf()).toBe('new');
    await store.commit({ rows: [decided('created', now - 2 * DAY)] });
    expect(await stateOf()).toBe('receiving');
    await store.commit({ rows: Array.from({ length: 9 }, (_, index) => decided('merged', now - 2 * DAY + index)) });
    expect(await stateOf()).toBe('silent');
    await store.commit({ rows: [decided('created', now)] });
    expect(await stateOf()).toBe('receiving');
    clock.advance(8 * DAY);
    expect(await stateOf()).toBe('silent');
  });

  it('tell what came over a time in slices that add up to it', async () => {
    const now = clock.now();
    await store.commit({
      rows: [decided('created', now), decided('refused', now - 3 * HOUR), decided('created', now - 2 * DAY)],
    });
    const { window, counts } = await handlers.getSource(ask({ params: { id: 'edr' }, query: { window: '24h' } }));
    expect(counts).toMatchObject({ received: 3, created: 2, refused: 1 });
    expect(window.counts).toMatchObject({ received: 2, created: 1, refused: 1 });
    expect(window.slices).toHaveLength(24);
    expect(window.slices.reduce((sum, slice) => sum + slice.received, 0)).toBe(2);
    expect(window.slices.at(-1)).toMatchObject({ at: Date.UTC(2026, 10, 22, 14), created: 1 });
  });

  it('balance also while something comes in between two looks at the store', async () => {
    const kinds = ['created', 'duplicate', 'suppressed', 'refused'];
    const tally: Store['tally'] = async (...of) => {
      await store.commit({ rows: [decided(kinds[count % 4] ?? '', clock.now())] });
      return store.tally(...of);
    };
    const reader = { ...store, tally } as Store;
    handlers = sourceHandlers({ store: reader, clock, vault: {}, normalizers: new Map(), baseUrl: () => '' } as never);
    const one = await handlers.getSource(ask({ params: { id: 'edr' }, query: { window: '24h' } }));
    for (const { received, ...ways } of [one.counts, one.last_day, one.window.counts, ...one.window.slices]) {
      expect(Object.values(ways).reduce((sum, way) => sum + way)).toBe(received + ('at' in ways ? Number(ways.at) : 0));
    }
    expect(one.window.counts.received).toBeLessThanOrEqual(one.last_day.received);
    expect(one.last_day.received).toBeLessThanOrEqual(one.week);
    expect(one.week).toBeLessThanOrEqual(one.counts.received);
    expect(one.missing).toBe(0);
  });

  it('tell which version of a normaliser read an item, and whether it still reads so', async () => {
    const read = (version: string) => decided('created', 5, { normalizer: version });
    const normalizers = new Map([['wazuh', { id: 'wazuh', version: 'wazuh@b' }]]);
    handlers = sourceHandlers({ store, clock, vault: {}, normalizers, baseUrl: () => 'http://h' } as never);
    await store.commit({ rows: [read('wazuh@a'), read('wazuh@b'), read('gone@c'), read('')] });
    const { items } = await handlers.listDecisions(ask({ query: { limit: 10 } }));
    const told = new Set(items.map(({ normalizer: by }) => (by ? `${by.id} ${by.current}` : 'unknown')));
    expect(told).toEqual(new Set(['gone false', 'wazuh false', 'wazuh true', 'unknown']));
  });

  it('list decisions by kind, with the titles of alerts for who may see alerts', async () => {
    const alert = { id: 'a1', title: 'Bad thing', created_at: 1, rev: 1 };
    await store.commit({
      rows: [
        { op: 'insert', table: 'alerts', row: alert as never },
        decided('created', 5, { alert: 'a1' }),
        decided('refused', 6),
      ],
    });
    const list = (query: object, permissions?: readonly string[]) =>
      handlers.listDecisions(ask({ query: { limit: 10, ...query } }, permissions));
    expect((await list({ source: 'edr' })).items.map(({ decision }) => decision)).toEqual(['refused', 'created']);
    expect((await list({ decision: 'created' })).items).toMatchObject([{ alert: 'a1', title: null }]);
    expect((await list({ decision: 'created' }, ['alert:read'])).items).toMatchObject([{ title: 'Bad thing' }]);
    expect((await list({ source: 'other' })).items).toEqual([]);
  });
});

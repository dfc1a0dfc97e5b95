import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { pruneDedupWindows } from '../prune-windows.ts';
import { countDecisions } from '../source/counts.ts';
import { aBench, aSource, tally } from '../testing/harness.ts';

const HOUR = 3_600_000;
const bench = () =>
  aBench(createMemoryStore(), {}, [aSource('generic_json', { id: 'never', dedup_window: 0, simulated: true })]);
const finding = (patch: object = {}) => ({ event_type: 'scan', src_ip: '192.0.2.1', ...patch });

describe('deduplication', () => {
  it('counts findings with one key on one alert within the window, and opens another one after it', async () => {
    const { ingest, send, alerts, clock, decisions, store } = await bench();
    for (const n of [1, 2, 3]) {
      await send('generic_json', finding({ n }));
      await ingest.idle();
      clock.advance(HOUR / 2 - 1);
    }
    expect((await alerts()).map(({ count }) => count)).toEqual([3]);
    clock.advance(HOUR);
    await send('generic_json', finding({ n: 4 }));
    await ingest.idle();
    expect((await alerts()).map(({ count }) => count).sort()).toEqual([1, 3]);
    expect(tally(await decisions())).toEqual({ created: 2, merged: 2 });
    expect(await store.count('outbox')).toBe(2);
  });

  it('never merges what has another key, another source, or a window of zero', async () => {
    const { ingest, send, alerts } = await bench();
    await send('generic_json', finding({ n: 1 }));
    await send('generic_json', finding({ src_ip: '192.0.2.2' }));
    await send('never', finding({ n: 1 }));
    await send('never', finding({ n: 2 }));
    await ingest.idle();
    const all = await alerts();
    expect(all.map(({ count }) => count)).toEqual([1, 1, 1, 1]);
    expect(all.filter(({ simulated }) => simulated)).toHaveLength(2);
  });

  it('keeps the gravest severity, the earliest and the latest time, and the observables of all', async () => {
    const { ingest, send, alerts, store } = await bench();
    await send('generic_json', finding({ severity: 'low', timestamp: '2026-01-02T00:00:00Z', n: 'a.evil-one.com' }));
    await ingest.idle();
    await send('generic_json', finding({ severity: 'high', timestamp: '2026-01-01T00:00:00Z', n: 'b.evil-two.com' }));
    await send('generic_json', finding({ severity: 'medium', timestamp: '2026-01-03T00:00:00Z' }));
    await ingest.idle();
    const [alert] = await alerts();
    expect(alert).toMatchObject({
      severity: 4,
      first_seen: Date.UTC(2026, 0, 1),
      last_seen: Date.UTC(2026, 0, 3),
      count: 3,
    });
    const links = await store.find('observable_links', { where: { subject: `alert:${alert?.id}` } });
    expect(links).toHaveLength(3);
  });

  it('knows a record by its id, also in another delivery and for a day', async () => {
    const { ingest, send, clock, decisions, alerts } = await bench();
    await send('generic_json', finding({ id: 'f-1' }));
    await send('generic_json', [finding({ id: 'f-1' }), finding({ id: 'f-2' })]);
    await ingest.idle();
    expect(tally(await decisions())).toEqual({ created: 1, duplicate: 1, merged: 1 });
    clock.advance(23 * HOUR);
    await send('generic_json', { wrapped: 1, ...finding({ id: 'f-1' }) });
    await ingest.idle();
    expect(tally(await decisions())).toEqual({ created: 1, duplicate: 2, merged: 1 });
    expect(await alerts()).toMatchObject([{ count: 2 }]);
  });

  it('does not let one part of a key pose as another', async () => {
    const { ingest, send, alerts } = await bench();
    await send('generic_json', { event_type: 'a","b', src_ip: 'c' });
    await send('generic_json', { event_type: 'a', src_ip: 'b","c' });
    await send('generic_json', { event_type: 'x'.repeat(5000), src_ip: 'c' });
    await ingest.idle();
    const all = await alerts();
    expect(all).toHaveLength(3);
    expect(Math.max(...all.map(({ finding_key }) => finding_key.length))).toBeLessThanOrEqual(300);
  });

  it('gives an account in which everything is counted once', async () => {
    const { ingest, send, store } = await bench();
    await send('generic_json', [finding({ id: 1 }), finding({ id: 1 }), finding({ id: 2 }), 7, { x: 1 }]);
    await send('generic_json', [finding({ id: 1 }), finding({ id: 1 }), finding({ id: 2 }), 7, { x: 1 }]);
    await ingest.idle();
    const counts = await countDecisions(store);
    expect(counts.get('generic_json')).toEqual({
      received: 6,
      created: 1,
      merged: 1,
      duplicate: 2,
      suppressed: 0,
      refused: 2,
    });
    expect(counts.has('wazuh')).toBe(false);
    expect((await countDecisions(store, { source: 'wazuh' })).size).toBe(0);
  });

  it('forgets windows that ended long ago, and no others', async () => {
    const { ingest, send, store, clock } = await bench();
    await send('generic_json', finding({ id: 'f-1' }));
    await ingest.idle();
    expect(await store.count('dedup_windows')).toBe(2);
    clock.advance(2 * HOUR + 1);
    expect(await pruneDedupWindows(store, clock.now())).toBe(1);
    expect(await store.count('dedup_windows')).toBe(1);
  });
});

import type { RowWrite } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acknowledgedSince, spreadOf } from './spread.ts';

const alert = (id: string, row: object) =>
  ({ op: 'insert', table: 'alerts', row: { rev: 1, id, ...row } }) as unknown as RowWrite;

async function storeOf(rows: readonly RowWrite[]) {
  const store = createMemoryStore();
  await store.commit({ rows });
  return store;
}

describe('the spread of a duration', () => {
  it('is none of nothing', async () => {
    expect(await spreadOf(await storeOf([]), 'alerts', {}, 'resolve_ms')).toBeNull();
  });

  it('tells the exact mean, and the middle one to about one in a hundred, whatever the durations are', async () => {
    const durations = fc.array(fc.oneof(fc.nat(2_000), fc.nat(4_000_000), fc.nat(2_000_000_000)), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(durations, async (millis) => {
        const store = await storeOf(millis.map((resolve_ms, index) => alert(`${index}`, { resolve_ms })));
        const spread = await spreadOf(store, 'alerts', {}, 'resolve_ms');
        const middle = millis.toSorted((a, b) => a - b)[Math.floor((millis.length - 1) / 2)] ?? 0;
        expect(spread?.count).toBe(millis.length);
        expect(spread?.mean).toBe(Math.round(millis.reduce((sum, one) => sum + one, 0) / millis.length));
        expect(spread?.median).toBeLessThanOrEqual(middle);
        expect(middle - (spread?.median ?? 0)).toBeLessThanOrEqual(Math.max(10, middle * 0.011));
      }),
      { numRuns: 50 },
    );
  });
});

describe('what was taken in hand', () => {
  it('is timed for people; what others took first is counted, what waited for nobody is not', async () => {
    const rows = [
      alert('1', { acknowledged_at: 100, acknowledged_by: 'user:ada', acknowledge_ms: 60_000 }),
      alert('2', { acknowledged_at: 100, acknowledged_by: 'user:bo', acknowledge_ms: 20_000 }),
      alert('3', { acknowledged_at: 100, acknowledged_by: 'playbook:p', acknowledge_ms: 10 }),
      alert('4', { acknowledged_at: 100, acknowledged_by: 'user:bo', acknowledge_ms: null }),
      alert('5', { acknowledged_at: 10, acknowledged_by: 'user:bo', acknowledge_ms: 5 }),
      alert('6', { acknowledged_at: null, acknowledged_by: '', acknowledge_ms: null }),
    ];
    expect(await acknowledgedSince(await storeOf(rows), 'alerts', 50)).toEqual({
      people: { count: 2, mean: 40_000, median: 20_000 },
      others: 1,
    });
  });
});

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type StepItem, spanOf, ticksOf, timelineOf } from './timeline.ts';

const item = (over: Partial<StepItem>): StepItem =>
  ({ address: 'a', parent: '', started_at: 0, ended_at: 100, waits: [], ...over }) as StepItem;

describe('the timeline of a run', () => {
  it('covers all steps, up to now for what goes on', () => {
    expect(spanOf([item({ started_at: 50 }), item({ started_at: 10, ended_at: null })], 500)).toEqual({
      from: 10,
      until: 500,
    });
    expect(spanOf([], 7)).toEqual({ from: 7, until: 8 });
    expect(spanOf([item({ started_at: 5, ended_at: 5 })], 9)).toEqual({ from: 5, until: 6 });
  });

  it('puts bars and waits where they belong, and steps inside their blocks', () => {
    const items = [
      item({ address: 'outer', ended_at: 200 }),
      item({
        address: 'inner',
        parent: 'outer',
        started_at: 100,
        ended_at: 200,
        waits: [{ for: 'time', from: 150, until: null, due: null }],
      }),
      item({ address: 'taken', started_at: null, ended_at: 3 }),
    ];
    const [outer, inner, taken] = timelineOf(items, { from: 0, until: 200 }, 999);
    expect(outer).toMatchObject({ depth: 0, bar: { from: 0, width: 100 }, took: 200 });
    expect(inner).toMatchObject({
      depth: 1,
      bar: { from: 50, width: 50 },
      waits: [{ from: 75, width: 25 }],
      took: 100,
    });
    expect(taken).toMatchObject({ bar: undefined, took: undefined });
  });

  test.prop([fc.array(fc.tuple(fc.nat(), fc.nat())), fc.nat()])('never leaves its frame', (times, now) => {
    const items = times.map(([from, took]) => item({ started_at: from, ended_at: from + took }));
    for (const { bar } of timelineOf(items, spanOf(items, now), now)) {
      expect(bar?.from).toBeGreaterThanOrEqual(0);
      expect((bar?.from ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(100.0001);
      expect(bar?.width).toBeGreaterThan(0);
    }
  });

  test.prop([fc.integer({ min: 1, max: 10 ** 12 })])('has few marks, whatever it covers', (whole) => {
    const ticks = ticksOf({ from: 0, until: whole });
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(ticks.every(({ at }) => at >= 0 && at <= 100)).toBe(true);
  });

  it('leaves out figures for which there is no room', () => {
    expect(ticksOf({ from: 0, until: 429 }).map(({ millis, named }) => [millis, named])).toEqual([
      [0, true],
      [200, true],
      [400, false],
    ]);
  });
});

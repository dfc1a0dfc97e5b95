import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.ts';
import { checkTimers, longestUptime } from './timers.ts';

describe('longestUptime', () => {
  it('is the whole time when a server was always up', () => {
    expect(longestUptime([], 100, 350)).toBe(250);
    expect(
      longestUptime(
        [
          { from: 0, to: 90 },
          { from: 400, to: 500 },
        ],
        100,
        350,
      ),
    ).toBe(250);
  });

  it('does not add up the short lives of several servers', () => {
    const away = [
      { from: 1_000, to: 3_000 },
      { from: 3_800, to: 6_000 },
    ];
    expect(longestUptime(away, 1_200, 6_900)).toBe(900);
  });

  it('takes times that overlap, in any order, as one', () => {
    const away = [
      { from: 300, to: 500 },
      { from: 200, to: 400 },
    ];
    expect(longestUptime(away, 100, 650)).toBe(150);
  });

  it('is nothing while none was up', () => {
    expect(longestUptime([{ from: 0, to: 1_000 }], 100, 650)).toBe(0);
  });
});

describe('checkTimers', () => {
  const entry = (kind: string, at: number, data: object) => ({ address: 'a', kind, at, data });
  const found = (...entries: ReturnType<typeof entry>[]) =>
    checkTimers({
      journal: new Map([['r', entries]]),
      facts: { downtimes: [], stalls: [] },
    } as unknown as Evidence).map(({ what }) => what);

  it('takes no poll before its time, and gives its answer any time', () => {
    const waiting = entry('step_waiting', 100, { for: 'poll', due: 5_000 });
    expect(found(waiting, entry('step_ended', 4_999, { status: 'succeeded' }))).toEqual([
      'the step a of the run r went on 1 ms early',
    ]);
    expect(found(waiting, entry('step_waiting', 4_000, { for: 'poll', due: 9_000 }))[0]).toMatch('1000 ms early');
    expect(found(waiting, entry('step_ended', 60_000, { status: 'succeeded' }))).toEqual([]);
  });

  it('takes an attempt that is neither early nor more than a second late', () => {
    const waiting = entry('step_waiting', 100, { for: 'retry', due: 5_000 });
    expect(found(waiting, entry('step_started', 5_900, {}))).toEqual([]);
    expect(found(waiting, entry('step_started', 6_300, {}))[0]).toMatch('1300 ms late');
  });
});

import { describe, expect, it } from 'vitest';
import { longestUptime } from './timers.ts';

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

import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['2s', 2_000],
    ['30m', 1_800_000],
    ['1min', 60_000],
    ['4h', 14_400_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    [' 2w ', 1_209_600_000],
  ])('reads %s', (text, millis) => expect(parseDuration(text)).toBe(millis));

  it.each(['', '5', 'h', '-1h', '1 h', '1y', '1h x', `${'9'.repeat(30)}d`])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(/is not a duration/);
  });
});

describe('formatDuration', () => {
  it('names the two largest units', () => {
    expect([0, 250, 59_000, 5_400_000, 86_400_000, 90_061_000].map(formatDuration)).toEqual([
      '0 ms',
      '250 ms',
      '59 s',
      '1 h 30 min',
      '1 d',
      '1 d 1 h',
    ]);
  });
});

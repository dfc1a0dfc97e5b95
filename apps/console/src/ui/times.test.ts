import { describe, expect, it } from 'vitest';
import { relativeTime, shortDuration } from './times.ts';

describe('a stretch of time', () => {
  it.each([
    [0, '0 ms'],
    [420, '420 ms'],
    [1_500, '1.5 s'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [47 * 3_600_000, '47 h'],
    [3 * 86_400_000, '3 d'],
    [90 * 86_400_000, '2 months'],
  ])('of %i ms is %s', (millis, text) => {
    expect(shortDuration(millis)).toBe(text);
  });
});

describe('a moment', () => {
  it('is told from now on, forwards and backwards', () => {
    expect(relativeTime(1_000_000, 1_000_000)).toBe('just now');
    expect(relativeTime(1_000_000 - 61_000, 1_000_000)).toBe('1 min ago');
    expect(relativeTime(1_000_000 + 2 * 3_600_000, 1_000_000)).toBe('in 2 h');
    expect(relativeTime(1_000_000 - 7_000, 1_000_000)).toBe('7 s ago');
    expect(relativeTime(1_000_000 + 40_000, 1_000_000)).toBe('in 40 s');
  });

  it('that a clock ahead of ours has told is now, not yet to come', () => {
    expect(relativeTime(1_000_000 + 9_000, 1_000_000)).toBe('just now');
  });
});

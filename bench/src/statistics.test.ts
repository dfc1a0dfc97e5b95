import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ascending, median, percentile, ratioByRound, spread } from './statistics.ts';

const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 });

describe('median', () => {
  it('is the middle of an odd count, whatever the order', () => expect(median([9, 1, 5])).toBe(5));
  it('is the mean of the two in the middle of an even count', () => expect(median([4, 1, 10, 2])).toBe(3));
  it('refuses an empty list', () => expect(() => median([])).toThrow(RangeError));
  it('leaves its input in order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    [50, 50],
    [99, 99],
    [99.5, 100],
    [100, 100],
    [0.1, 1],
  ])('the %sth of 1 to 100 is %s', (p, expected) => expect(percentile(hundred, p)).toBe(expected));
  it('of one value is that value', () => expect(percentile([7], 99)).toBe(7));
  it('sorts by number, not by text', () => expect(percentile(ascending([10, 9, 100]), 50)).toBe(10));
  it('refuses an empty list', () => expect(() => percentile([], 50)).toThrow(RangeError));

  test.prop([numbers, fc.integer({ min: 1, max: 100 })])(
    'is a value that at least p percent do not exceed, and the smallest such one',
    (values, p) => {
      const sorted = ascending(values);
      const found = percentile(sorted, p);
      const share = (limit: number) => sorted.filter((value) => value <= limit).length / sorted.length;
      expect(share(found)).toBeGreaterThanOrEqual(p / 100);
      for (const smaller of sorted.filter((value) => value < found)) expect(share(smaller)).toBeLessThan(p / 100);
    },
  );
});

describe('spread', () => {
  it('gives median, smallest and largest', () => expect(spread([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 }));
});

describe('ratioByRound', () => {
  it('compares within each round, so that a slow spell of the machine cancels out', () => {
    expect(ratioByRound([50, 25, 5], [100, 50, 10])).toEqual({ median: 0.5, min: 0.5, max: 0.5 });
  });
  it('is the median of the quotients, not the quotient of the medians', () => {
    expect(ratioByRound([10, 40, 30], [100, 50, 30]).median).toBe(0.8);
  });
  it('refuses rounds that do not pair up', () => expect(() => ratioByRound([1, 2], [1])).toThrow(RangeError));
  it('refuses a base of zero', () => expect(() => ratioByRound([1], [0])).toThrow('round 1'));
});

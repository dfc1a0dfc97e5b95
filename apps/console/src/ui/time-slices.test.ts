import { fc, it } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { countTicks } from './time-slices.ts';

describe('the marks of an axis of counts', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [23, [0, 5, 10, 15, 20, 25]],
    [480, [0, 100, 200, 300, 400, 500]],
  ])('up to %i are %j', (most, marks) => expect(countTicks(most)).toEqual(marks));

  it.prop([fc.nat()])('hold every count, whole and evenly apart, six at most', (most) => {
    const marks = countTicks(most);
    expect(marks.length).toBeLessThanOrEqual(6);
    expect(marks.at(-1)).toBeGreaterThanOrEqual(most);
    marks.forEach((mark, index) => {
      expect(mark).toBe(index * (marks[1] ?? 0));
      expect(Number.isInteger(mark)).toBe(true);
    });
  });
});

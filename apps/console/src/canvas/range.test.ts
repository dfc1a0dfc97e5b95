import { describe, expect, test } from 'vitest';
import { nextEnd, stepsBetween } from './range.ts';
import { indexSteps } from './steps-index.ts';
import { anOutline, aSlot, aStep } from './testing/outlines.ts';

const loop = aStep('loop', { kind: 'foreach', slots: [aSlot('do', [aStep('inner')])] });
const index = indexSteps(anOutline([aStep('a'), aStep('b'), loop, aStep('c')]));

describe('several steps that are chosen together', () => {
  test.each([
    ['a', 'c', ['a', 'b', 'loop', 'c']],
    ['c', 'b', ['b', 'loop', 'c']],
    ['b', 'b', ['b']],
    ['a', 'inner', ['a']],
    ['a', 'gone', ['a']],
    ['gone', 'a', []],
  ])('from %s to %s', (from, to, steps) => {
    expect(stepsBetween(index, from, to)).toEqual(steps);
  });

  test('end with their list', () => {
    expect(nextEnd(index, 'b', 1)).toBe('loop');
    expect(nextEnd(index, 'c', 1)).toBe('c');
    expect(nextEnd(index, 'a', -1)).toBe('a');
    expect(nextEnd(index, 'inner', 1)).toBe('inner');
  });
});

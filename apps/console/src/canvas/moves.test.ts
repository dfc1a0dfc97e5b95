import { describe, expect, test } from 'vitest';
import type { Direction } from './canvas-props.ts';
import { placeBehind, placeOfMove } from './moves.ts';
import { indexSteps } from './steps-index.ts';
import { anOutline, aSlot, aStep } from './testing/outlines.ts';

const index = indexSteps(
  anOutline([
    aStep('a'),
    aStep('loop', { kind: 'foreach', slots: [aSlot('do', [aStep('b'), aStep('c')])] }),
    aStep('d'),
  ]),
);

describe('moving a step by keys', () => {
  test.each<[string, Direction, string]>([
    ['d', 'up', '/steps/1'],
    ['a', 'down', '/steps/2'],
    ['c', 'up', 'loop/do/0'],
    ['b', 'down', 'loop/do/2'],
    ['b', 'up', '/steps/1'],
    ['c', 'down', '/steps/2'],
    ['b', 'out', '/steps/2'],
    ['d', 'in', 'loop/do/2'],
  ])('%s goes %s to %s', (address, direction, place) => {
    const to = placeOfMove(index, address, direction);
    expect(`${to?.step}/${to?.slot}/${to?.index}`).toBe(place);
  });

  test.each<[string, Direction]>([
    ['a', 'up'],
    ['d', 'down'],
    ['a', 'out'],
    ['a', 'in'],
    ['loop', 'in'],
    ['gone', 'up'],
  ])('%s cannot go %s', (address, direction) => {
    expect(placeOfMove(index, address, direction)).toBeUndefined();
  });
});

test('behind a step that the text uses in several places is behind the block that has it', () => {
  const inner = [aStep('b', { fixed: true, kind: 'foreach', slots: [aSlot('do', [aStep('c', { fixed: true })])] })];
  const outer = indexSteps(anOutline([aStep('a'), aStep('loop', { kind: 'foreach', slots: [aSlot('do', inner)] })]));
  const behind = (address: string) => placeBehind(outer, address);
  expect(behind('a')).toEqual({ step: '', slot: 'steps', index: 1 });
  expect(behind('c')).toEqual({ step: '', slot: 'steps', index: 2 });
  expect(behind('gone')).toBeUndefined();
});

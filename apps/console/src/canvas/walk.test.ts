import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexSteps, outlineAddress } from './steps-index.ts';
import { anOutline, aSlot, aStep, outlines } from './testing/outlines.ts';
import { type WalkKey, walk } from './walk.ts';

const outline = anOutline([
  aStep('first'),
  aStep('fork', {
    kind: 'if',
    slots: [aSlot('then', [aStep('yes'), aStep('yes_more')]), aSlot('else', [aStep('no')])],
  }),
  aStep('last'),
]);
const index = indexSteps(outline);

describe('walking the canvas by keys', () => {
  test.each<[string, WalkKey, string]>([
    ['', 'ArrowDown', 'first'],
    ['first', 'ArrowDown', 'fork'],
    ['fork', 'ArrowDown', 'yes'],
    ['yes_more', 'ArrowDown', 'last'],
    ['no', 'ArrowDown', 'last'],
    ['last', 'ArrowDown', 'last'],
    ['yes', 'ArrowRight', 'no'],
    ['yes_more', 'ArrowRight', 'no'],
    ['no', 'ArrowLeft', 'yes'],
    ['first', 'ArrowLeft', 'first'],
    ['yes_more', 'ArrowUp', 'yes'],
    ['yes', 'ArrowUp', 'fork'],
    ['first', 'ArrowUp', 'first'],
    ['no', 'Home', 'first'],
    ['first', 'End', 'last'],
  ])('from %j %s leads to %j', (from, key, to) => {
    expect(walk(index, from, key)).toBe(to);
  });

  test('an empty playbook leads nowhere', () => {
    expect(walk(indexSteps(anOutline([])), '', 'ArrowDown')).toBe('');
  });

  test('every step is reached by going down and to the right from some step before it', () => {
    fc.assert(
      fc.property(outlines, (any) => {
        const places = indexSteps(any);
        const reached = new Set([walk(places, '', 'ArrowDown')]);
        for (const address of reached) {
          for (const key of ['ArrowDown', 'ArrowRight', 'ArrowLeft', 'ArrowUp'] as const) {
            reached.add(walk(places, address, key));
          }
        }
        expect(reached.size).toBe(places.size);
      }),
    );
  });
});

describe('addresses of runs', () => {
  test.each([
    ['verdicts[3].rep', 'verdicts.rep'],
    ['a[0].b[12].c', 'a.b.c'],
    ['plain', 'plain'],
  ])('%s is %s in an outline', (run, address) => {
    expect(outlineAddress(run)).toBe(address);
  });
});

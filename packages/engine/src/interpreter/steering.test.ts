import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf, playbookText } from '../testing/rig.ts';
import { fold, simulate } from '../testing/simulate.ts';
import type { Happening } from './happening.ts';

const plan = planOf(
  playbookText(`  - { id: a, action: fake.a }
  - id: l
    foreach: "[1, 2, 3]"
    as: n
    max_parallel: 2
    do: [{ id: x, action: fake.x }, { id: y, action: fake.y }]
  - id: t
    try: [{ id: b, action: fake.b }]
    catch: [{ do: [{ id: c, set: { v: 1 } }] }]
  - { id: z, action: fake.z }`),
);

const address = fc.constantFrom('a', 'l', 'l[0].x', 'l[1].y', 'l[2].x', 'b', 't', 'z');
const by = fc.record({
  principal: fc.constant('user:ada'),
  reason: fc.constant('x'),
  request: fc.constantFrom('1', '2', '3', '4'),
});
const steering: fc.Arbitrary<Happening> = fc.oneof(
  by.map((one) => ({ kind: 'pause', ...one }) as const),
  by.map((one) => ({ kind: 'resume', ...one }) as const),
  fc
    .tuple(by, address)
    .map(([one, at]) => ({ kind: 'retry', address: at, input: null, evenIfUnknown: true, ...one }) as const),
  fc.tuple(by, address).map(([one, at]) => ({ kind: 'skip', address: at, output: null, ...one }) as const),
);

describe('steering at random moments', () => {
  it('ends every run once it goes on, makes no attempt twice, and folds to the state that was lived', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.integer({ min: 2, max: 20 }).map(String), steering, { maxKeys: 6 }), (given) => {
        const inject = Object.fromEntries(Object.entries(given).map(([at, one]) => [Number(at), one]));
        const first = simulate(plan, { inject });
        const resumed: Happening = { kind: 'resume', principal: 'user:ada', reason: 'x', request: 'last' };
        const folded = fold(first.entries);
        expect(folded).toEqual(first.state);
        const rest = simulate(plan, { from: folded, inject: { 1: resumed } });
        expect(rest.state.phase).toBe('ended');
        const attempts = [...first.performed, ...rest.performed].filter((one, at, all) => all.indexOf(one) !== at);
        expect(attempts).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

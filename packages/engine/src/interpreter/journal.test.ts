import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf, playbookText } from '../testing/rig.ts';
import { type Answer, failed, fold, simulate } from '../testing/simulate.ts';
import { ENTRY_VERSION, upcast } from './entries.ts';

/** Loops in branches in loops, errors collected and caught: everything that happens side by side. */
const busy = planOf(
  playbookText(
    `  - id: wide
    parallel:
      left:
        - id: each
          foreach: inputs.list
          as: item
          max_parallel: 4
          on_item_error: collect
          do:
            - { id: look, action: fake.look, with: { v: "\${{ item }}" }, retry: { attempts: 2, delay: 1s } }
            - { id: twice, set: { v: "\${{ steps.look.v * 2 }}" } }
          yield: "\${{ steps.twice.v }}"
      right:
        - id: careful
          try:
            - id: inner
              parallel:
                one: [{ id: a, action: fake.look, with: { v: 1 } }]
                two: [{ id: b, action: fake.look, with: { v: 2 } }]
              on_branch_error: collect
          catch: [{ do: [{ id: caught, set: { v: "\${{ error.name }}" } }] }]
          finally: [{ id: last, action: fake.look, with: { v: 3 } }]
      third:
        - id: rounds
          while: carry.left > 0
          max_iterations: 9
          carry: { left: { from: 3, next: "\${{ carry.left - 1 }}" } }
          do: [{ id: tick, action: fake.look, with: { v: "\${{ carry.left }}" } }]
    on_branch_error: collect
  - { id: sum, set: { all: "\${{ steps.each.items }}", bad: "\${{ steps.each.errors.map(e, e.index) }}", left: "\${{ steps.rounds.left }}" } }`,
    `inputs: { list: { type: array, items: { type: integer } } }
outputs: { sum: "\${{ steps.sum }}", b: "\${{ outcome.b.status }}" }`,
  ),
);

/** Every third look fails for good, every fifth at its first attempt. */
const answer: Answer = ({ input, attempt, address }) => {
  const v = Number(input.v);
  if (address === 'b' || (address.startsWith('each') && v % 3 === 2)) return failed('not_found');
  if (v % 5 === 0 && attempt === 1) return failed('unavailable', { retryable: true });
  return { status: 'succeeded', output: { v } };
};
const list = Array.from({ length: 12 }, (_, n) => n);

describe('journal', () => {
  it('gives the same end whatever order the steps complete in', () => {
    const expected = simulate(busy, { inputs: { list }, answer }).state.ending;
    expect(expected).toMatchObject({ status: 'succeeded', outputs: { sum: { bad: [2, 5, 8, 11] }, b: 'failed' } });
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (stream) => {
        const order = stream[Symbol.iterator]();
        const choose = (waiting: readonly unknown[]) => Number(order.next().value) % waiting.length;
        const { state, performed } = simulate(busy, { inputs: { list }, answer, choose });
        expect(state.ending).toEqual(expected);
        expect(new Set(performed).size).toBe(performed.length);
      }),
      { numRuns: 60 },
    );
  });

  it('folds to the state that was lived, at every length', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), fc.nat({ max: 60 }), (stream, stop) => {
        const order = stream[Symbol.iterator]();
        const choose = (waiting: readonly unknown[]) => Number(order.next().value) % waiting.length;
        const { state, entries } = simulate(busy, { inputs: { list }, answer, choose, stopAfter: stop });
        expect(fold(JSON.parse(JSON.stringify(entries)), { list })).toEqual(state);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on from a folded state as if nothing had happened', () => {
    const expected = simulate(busy, { inputs: { list }, answer }).state.ending;
    for (let stop = 1; stop < 25; stop++) {
      const before = simulate(busy, { inputs: { list }, answer, stopAfter: stop });
      const state = fold(before.entries, { list });
      const after = simulate(busy, { answer, from: state });
      expect(after.state.ending).toEqual(expected);
    }
  });

  it('refuses entries of a later version', () => {
    const row = { run: 'r', seq: 1, epoch: 1, v: ENTRY_VERSION + 1, kind: 'step_ended', address: 'a', data: {}, at: 0 };
    expect(() => upcast(row)).toThrow(expect.objectContaining({ code: 'engine.journal_unreadable' }));
    expect(() => upcast({ ...row, v: 1, kind: 'other' })).toThrow(
      expect.objectContaining({ code: 'engine.journal_unreadable' }),
    );
  });
});

describe('cost of a run', () => {
  const text = `  - id: each
    foreach: inputs.list
    as: item
    max_items: 100000
    do: [{ id: x, set: { v: "\${{ item + 1 }}" } }]
    yield: "\${{ steps.x.v }}"`;
  const loop = planOf(playbookText(text, 'inputs: { list: { type: array, items: { type: integer } } }'));
  const timed = (size: number): number => {
    const inputs = { list: Array.from({ length: size }, (_, n) => n) };
    // The time that this thread had, whatever else the machine and the process were doing.
    const start = process.threadCpuUsage();
    const { state, entries } = simulate(loop, { inputs });
    expect(state.ending?.status).toBe('succeeded');
    expect(entries.filter((entry) => entry.kind !== 'step_ready')).toHaveLength(size * 3 + 3);
    expect(state.scopes.size).toBe(1);
    return process.threadCpuUsage(start).user;
  };

  it('grows linearly with the items of a loop, in facts and in memory', () => {
    timed(1_000);
    const small = () => Array.from({ length: 10 }, () => timed(2_000)).reduce((sum, one) => sum + one);
    // As many items in one run as in ten: linear costs the same; copying the state for every item would cost ten times as
    // much, in each of the pairs, while what disturbs a clock disturbs some of them.
    const growth = [1, 2, 3, 4, 5].map(() => timed(20_000) / small());
    expect(Math.min(...growth)).toBeLessThan(3.5);
  });

  it('lets others have their turn in the middle of a long run of pure steps', () => {
    const inputs = { list: Array.from({ length: 5_000 }, (_, n) => n) };
    expect(simulate(loop, { inputs }).decisions).toBe(3);
  });
});

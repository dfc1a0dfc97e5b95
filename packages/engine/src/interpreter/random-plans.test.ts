import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RandomPlan, randomPlans } from '../testing/random-plan.ts';
import { type Answer, failed, fold, type Simulated, simulate } from '../testing/simulate.ts';
import type { Happening } from './happening.ts';

const RUNS = { numRuns: 60 };

/** Answers as the actions of the plan are named. */
function answers({ plan }: RandomPlan): Answer {
  return ({ step: id, attempt, address }) => {
    const step = plan.byId.get(id);
    const action = step?.verb === 'action' ? step.action : '';
    if (action === 'bad') return failed('not_found');
    if (action === 'weak' && attempt === 1) return failed('unavailable', { retryable: true });
    return { status: 'succeeded', output: { from: address } };
  };
}

function chooser(stream: fc.Stream<number>): (waiting: readonly unknown[]) => number {
  const order = stream[Symbol.iterator]();
  return (waiting) => Number(order.next().value) % waiting.length;
}

/** What must not depend on the order in which things happened. */
function endOf({ state }: Simulated): unknown {
  return { ending: state.ending, outputs: state.root.outputs, outcomes: state.root.outcomes };
}

const cancel: Happening = { kind: 'cancel', principal: 'user:ada', reason: 'enough' };

describe('random plans', () => {
  it('end the same whatever order things happen in', () => {
    fc.assert(
      fc.property(randomPlans({ ordered: true }), fc.infiniteStream(fc.nat()), (random, stream) => {
        const expected = simulate(random.plan, { events: true, answer: answers(random) });
        const other = simulate(random.plan, { events: true, answer: answers(random), choose: chooser(stream) });
        expect(expected.state.phase).toBe('ended');
        expect(endOf(other)).toEqual(endOf(expected));
        expect(new Set(other.performed).size).toBe(other.performed.length);
      }),
      RUNS,
    );
  });

  it('end the same when the process dies again and again on the way', () => {
    const crashes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 });
    fc.assert(
      fc.property(randomPlans({ ordered: true }), crashes, fc.infiniteStream(fc.nat()), (random, lives, stream) => {
        const expected = simulate(random.plan, { events: true, answer: answers(random) });
        const choose = chooser(stream);
        const journal: unknown[] = [];
        let last = simulate(random.plan, { events: true, answer: answers(random), choose, stopAfter: lives[0] ?? 1 });
        let before = last.decisions;
        journal.push(...last.entries);
        for (const stopAfter of [...lives.slice(1), 10_000]) {
          const from = fold(JSON.parse(JSON.stringify(journal)));
          last = simulate(random.plan, { events: true, answer: answers(random), choose, from, before, stopAfter });
          before += last.decisions;
          journal.push(...last.entries);
        }
        expect(endOf(last)).toEqual(endOf(expected));
      }),
      RUNS,
    );
  });

  it('fold to the state that was lived, with races and cancellations, at every length', () => {
    fc.assert(
      fc.property(
        randomPlans({ ordered: false }),
        fc.infiniteStream(fc.nat()),
        fc.nat({ max: 40 }),
        fc.option(fc.integer({ min: 2, max: 20 })),
        (random, stream, stopAfter, at) => {
          const inject = at === null ? {} : { [at]: cancel };
          const lived = simulate(random.plan, {
            events: true,
            answer: answers(random),
            choose: chooser(stream),
            stopAfter,
            inject,
          });
          expect(fold(JSON.parse(JSON.stringify(lived.entries)))).toEqual(lived.state);
        },
      ),
      RUNS,
    );
  });

  it('always come to an end, and leave no step open and nothing stored behind', () => {
    fc.assert(
      fc.property(
        randomPlans({ ordered: false }),
        fc.infiniteStream(fc.nat()),
        fc.option(fc.integer({ min: 2, max: 20 })),
        (random, stream, at) => {
          const inject = at === null ? {} : { [at]: cancel };
          const { state, commands } = simulate(random.plan, {
            events: true,
            answer: answers(random),
            choose: chooser(stream),
            inject,
          });
          expect([state.phase, state.open.size, state.busy, state.scopes.size]).toEqual(['ended', 0, 0, 1]);
          const stored = new Set<string>();
          for (const command of commands) {
            if (command.kind === 'set_timer') stored.add(`${command.timer} ${command.address}`);
            else if (command.kind === 'clear_timer') stored.delete(`${command.timer} ${command.address}`);
            else if (command.kind === 'subscribe') stored.add(`event ${command.address} ${command.name}`);
            else if (command.kind === 'unsubscribe') stored.delete(`event ${command.address} ${command.name}`);
          }
          expect([...stored]).toEqual([]);
        },
      ),
      RUNS,
    );
  });
});

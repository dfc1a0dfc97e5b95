import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventConsumer, LoggedEvent } from '../event-log.ts';
import { type EventLogSubject, type EventLogUnderTest, labelled, labelOf } from './event-log-subject.ts';

const SUBJECTS = ['a', 'b', 'c'];

/** What happens to a log and its consumer, one after the other. */
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ append: fc.array(fc.constantFrom(...SUBJECTS), { minLength: 1, maxLength: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ pass: fc.constantFrom(500, 1_000, 4_000) }) },
  { weight: 2, arbitrary: fc.constant('drain' as const) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
  { weight: 1, arbitrary: fc.constant('crash' as const) },
);

type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never;

interface Story {
  readonly under: EventLogUnderTest;
  readonly appended: Map<string, string[]>;
  /** Labels that were dealt with, in the order of that, by subject. */
  readonly handled: Map<string, string[]>;
  readonly consumer: EventConsumer;
}

function begin(under: EventLogUnderTest, failures: readonly number[]): Story {
  const appended = new Map(SUBJECTS.map((subject): [string, string[]] => [subject, []]));
  const handled = new Map(SUBJECTS.map((subject): [string, string[]] => [subject, []]));
  const left = new Map<string, number>();
  const handle = async (logged: LoggedEvent): Promise<void> => {
    const label = labelOf(logged);
    const times = left.get(label) ?? failures[left.size % failures.length] ?? 0;
    left.set(label, times - 1);
    await Promise.resolve();
    if (times > 0) throw new Error('not yet');
    handled.get(logged.event.subject)?.push(label);
  };
  const backoff = { delay: 500, factor: 2, max: 4_000 };
  return { under, appended, handled, consumer: { name: 'one', topics: ['>'], start: 'first', handle, backoff } };
}

async function play({ under, appended, consumer }: Story, happenings: readonly Happening[]): Promise<void> {
  let consumption = await under.log.consume(consumer);
  let number = 0;
  for (const one of happenings) {
    if (one === 'drain') await consumption.drain();
    else if (one === 'restart' || one === 'crash') {
      await (one === 'crash' ? under.crash() : under.reopen());
      consumption = await under.log.consume(consumer);
    } else if ('pass' in one) under.clock.advance(one.pass);
    else {
      const events = one.append.map((subject) => labelled(`${subject}${number++}`, subject));
      for (const { subject, data } of events) appended.get(subject)?.push((data as { label: string }).label);
      await under.log.append(events);
    }
  }
  await consumption.drain();
  for (let round = 0; round < 300 && (await under.store.count('deliveries')) > 0; round++) {
    under.clock.advance(10_000);
    await consumption.drain();
  }
}

/** Each at least once, and the first time in order; what is told again after a crash may be told at any time. */
function expectOrder(appended: readonly string[], handled: readonly string[]): void {
  expect([...new Set(handled)]).toEqual(appended);
}

/** @param runs how many stories to play */
export function describeOrder(subject: EventLogSubject, runs: number): void {
  describe('whatever happens', () => {
    it('tells of everything at least once, and of the events of a subject in order', { timeout: 60_000 }, async () => {
      const stories = fc.array(happening, { minLength: 1, maxLength: 14 });
      const failures = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 });
      const property = fc.asyncProperty(stories, failures, async (happenings, failing) => {
        const under = await subject.open();
        try {
          const story = begin(under, failing);
          await play(story, happenings);
          for (const key of SUBJECTS) expectOrder(story.appended.get(key) ?? [], story.handled.get(key) ?? []);
          expect(await under.store.count('deliveries')).toBe(0);
        } finally {
          await under.destroy();
        }
      });
      await fc.assert(property, { numRuns: runs });
    });
  });
}

import { checkSession } from '../check/check.ts';
import { type Violation, violation } from '../check/violation.ts';
import { loadOn, pause } from '../driver/load.ts';
import { openSession } from '../driver/session.ts';
import { createWorld } from '../driver/world.ts';
import { createRandom } from '../random.ts';
import { startedKinds } from '../workload/kinds.ts';
import type { Scenario } from './scenario.ts';

const HOUR = 3_600_000;
/** What the clock differs by, one after the other; at the end everything that ever had a time is past it. */
const OFFSETS = [HOUR, 0, -HOUR, 0, 2 * HOUR];
const PHASE = 3_000;
const REST = 40;

/**
 * An event counts when its time is not before the start of the run that waits for it; with the clock set back between
 * the two it is, as `docs/how-to/wait-for-things.md` says.
 */
const KINDS = startedKinds.filter(({ traits }) => !traits.includes('event'));

/** The machine's clock is set forward and back by an hour while there is work. */
export const clockSteps: Scenario = {
  name: 'clock',
  title: 'the clock is set an hour forward and back, under load',
  async run({ folder, seed, break: how, patience, say }) {
    const random = createRandom(seed);
    const world = await createWorld({ folder, break: how });
    const session = openSession(world);
    const found: Violation[] = [];
    let took = 0;
    try {
      const subject = await session.start();
      let next = 0;
      for (const offset of OFFSETS) {
        const before = session.acknowledged.length;
        await subject?.order({ order: 'clock', offset });
        const load = loadOn(session, random, next, () => [session.url], REST, KINDS);
        await pause(PHASE);
        next = await load.stop();
        const taken = session.acknowledged.length - before;
        if (taken < 10)
          found.push(violation(2, `with the clock set by ${offset} ms only ${taken} webhooks were taken in`));
        say(`clock ${offset / HOUR} h: ${taken} webhooks`);
      }
      const began = Date.now();
      await session.settle(patience);
      took = Date.now() - began;
    } finally {
      await session.close();
      world.close();
    }
    const { violations, figures } = await checkSession(session, true);
    const notes = [`everything that was due after ${OFFSETS.length} steps had ended after ${took} ms`];
    return { name: this.name, notes, figures, violations: [...found, ...violations] };
  },
};

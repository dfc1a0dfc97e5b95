import { countSavings } from '@counterpoint/engine';
import { type Automation, manifestsOf } from './automation.ts';
import type { Duty } from './duties.ts';
import type { Foundations } from './foundations.ts';

/** How often is looked whether runs have ended, in milliseconds. */
const EVERY = 3_000;
/** How long is left to others between two batches. */
const PAUSE = 50;

/** Counts the minutes that ended runs saved, a little at a time, behind everything else. */
export function savingsDuty(
  { store, clock, log }: Pick<Foundations, 'store' | 'clock' | 'log'>,
  { plans, context }: Pick<Automation, 'plans' | 'context'>,
): Duty {
  return {
    name: 'savings',
    async begin() {
      const manifests = manifestsOf(context);
      let stopped = false;
      let disarm = () => {};
      let round: Promise<void> = Promise.resolve();
      const work = async (): Promise<void> => {
        let counted = 0;
        try {
          counted = await countSavings({ store, plans, manifests }, clock.now());
        } catch (error) {
          log.warn({ err: String(error) }, 'saved minutes could not be counted; it is tried again');
        }
        if (!stopped) disarm = clock.after(counted > 0 ? PAUSE : EVERY, next);
      };
      const next = () => {
        round = work();
      };
      disarm = clock.after(EVERY, next);
      return async () => {
        stopped = true;
        disarm();
        await round;
      };
    },
  };
}

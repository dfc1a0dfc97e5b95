import { checkDrift, type DoorContext } from '@counterpoint/actions';
import type { Foundations } from './foundations.ts';

/** How many containments one round reads back at most; the next round goes on behind them. */
const AT_MOST = 500;
/** How long one round may take, in milliseconds. */
const LONGEST = 600_000;

/** Reads containments in force back in their products, and says in the log which are not there any more. */
export async function watchDrift({ log }: Pick<Foundations, 'log'>, context: DoorContext): Promise<void> {
  for (const { effect, finding, reason } of await checkDrift(context, AT_MOST, AbortSignal.timeout(LONGEST))) {
    log.warn({ effect, finding, reason }, 'a change is not in force as the ledger has it');
  }
}

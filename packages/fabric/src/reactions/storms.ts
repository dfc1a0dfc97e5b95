import type { DecisionHandler } from '@counterpoint/cases';
import { isCounterpointError } from '@counterpoint/core';
import { heldBy } from './breakers.ts';
import { discardHeld } from './by-hand.ts';
import type { Reacting } from './reacting.ts';
import type { Reactions } from './reaction.ts';

/** Ends a storm as people decided. @throws fabric.breaker_closed */
export async function decideStorm(
  reacting: Reacting,
  breaker: string,
  decision: 'release' | 'discard',
  by: string,
): Promise<void> {
  if (decision === 'discard') await discardHeld(reacting, heldBy(breaker), by);
  await reacting.breakers.close(breaker, decision, by);
}

/** The name under which questions about storms are decided. */
export const STORM_QUESTIONS = 'storm';

/** Acts on the answers to the questions that storm breakers ask. */
export function stormDecisions(reactions: Pick<Reactions, 'decideStorm'>): DecisionHandler {
  return async ({ object, status, by, form }) => {
    if (status !== 'answered') return;
    const wish = (form as { readonly decision?: unknown } | null)?.decision;
    try {
      await reactions.decideStorm(object, wish === 'discard' ? 'discard' : 'release', by[0] ?? 'system');
    } catch (error) {
      // Somebody closed it meanwhile.
      if (!isCounterpointError(error, 'fabric.breaker_closed')) throw error;
    }
  };
}

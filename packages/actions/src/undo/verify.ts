import type { DoorContext } from '../door-context.ts';
import { getEffect } from '../ledger/standing.ts';
import { type Verification, verifyPrepared } from '../verify-effect.ts';
import { preparedFrom } from './inverse.ts';

/**
 * Reads back whether an effect of the ledger is in force in the product, to find drift. Changes nothing.
 *
 * @throws actions.effect_not_found, actions.undo_impossible when its connector or connection is gone
 */
export async function verifyEffect(context: DoorContext, id: string, signal: AbortSignal): Promise<Verification> {
  const row = await getEffect(context.store, id);
  return verifyPrepared(context, await preparedFrom(context, row), row.key, signal);
}

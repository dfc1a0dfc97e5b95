import { checkValue } from '@counterpoint/connector-kit';
import type { JsonObject } from '@counterpoint/core';
import type { EffectRow } from '@counterpoint/events';
import type { CallResult } from './call.ts';
import type { ActionOutcome } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { conclude, concludePerformed } from './ledger/conclude.ts';
import { mayHaveHappened } from './ledger/effect-row.ts';
import type { Prepared } from './prepare.ts';
import { verifyPrepared } from './verify-effect.ts';

/** How long the product may take to say what became of a call whose answer was lost just now, in milliseconds. */
const ASK_AT_ONCE = 5_000;

/**
 * The outcome of an effect that was read back as being in force: what the product says now stands in for the receipt
 * that was lost, as far as it has the form of one.
 */
export function concludeInForce(
  { store, clock }: DoorContext,
  prepared: Prepared,
  row: EffectRow,
  seen: JsonObject,
): Promise<ActionOutcome> {
  const output = checkValue(prepared.action.output, seen) === undefined ? seen : {};
  return concludePerformed(store, prepared, { ...row, receipt: output }, output, clock.now());
}

/**
 * The outcome of a call for an effect. When the answer was lost to an action that may be repeated, the product is asked
 * at once: what is in force has succeeded. That it is not in force yet proves nothing, since the call may still arrive;
 * the keeper asks again later.
 */
export async function concludeCall(
  context: DoorContext,
  prepared: Prepared,
  row: EffectRow,
  result: CallResult,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { store, clock } = context;
  const { action, request } = prepared;
  const lost = !result.ok && (result.performed === 'maybe' || mayHaveHappened(row));
  if (lost && action.idempotent && !action.completion) {
    const verification = await verifyPrepared(context, prepared, request.key, signal, ASK_AT_ONCE);
    if (verification.kind === 'holds') return concludeInForce(context, prepared, row, verification.output);
  }
  return conclude(store, prepared, row, result, clock.now());
}

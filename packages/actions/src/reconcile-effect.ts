import type { CounterpointError, JsonObject } from '@counterpoint/core';
import type { EffectRow } from '@counterpoint/events';
import { effectPlace } from './admit-effect.ts';
import { concludeInForce } from './conclude-call.ts';
import type { ActionOutcome } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { claimsOf, ownClaims } from './ledger/claims.ts';
import { concludeFailed, concludeLost } from './ledger/conclude.ts';
import { effectByKey, effectsOn } from './ledger/standing.ts';
import type { Prepared } from './prepare.ts';
import { lostError, settledFrom } from './settled.ts';
import { verifyPrepared } from './verify-effect.ts';

/** What became of an effect whose answer never came, as far as anybody can tell. */
export async function reconcileEffect(
  context: DoorContext,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { request } = prepared;
  const row = await effectByKey(context.store, request.key);
  if (!row) return reconcileWithoutRow(context, prepared);
  if (row.state !== 'intended' && row.state !== 'unknown') {
    const settled = settledFrom(row, prepared);
    if (settled?.kind === 'settled') return settled.outcome;
    return mayBeSent(row, prepared);
  }
  return settleByVerify(context, prepared, row, signal);
}

/** The outcome that lets the caller admit the request again. */
function mayBeSent(row: EffectRow | undefined, { request }: Prepared): ActionOutcome {
  const { connector, action } = request;
  return asRepeatable({ effect: row?.id, change: {} }, lostError({ connector, action, error: null }));
}

/** Asks the product whether an effect of lost answer is in force, and settles it by the answer. */
export async function settleByVerify(
  context: DoorContext,
  prepared: Prepared,
  row: EffectRow,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { store, clock } = context;
  const { action, request } = prepared;
  const error = lostError(row);
  const verification = await verifyPrepared(context, prepared, request.key, signal);
  const now = clock.now();
  switch (verification.kind) {
    case 'holds':
      return concludeInForce(context, prepared, row, verification.output);
    case 'gone':
      return asRepeatable(await concludeFailed(store, row, { error, retryAfter: undefined }, now), error);
    default: {
      const lost = concludeLost(prepared, row, { error, retryAfter: undefined, output: row.receipt }, now);
      if (action.idempotent) return asRepeatable(lost, error);
      return { status: 'unknown', error, effect: row.id, change: lost.change };
    }
  }
}

function asRepeatable(
  { effect, change }: Pick<ActionOutcome, 'effect' | 'change'>,
  error: CounterpointError,
): ActionOutcome {
  return { status: 'failed', error, retryable: true, retryAfter: undefined, performed: 'no', effect, change };
}

/** A request without an effect of its own never went out, unless it joined one that stood on the target. */
async function reconcileWithoutRow(context: DoorContext, prepared: Prepared): Promise<ActionOutcome> {
  const { store } = context;
  const { request, target } = prepared;
  const [current] = target === '' ? [] : await effectsOn(store, effectPlace(prepared));
  if (current?.state === 'performed') {
    const claims = ownClaims(current.id, await claimsOf(store, current.id), request);
    const joined = claims.some((claim) => claim.ended_at === null);
    // With a lease at the vendor, whether it was extended is not known; extending again is harmless.
    if (joined && prepared.action.lease === undefined) {
      return { status: 'succeeded', output: current.receipt as JsonObject, effect: current.id, change: {} };
    }
  }
  return mayBeSent(current, prepared);
}

import { retryOnConflict } from '@counterpoint/cases';
import type { JsonObject } from '@counterpoint/core';
import { type EffectRow, mergeChanges } from '@counterpoint/events';
import { type CallFailure, callAction, notSent } from './call.ts';
import type { ActionOutcome, ActionRequest } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { errors } from './errors.ts';
import { endTurn, type Turn, takeTurn } from './extension-turn.ts';
import { claimsOf, endedClaim, endsOf, isOpen, ownClaims } from './ledger/claims.ts';
import { effectAudit, updateEffect } from './ledger/conclude.ts';
import { changed } from './ledger/effect-row.ts';
import { getEffect } from './ledger/standing.ts';
import type { Prepared } from './prepare.ts';
import { preparedFrom } from './undo/inverse.ts';
import { extendedInput, latestEnd, vendorEnd } from './vendor-lease.ts';

/** How long to wait before asking for the turn again, and how long in all, in milliseconds. */
const LOOK_AGAIN = 200;
const WAIT_AT_MOST = 120_000;

/** The outcome of a request that joined an effect in force. */
export function joinedOutcome(row: EffectRow): ActionOutcome {
  return { status: 'succeeded', output: row.receipt as JsonObject, effect: row.id, change: {} };
}

/**
 * Has the vendor keep a joined effect for as long as the request's claims last: acts again with the latest end of all
 * open claims, unless the vendor keeps it that long already. One call at a time for each effect, whichever process makes
 * it, so that a shorter lease never comes after a longer one.
 */
export function keepForClaim(
  context: DoorContext,
  prepared: Prepared,
  effect: string,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  return context.extensions(effect, () => extend(context, prepared, effect, signal));
}

async function extend(
  context: DoorContext,
  prepared: Prepared,
  effect: string,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { clock } = context;
  const giveUpAt = clock.now() + WAIT_AT_MOST;
  const wanted: Parameters<typeof takeTurn>[3] = (row, open, lost) => {
    const own = ownClaims(effect, open, prepared.request);
    // Released while it waited for its turn: nobody wants more time in its name.
    return own.length > 0 && (lost || latestEnd(own) > vendorEnd(row, prepared));
  };
  for (;;) {
    const turn = await takeTurn(context, prepared, effect, wanted);
    if (turn.kind === 'over') return leave(context, prepared, effect);
    if (turn.kind === 'needless') return joinedOutcome(turn.row);
    if (turn.kind === 'busy') {
      if (signal.aborted || clock.now() >= giveUpAt) return leave(context, prepared, effect);
      await new Promise<void>((resolve) => clock.after(LOOK_AGAIN, resolve));
      continue;
    }
    const { failure, row } = await sendInTurn(context, prepared, turn, signal);
    if (failure) return giveUp(context, prepared, effect, failure);
    if (row) return joinedOutcome(row);
  }
}

/** Tells the vendor the latest end of all open claims. Without failure and row the turn had passed on: once more. */
async function sendInTurn(
  context: DoorContext,
  prepared: Prepared,
  turn: Turn,
  signal: AbortSignal,
): Promise<{ readonly failure?: CallFailure; readonly row?: EffectRow | undefined }> {
  const args = extendedInput(prepared, turn.open, turn.at);
  const failure = await send(context, prepared, args, signal);
  if (failure) {
    await endTurn(context, turn, failure.performed === 'no' ? {} : undefined);
    return { failure };
  }
  // The arguments of an effect are those of the call that the vendor goes by; its receipt stays that of the first.
  const row = await endTurn(context, turn, { args, performed_at: turn.at }, (after) => {
    return [effectAudit(after, 'effect.extended', context.clock.now(), { lease_until: after.lease_until })];
  });
  return { row };
}

/**
 * Makes good an extension whose process died: the vendor may have been told a shorter time than is claimed by now, and
 * is told the latest once more. False when nobody claims the effect any more, so that there is nothing to make good.
 */
export async function resumeExtension(context: DoorContext, row: EffectRow): Promise<boolean> {
  const prepared = await preparedFrom(context, row);
  const turn = await takeTurn(context, prepared, row.id, (_row, open, lost) => lost && open.length > 0);
  if (turn.kind !== 'turn') return turn.kind !== 'needless';
  await sendInTurn(context, prepared, turn, new AbortController().signal);
  return true;
}

/** Undefined when the vendor took it. */
async function send(
  context: DoorContext,
  prepared: Prepared,
  input: JsonObject,
  signal: AbortSignal,
): Promise<CallFailure | undefined> {
  const { request, connector, action, connection } = prepared;
  const obstacle = await context.guard.stopped(request.connector);
  if (obstacle) return notSent(obstacle);
  const { action: name, key, timeout } = request;
  const result = await callAction(context, { connector, name, action, connection, input, key, timeout, signal });
  return result.ok ? undefined : result;
}

async function giveUp(
  context: DoorContext,
  { request }: Prepared,
  effect: string,
  { error, retryAfter, performed }: CallFailure,
): Promise<ActionOutcome> {
  await endClaimsOf(context, effect, request);
  return { status: 'failed', error, retryable: error.retryable, retryAfter, performed, effect, change: {} };
}

/** What was joined is not in force (any more): the request may be admitted anew. */
export async function leave(
  context: DoorContext,
  { request, target }: Prepared,
  effect: string,
): Promise<ActionOutcome> {
  await endClaimsOf(context, effect, request);
  const error = errors.target_busy({ target });
  return { status: 'failed', error, retryable: true, retryAfter: undefined, performed: 'no', effect, change: {} };
}

/** Ends the claims of a request, without undoing anything; the effect in force then lasts as long as the others. */
function endClaimsOf({ store, clock }: DoorContext, effect: string, request: ActionRequest): Promise<void> {
  return retryOnConflict(async () => {
    const now = clock.now();
    const row = await getEffect(store, effect);
    const claims = await claimsOf(store, effect);
    const ending = ownClaims(effect, claims, request).filter((claim) => claim.ended_at === null);
    if (ending.length === 0) return;
    const open = claims.filter((one) => !ending.includes(one) && isOpen(one, now));
    // Without another claim it is due: the keeper undoes it, or finds that somebody claimed it in the meantime.
    const ends = open.length > 0 ? endsOf(open) : { lease_until: now, wake_at: now };
    await store.commit(
      mergeChanges(row.state === 'performed' ? updateEffect(changed(row, ends)) : {}, {
        rows: ending.map((claim) => ({ op: 'update', table: 'claims', row: endedClaim(claim, now) }) as const),
      }),
    );
  });
}

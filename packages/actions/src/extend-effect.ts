import { retryOnConflict } from '@counterpoint/cases';
import { hashJson, type JsonObject } from '@counterpoint/core';
import { type EffectRow, mergeChanges } from '@counterpoint/events';
import { type CallFailure, callAction, notSent } from './call.ts';
import type { ActionOutcome } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { errors } from './errors.ts';
import { claimsOf, endedClaim, endsOf, isOpen } from './ledger/claims.ts';
import { effectAudit, updateEffect } from './ledger/conclude.ts';
import { changed } from './ledger/effect-row.ts';
import { getEffect } from './ledger/standing.ts';
import type { Prepared } from './prepare.ts';
import { endOfClaim, extendedInput, vendorEnd } from './vendor-lease.ts';

/** The outcome of a request that joined an effect in force. */
export function joinedOutcome(row: EffectRow): ActionOutcome {
  return { status: 'succeeded', output: row.receipt as JsonObject, effect: row.id, change: {} };
}

/**
 * Has the vendor keep a joined effect for as long as the request's claim lasts: acts again with the latest end of all
 * open claims, unless the vendor keeps it that long already. One call at a time for each effect, so that a shorter lease
 * never comes after a longer one; when another process sent one at the same time, whose came last is unknown, and the
 * latest end is sent once more.
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
  const { store, clock } = context;
  const { holder } = prepared.request;
  for (let collided = false; ; ) {
    const row = await getEffect(store, effect);
    const now = clock.now();
    if (row.state !== 'performed') return leave(context, prepared, effect);
    const claims = await claimsOf(store, effect);
    const own = claims.find((claim) => claim.holder === holder && isOpen(claim, now));
    // Released while it waited for its turn: nobody wants more time in its name.
    if (!own || (!collided && endOfClaim(own) <= vendorEnd(row, prepared))) return joinedOutcome(row);
    const input = extendedInput(prepared, claims, now);
    const failure = await send(context, prepared, input, signal);
    if (failure) return giveUp(context, prepared, effect, failure);
    const recorded = await recordExtension(context, row, input, now);
    if (recorded) return joinedOutcome(recorded);
    collided = true;
  }
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

/**
 * The arguments of an effect are those of the call that the vendor goes by; its receipt stays that of the first.
 * Undefined when another extension was recorded, or the effect ended, since `sent` was read.
 */
function recordExtension(
  { store, clock }: DoorContext,
  sent: EffectRow,
  args: JsonObject,
  sentAt: number,
): Promise<EffectRow | undefined> {
  return retryOnConflict(async () => {
    const row = await getEffect(store, sent.id);
    const same = row.performed_at === sent.performed_at && hashJson(row.args) === hashJson(sent.args);
    if (row.state !== 'performed' || !same) return undefined;
    const after = changed(row, { args, performed_at: sentAt });
    const audit = [effectAudit(after, 'effect.extended', clock.now(), { lease_until: after.lease_until })];
    await store.commit(mergeChanges(updateEffect(after), { audit }));
    return after;
  });
}

async function giveUp(
  context: DoorContext,
  { request }: Prepared,
  effect: string,
  { error, retryAfter, performed }: CallFailure,
): Promise<ActionOutcome> {
  await endClaimOf(context, effect, request.holder, context.clock.now());
  return { status: 'failed', error, retryable: error.retryable, retryAfter, performed, effect, change: {} };
}

/** What was joined is not in force (any more): the request may be admitted anew. */
export async function leave(
  context: DoorContext,
  { request, target }: Prepared,
  effect: string,
): Promise<ActionOutcome> {
  await endClaimOf(context, effect, request.holder, context.clock.now());
  const error = errors.target_busy({ target });
  return { status: 'failed', error, retryable: true, retryAfter: undefined, performed: 'no', effect, change: {} };
}

/** Ends the claim of one holder, without undoing anything; the effect in force then lasts as long as the other claims. */
function endClaimOf({ store }: DoorContext, effect: string, holder: string, now: number): Promise<void> {
  return retryOnConflict(async () => {
    const row = await getEffect(store, effect);
    const claims = await claimsOf(store, effect);
    const claim = claims.find((one) => one.holder === holder && one.ended_at === null);
    if (!claim) return;
    const open = claims.filter((one) => one !== claim && isOpen(one, now));
    // Without another claim it is due: the keeper undoes it, or finds that somebody claimed it in the meantime.
    const ends = open.length > 0 ? endsOf(open) : { lease_until: now, wake_at: now };
    await store.commit(
      mergeChanges(row.state === 'performed' ? updateEffect(changed(row, ends)) : {}, {
        rows: [{ op: 'update', table: 'claims', row: endedClaim(claim, now) }],
      }),
    );
  });
}

import { retryOnConflict } from '@counterpoint/cases';
import type { JsonObject } from '@counterpoint/core';
import { type EffectRow, mergeChanges } from '@counterpoint/events';
import { callAction, notSent } from './call.ts';
import type { ActionOutcome, Admission } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { errors } from './errors.ts';
import { claimsOf, claimWish, claimWrite, endedClaim, endsOf, isOpen } from './ledger/claims.ts';
import { effectAudit, updateEffect } from './ledger/conclude.ts';
import { changed } from './ledger/effect-row.ts';
import { getEffect } from './ledger/standing.ts';
import type { Prepared } from './prepare.ts';

const LOOK_AGAIN = 500;
const WAIT_AT_MOST = 120_000;

/** What a pending outcome carries that waits for somebody else's effect on the same target. */
export interface Joining extends JsonObject {
  readonly joining: string;
  readonly until: number;
}

/**
 * Adds a claim to an effect that stands on the target already, or is on its way, instead of acting again. When the
 * vendor ends the effect by itself before the new claim does, the action is performed again with the longer lease.
 *
 * Bookkeeping on an effect that several share is committed here, with retries, and not left to the caller's change:
 * others change the same row at the same time. Undefined: there is nothing left to join.
 */
export async function joinEffect(
  context: DoorContext,
  prepared: Prepared,
  current: EffectRow,
): Promise<Admission | undefined> {
  const { request } = prepared;
  const joined = await addClaim(context, prepared, current.id);
  if (!joined) return undefined;
  const { row, extends: extended } = joined;
  if (row.state !== 'performed') {
    const poll: Joining = { joining: row.id, until: request.now + WAIT_AT_MOST };
    const outcome = { status: 'pending', effect: row.id, poll, at: request.now + LOOK_AGAIN, change: {} } as const;
    return { kind: 'settled', outcome };
  }
  if (!extended) return { kind: 'settled', outcome: joinedOutcome(row) };
  return { kind: 'send', change: {}, effect: row.id, send: (signal) => extendAtVendor(context, prepared, row, signal) };
}

function joinedOutcome(row: EffectRow): ActionOutcome {
  return { status: 'succeeded', output: row.receipt as JsonObject, effect: row.id, change: {} };
}

interface Joined {
  readonly row: EffectRow;
  /** The vendor would end it before the new claim does. */
  readonly extends: boolean;
}

function addClaim(context: DoorContext, prepared: Prepared, effect: string): Promise<Joined | undefined> {
  const { store } = context;
  const { request, action } = prepared;
  const wish = claimWish(request);
  return retryOnConflict(async () => {
    const row = await store.get('effects', effect);
    if (row?.state !== 'performed' && row?.state !== 'intended' && row?.state !== 'pending') return undefined;
    const claims = await claimsOf(store, effect);
    const write = claimWrite(
      effect,
      claims.find((claim) => claim.holder === wish.holder),
      wish,
    );
    const audit = [effectAudit(row, 'effect.claimed', request.now, { holder: wish.holder, until: wish.until })];
    const claimed = { rows: [write], audit };
    // What is under way belongs to whoever sends it; its ends are counted from the claims when it is done.
    if (row.state !== 'performed') {
      await store.commit(claimed);
      return { row, extends: false };
    }
    const open = [...claims.filter((claim) => claim.holder !== wish.holder && isOpen(claim, request.now)), write.row];
    const after = changed(row, endsOf(open));
    await store.commit(mergeChanges(updateEffect(after), claimed));
    const until = wish.until ?? Number.POSITIVE_INFINITY;
    return { row: after, extends: action.lease !== undefined && until > vendorEnd(row, prepared) };
  });
}

/** When the vendor ends the effect by itself: its last call, and the lease it was given then. */
function vendorEnd(row: EffectRow, { action }: Prepared): number {
  const seconds = action.lease && (row.args as JsonObject)[action.lease.argument];
  return typeof seconds === 'number' ? (row.performed_at ?? row.created_at) + seconds * 1000 : Number.POSITIVE_INFINITY;
}

async function extendAtVendor(
  context: DoorContext,
  prepared: Prepared,
  joined: EffectRow,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { request, connector, action, connection, input } = prepared;
  const { clock, guard } = context;
  const obstacle = await guard.stopped(request.connector);
  const result = obstacle
    ? notSent(obstacle)
    : await callAction(context, {
        connector,
        name: request.action,
        action,
        connection,
        input,
        key: request.key,
        timeout: request.timeout,
        signal,
      });
  const now = clock.now();
  if (result.ok) return joinedOutcome(await recordExtension(context, prepared, joined.id, now));
  await endClaimOf(context, joined.id, request.holder, now);
  const { error, retryAfter, performed } = result;
  return { status: 'failed', error, retryable: error.retryable, retryAfter, performed, effect: joined.id, change: {} };
}

/** The arguments of an effect are those of the call that the vendor goes by; its receipt stays that of the first. */
function recordExtension({ store }: DoorContext, prepared: Prepared, effect: string, now: number): Promise<EffectRow> {
  return retryOnConflict(async () => {
    const row = await getEffect(store, effect);
    const { input: args, argsHash: args_hash } = prepared;
    const after = changed(row, { args, args_hash, performed_at: now });
    const audit = [effectAudit(after, 'effect.extended', now, { lease_until: after.lease_until })];
    await store.commit(mergeChanges(updateEffect(after), { audit }));
    return after;
  });
}

/** Ends the claim of one holder, without undoing anything. */
export function endClaimOf({ store }: DoorContext, effect: string, holder: string, now: number): Promise<void> {
  return retryOnConflict(async () => {
    const [claim] = await store.find('claims', { where: { effect, holder }, limit: 1 });
    if (!claim || claim.ended_at !== null) return;
    await store.commit({ rows: [{ op: 'update', table: 'claims', row: endedClaim(claim, now) }] });
  });
}

/** Looks whether the effect that was joined while it was under way has come about. */
export async function pollJoined(context: DoorContext, prepared: Prepared, joining: Joining): Promise<ActionOutcome> {
  const { request } = prepared;
  const row = await context.store.get('effects', joining.joining);
  const effect = joining.joining;
  if (row?.state === 'performed') return joinedOutcome(row);
  const waiting = row?.state === 'intended' || row?.state === 'pending';
  if (waiting && request.now < joining.until) {
    return { status: 'pending', effect, poll: joining, at: request.now + LOOK_AGAIN, change: {} };
  }
  await endClaimOf(context, effect, request.holder, request.now);
  const error = errors.target_busy({ target: prepared.target });
  return { status: 'failed', error, retryable: true, retryAfter: undefined, performed: 'no', effect, change: {} };
}

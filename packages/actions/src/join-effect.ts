import { retryOnConflict } from '@counterpoint/cases';
import type { JsonObject } from '@counterpoint/core';
import { type ClaimRow, type EffectRow, mergeChanges } from '@counterpoint/events';
import type { ActionOutcome, Admission } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { joinedOutcome, keepForClaim, leave } from './extend-effect.ts';
import { claimsOf, claimWishes, claimWrites, endsOf, isOpen, lastEnd } from './ledger/claims.ts';
import { effectAudit, orphanedClaims, updateEffect } from './ledger/conclude.ts';
import { changed } from './ledger/effect-row.ts';
import type { Prepared } from './prepare.ts';
import { latestEnd, vendorEnd } from './vendor-lease.ts';

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
  // A case that was closed in this moment knew nothing of the claim.
  if ((await orphanedClaims(context.store, joined.claims)).length > 0) {
    const outcome = await leave(context, prepared, row.id);
    return { kind: 'settled', outcome };
  }
  if (row.state !== 'performed') {
    const poll: Joining = { joining: row.id, until: request.now + WAIT_AT_MOST };
    const outcome = { status: 'pending', effect: row.id, poll, at: request.now + LOOK_AGAIN, change: {} } as const;
    return { kind: 'settled', outcome };
  }
  if (!extended) return { kind: 'settled', outcome: joinedOutcome(row) };
  return {
    kind: 'send',
    change: {},
    effect: row.id,
    send: (signal) => keepForClaim(context, prepared, row.id, signal),
  };
}

interface Joined {
  readonly row: EffectRow;
  /** The claims of the request. */
  readonly claims: readonly ClaimRow[];
  /** The vendor would end it before the new claim does. */
  readonly extends: boolean;
}

function addClaim(context: DoorContext, prepared: Prepared, effect: string): Promise<Joined | undefined> {
  const { store } = context;
  const { request } = prepared;
  return retryOnConflict(async () => {
    const row = await store.get('effects', effect);
    if (row?.state !== 'performed' && row?.state !== 'intended' && row?.state !== 'pending') return undefined;
    const claims = await claimsOf(store, effect);
    const writes = claimWrites(effect, claims, claimWishes(request));
    const holders = writes.map((write) => write.row.holder).join(', ');
    const audit = [effectAudit(row, 'effect.claimed', request.now, { holder: holders, until: lastEnd(request) })];
    const claimed = { rows: writes, audit };
    // What is under way belongs to whoever sends it; its ends are counted from the claims when it is done.
    if (row.state !== 'performed') {
      await store.commit(claimed);
      return { row, claims: writes.map((write) => write.row), extends: false };
    }
    const own = new Map(writes.map((write) => [write.row.id, write.row]));
    const others = claims.filter((claim) => !own.has(claim.id) && isOpen(claim, request.now));
    const open = [...others, ...own.values()];
    const after = changed(row, endsOf(open));
    await store.commit(mergeChanges(updateEffect(after), claimed));
    return { row: after, claims: [...own.values()], extends: latestEnd([...own.values()]) > vendorEnd(row, prepared) };
  });
}

/**
 * Looks whether the effect that was joined while it was under way has come about. The vendor was given the lease of
 * whoever began it, so that it may have to be told of this claim's.
 */
export async function pollJoined(
  context: DoorContext,
  prepared: Prepared,
  joining: Joining,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { request } = prepared;
  const effect = joining.joining;
  const row = await context.store.get('effects', effect);
  if (row?.state === 'performed') return keepForClaim(context, prepared, effect, signal);
  const waiting = row?.state === 'intended' || row?.state === 'pending';
  if (waiting && request.now < joining.until) {
    return { status: 'pending', effect, poll: joining, at: request.now + LOOK_AGAIN, change: {} };
  }
  return leave(context, prepared, effect);
}

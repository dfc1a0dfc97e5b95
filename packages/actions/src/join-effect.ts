import { retryOnConflict } from '@counterpoint/cases';
import type { JsonObject } from '@counterpoint/core';
import { type EffectRow, mergeChanges } from '@counterpoint/events';
import type { ActionOutcome, Admission } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { joinedOutcome, keepForClaim, leave } from './extend-effect.ts';
import { claimsOf, claimWish, claimWrite, endsOf, isOpen } from './ledger/claims.ts';
import { effectAudit, updateEffect } from './ledger/conclude.ts';
import { changed } from './ledger/effect-row.ts';
import type { Prepared } from './prepare.ts';
import { endOfClaim, vendorEnd } from './vendor-lease.ts';

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
  return {
    kind: 'send',
    change: {},
    effect: row.id,
    send: (signal) => keepForClaim(context, prepared, row.id, signal),
  };
}

interface Joined {
  readonly row: EffectRow;
  /** The vendor would end it before the new claim does. */
  readonly extends: boolean;
}

function addClaim(context: DoorContext, prepared: Prepared, effect: string): Promise<Joined | undefined> {
  const { store } = context;
  const { request } = prepared;
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
    return { row: after, extends: endOfClaim(write.row) > vendorEnd(row, prepared) };
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

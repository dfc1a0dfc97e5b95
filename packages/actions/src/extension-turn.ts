import { retryOnConflict } from '@counterpoint/cases';
import { stableId } from '@counterpoint/core';
import { type AuditEntry, type ClaimRow, causedBy, type EffectRow, mergeChanges } from '@counterpoint/events';
import { timeoutOf } from './call.ts';
import type { DoorContext } from './door-context.ts';
import { claimsOf, endedClaim, endsOf, isOpen } from './ledger/claims.ts';
import { updateEffect } from './ledger/conclude.ts';
import { changed } from './ledger/effect-row.ts';
import { getEffect } from './ledger/standing.ts';
import type { Prepared } from './prepare.ts';

/** How long after its time-out an extension is taken for lost, in milliseconds. */
const LOST_AFTER = 5_000;
/** How long after an extension was lost the keeper sends one that surely lasts, in milliseconds. */
const REPEAT_AFTER = 5_000;

/**
 * The right to tell the vendor how long to keep an effect, for one call. It is a claim of its own in the ledger, durable
 * before the call: two processes never send at the same time, the effect is not undone meanwhile, and when the process
 * dies the claim runs out without having been ended, by which the keeper knows that the vendor may have been told a
 * shorter time than others claim.
 */
export interface Turn {
  readonly kind: 'turn';
  readonly row: EffectRow;
  readonly lock: ClaimRow;
  /** The other open claims at that moment. */
  readonly open: readonly ClaimRow[];
  /** When the turn began (Unix ms): the vendor’s time runs from then on at the earliest. */
  readonly at: number;
}

/** What became of the wish for a turn; `busy` when somebody else has it, `over` when the effect is not in force. */
export type TurnWish =
  | Turn
  | { readonly kind: 'busy'; readonly row: EffectRow }
  | { readonly kind: 'over'; readonly row: EffectRow }
  | { readonly kind: 'needless'; readonly row: EffectRow };

function lockId(effect: string): string {
  return stableId('claim', effect, 'extension');
}

/** Whether a claim is the right to extend, and no reason of anybody's. */
export function isTurn(claim: Pick<ClaimRow, 'id' | 'effect'>): boolean {
  return claim.id === lockId(claim.effect);
}

/** Whether somebody began to extend the effect and never wrote down what came of it. */
export async function extensionWasLost({ store, clock }: DoorContext, effect: string): Promise<boolean> {
  const lock = await store.get('claims', lockId(effect));
  return lock !== undefined && lock.ended_at === null && !isOpen(lock, clock.now());
}

/** Takes the turn when `wanted` says so, by the open claims and by whether the turn before was lost. */
export function takeTurn(
  { store, clock }: DoorContext,
  { action, request }: Prepared,
  effect: string,
  wanted: (row: EffectRow, open: readonly ClaimRow[], lost: boolean) => boolean,
): Promise<TurnWish> {
  return retryOnConflict<TurnWish>(async () => {
    const row = await getEffect(store, effect);
    if (row.state !== 'performed') return { kind: 'over', row };
    const now = clock.now();
    const claims = await claimsOf(store, effect);
    const before = claims.find(isTurn);
    const open = claims.filter((claim) => !isTurn(claim) && isOpen(claim, now));
    if (before && isOpen(before, now)) return { kind: 'busy', row };
    const lost = before !== undefined && before.ended_at === null;
    if (!wanted(row, open, lost)) return { kind: 'needless', row };
    const until = now + timeoutOf(action, request.timeout) + LOST_AFTER;
    const facts = {
      ...causedBy(request.causality, `effect:${effect}`),
      holder: 'system',
      reason: 'it is being extended',
    };
    const fresh = { id: lockId(effect), effect, until, created_at: now, ended_at: null, ...facts };
    const lock: ClaimRow = { ...fresh, rev: (before?.rev ?? 0) + 1 };
    const write = before
      ? ({ op: 'update', table: 'claims', row: lock } as const)
      : ({ op: 'insert', table: 'claims', row: lock } as const);
    const after = changed(row, { wake_at: endsOf([...open, lock]).wake_at });
    await store.commit(mergeChanges(updateEffect(after), { rows: [write] }));
    return { kind: 'turn', row: after, lock, open, at: now };
  });
}

/**
 * Ends a turn. `patch` is what is now known of the effect; undefined: the vendor may or may not have taken the call, which
 * the keeper then repeats. Undefined when the turn had passed on to somebody else, or the effect ended.
 */
export function endTurn(
  { store, clock }: DoorContext,
  { lock }: Turn,
  patch: Partial<EffectRow> | undefined,
  audit: (row: EffectRow) => readonly AuditEntry[] = () => [],
): Promise<EffectRow | undefined> {
  return retryOnConflict(async () => {
    const now = clock.now();
    const [row, standing] = await Promise.all([getEffect(store, lock.effect), store.get('claims', lock.id)]);
    if (standing?.rev !== lock.rev) return undefined;
    const over = patch !== undefined || row.state !== 'performed';
    const ended = over ? endedClaim(lock, now) : { ...lock, until: now, rev: lock.rev + 1 };
    const write = { op: 'update', table: 'claims', row: ended } as const;
    if (row.state !== 'performed') {
      await store.commit({ rows: [write] });
      return undefined;
    }
    const open = (await claimsOf(store, row.id)).filter((claim) => !isTurn(claim) && isOpen(claim, now));
    const ends = open.length > 0 ? endsOf(open) : { lease_until: now, wake_at: now };
    const after = changed(row, { ...ends, ...patch, ...(over ? {} : { wake_at: now + REPEAT_AFTER }) });
    await store.commit(mergeChanges(updateEffect(after), { rows: [write], audit: audit(after) }));
    return after;
  });
}

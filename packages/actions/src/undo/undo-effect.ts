import { retryOnConflict } from '@counterpoint/cases';
import { isCounterpointError } from '@counterpoint/core';
import {
  type Causality,
  type Change,
  type ClaimRow,
  causalityOf,
  type EffectRow,
  mergeChanges,
} from '@counterpoint/events';
import { timeoutOf } from '../call.ts';
import type { DoorContext } from '../door-context.ts';
import { claimsOf, endedClaim, endsOf, isOpen } from '../ledger/claims.ts';
import { effectAudit, updateEffect } from '../ledger/conclude.ts';
import { changed } from '../ledger/effect-row.ts';
import { getEffect, isSharedBy } from '../ledger/standing.ts';
import { carryOut, kept, type Undoing, type UndoResult, undoFailed, undoFailureAudit } from './carry-out.ts';
import { type Inverse, resolveInverse, undoId, undoRow } from './inverse.ts';

/** How long after its time-out an undo under way is taken for lost, in milliseconds. */
const LOST_AFTER = 5_000;

/** Why claims end, and whose. */
export interface UndoWish {
  readonly effect: string;
  /** Which open claims end now; those that ended by time always do. */
  readonly ends: (claim: ClaimRow) => boolean;
  /** `lease` when time ended it, so that an effect without inverse is over; `release` when somebody asked. */
  readonly occasion: 'lease' | 'release';
  readonly reason: string;
  readonly causality: Causality;
}

/**
 * Ends claims on an effect and, when none is left, undoes it by its inverse: an effect of its own in the ledger, durable
 * before it is sent, repeated with growing delays until it is done. What was so before us, what others still claim, and
 * what another effect of ours holds up, is never undone.
 */
export async function undoEffect(context: DoorContext, wish: UndoWish): Promise<UndoResult> {
  const begun = await retryOnConflict(() => begin(context, wish));
  return 'kind' in begun ? begun : carryOut(context, begun);
}

/** Takes up an undo that was under way when whoever carried it out went away. */
export async function resumeUndo(context: DoorContext, effect: string): Promise<UndoResult> {
  const begun = await retryOnConflict(async () => {
    const row = await getEffect(context.store, effect);
    if (row.state !== 'undoing') return kept('it is not being undone');
    const stopped = await context.guard.undoStopped();
    if (stopped) return { kind: 'failed', error: stopped } as const;
    const wish = { reason: 'taken up again', causality: causalityOf(row) };
    return intend(context, row, {}, wish, context.clock.now());
  });
  return 'kind' in begun ? begun : carryOut(context, begun);
}

async function begin(context: DoorContext, wish: UndoWish): Promise<UndoResult | Undoing> {
  const { store, clock, guard } = context;
  const now = clock.now();
  const row = await getEffect(store, wish.effect);
  const claims = await claimsOf(store, row.id);
  const ending = claims.filter((claim) => claim.ended_at === null && (!isOpen(claim, now) || wish.ends(claim)));
  const open = claims.filter((claim) => isOpen(claim, now) && !wish.ends(claim));
  const ended: Change = {
    rows: ending.map((claim) => ({ op: 'update', table: 'claims', row: endedClaim(claim, now) }) as const),
  };
  const settle = async (patch: Partial<EffectRow>, action: string, reason: string): Promise<UndoResult> => {
    const after = changed(row, patch);
    const audit = ending.length > 0 || patch.state ? [effectAudit(after, action, now, { reason: wish.reason })] : [];
    await store.commit(mergeChanges(updateEffect(after), ended, { audit }));
    return kept(reason);
  };
  if (row.state !== 'performed' && row.state !== 'undo_failed') return notUndoable(row);
  if (open.length > 0) {
    return settle(endsOf(open), 'effect.released', `${open.map((claim) => claim.holder).join(', ')} still claims it`);
  }
  const over = { state: 'expired', wake_at: null, ended_at: now } as const;
  if (row.preexisting) return settle(over, 'effect.expired', 'it was so before us');
  if (row.inverse === null) {
    const patch = wish.occasion === 'lease' ? over : { wake_at: null };
    return settle(patch, 'effect.expired', 'it has no inverse');
  }
  const other = await isSharedBy(store, row);
  if (other) return settle(over, 'effect.superseded', `the effect ${other.id} holds it too`);
  const stopped = await guard.undoStopped();
  // The claims stay as they are: the keeper takes it up when the switch is released.
  if (stopped) return { kind: 'failed', error: stopped };
  return intend(context, row, ended, wish, now);
}

function notUndoable(row: EffectRow): UndoResult {
  switch (row.state) {
    case 'undone':
    case 'expired':
      return kept(`it is over already (${row.state})`);
    case 'failed':
      return kept('it never happened');
    case 'unknown':
      return kept('nobody knows whether it happened');
    default:
      return kept(`it is under way (${row.state})`);
  }
}

async function intend(
  context: DoorContext,
  row: EffectRow,
  ended: Change,
  wish: Pick<UndoWish, 'reason' | 'causality'>,
  now: number,
): Promise<Undoing | UndoResult> {
  const { store } = context;
  let inverse: Inverse;
  try {
    inverse = await resolveInverse(context, row);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    const after = undoFailed(row, error, row.attempts, now);
    await store.commit(mergeChanges(updateEffect(after), ended, { audit: [undoFailureAudit(after, error, now)] }));
    return { kind: 'failed', error };
  }
  const wake_at = now + timeoutOf(inverse.action, undefined) + LOST_AFTER;
  const after = changed(row, { state: 'undoing', wake_at });
  const standing = await store.get('effects', undoId(row.id));
  const undo = standing
    ? changed(standing, { state: 'intended', attempts: standing.attempts + 1, ended_at: null })
    : undoRow(row, inverse, wish, now);
  const audit = [effectAudit(after, 'effect.undoing', now, { reason: wish.reason, attempt: undo.attempts })];
  await store.commit(
    mergeChanges(
      updateEffect(after),
      ended,
      standing ? updateEffect(undo) : { rows: [{ op: 'insert', table: 'effects', row: undo }] },
      {
        audit,
      },
    ),
  );
  return { row: after, undo, lost: standing?.state === 'intended' || standing?.state === 'unknown' };
}

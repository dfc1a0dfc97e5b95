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
import { getEffect, sharingOf } from '../ledger/standing.ts';
import { carryOut, kept, type Undoing, type UndoResult, undoFailed, undoFailureAudit } from './carry-out.ts';
import { type Inverse, resolveInverse, undoId, undoRow } from './inverse.ts';
import { STAYS, sharedWith, stillClaimed } from './why-it-stays.ts';

/** How long after its time-out an undo under way is taken for lost, in milliseconds. */
const LOST_AFTER = 5_000;
/** How long until it is looked at again whether another effect on the target came about, in milliseconds. */
const LOOK_AGAIN = 15_000;

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

/** What is said of an effect of unknown outcome that nobody claims any more. The keeper asks the product about it. */
function whyUnknownStays({ connectors }: DoorContext, { connector, action: name }: EffectRow): string {
  const action = connectors.get(connector)?.manifest.actions[name];
  const later = '; it is undone as soon as the product says that it is in force';
  return `${STAYS.unknown}${action?.verify && action.inverse ? later : ''}`;
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
  const settle = async (
    patch: Partial<EffectRow>,
    action: string,
    reason: string,
    more: Change = {},
  ): Promise<UndoResult> => {
    const after = changed(row, patch);
    const audit =
      ending.length > 0 || patch.state
        ? [{ ...effectAudit(after, action, now, { reason: wish.reason }), principal: wish.causality.principal }]
        : [];
    await store.commit(mergeChanges(updateEffect(after), ended, more, { audit }));
    return kept(reason);
  };
  if (row.state === 'unknown') return settle({ wake_at: now }, 'effect.released', whyUnknownStays(context, row));
  if (row.state === 'intended' || row.state === 'pending') {
    // Its row belongs to whoever sends it; with no claim left it is undone once it has come about.
    await store.commit(ended);
    return kept('it is under way');
  }
  if (row.state !== 'performed' && row.state !== 'undo_failed') return kept(`it is ${row.state} already`);
  if (open.length > 0) {
    return settle(endsOf(open), 'effect.released', await stillClaimed(context, open));
  }
  const over = { state: 'expired', wake_at: null, ended_at: now } as const;
  if (row.preexisting) return settle(over, 'effect.expired', STAYS.preexisting);
  if (row.inverse === null) {
    const patch = wish.occasion === 'lease' ? over : { wake_at: null };
    return settle(patch, 'effect.expired', STAYS.noInverse);
  }
  const sharing = await sharingOf(store, row, now);
  if (sharing.kind === 'held') {
    // Touching the claim that justifies it: should that end at this moment, one of the two commits must look again.
    const fence = { op: 'update', table: 'claims', row: { ...sharing.claim, rev: sharing.claim.rev + 1 } } as const;
    return settle(over, 'effect.superseded', await sharedWith(context, sharing.by, 'held'), { rows: [fence] });
  }
  if (sharing.kind === 'unclear') {
    const wake_at = now + LOOK_AGAIN;
    return settle({ wake_at }, 'effect.released', await sharedWith(context, sharing.by, 'unclear'));
  }
  const stopped = await guard.undoStopped();
  // The claims stay as they are: the keeper takes it up when the switch is released.
  if (stopped) return { kind: 'failed', error: stopped };
  return intend(context, row, ended, wish, now);
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
    // That the store is in trouble says nothing about the inverse.
    if (!isCounterpointError(error) || error.code.startsWith('events.')) throw error;
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
  const facts = { reason: wish.reason, attempt: undo.attempts };
  const audit = [{ ...effectAudit(after, 'effect.undoing', now, facts), principal: wish.causality.principal }];
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

import { backoffDelay, type CounterpointError, isCounterpointError, type Json } from '@counterpoint/core';
import { type AuditEntry, type EffectRow, mergeChanges } from '@counterpoint/events';
import { type CallResult, callAction } from '../call.ts';
import type { DoorContext } from '../door-context.ts';
import { effectAudit, updateEffect } from '../ledger/conclude.ts';
import { changed, ledgerError } from '../ledger/effect-row.ts';
import { lostError } from '../settled.ts';
import { verifyPrepared } from '../verify-effect.ts';
import { type Inverse, preparedFrom, resolveInverse } from './inverse.ts';

/** Delays between tries of an undo that failed, in milliseconds. */
const RETRY = { delay: 5_000, factor: 2, max: 15 * 60_000 };

/** What became of a wish to undo. */
export type UndoResult =
  | { readonly kind: 'undone' }
  | { readonly kind: 'kept'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: CounterpointError };

/** An effect that was put into `undoing`, with the undo that goes with it; both are durable. */
export interface Undoing {
  readonly row: EffectRow;
  readonly undo: EffectRow;
  /** An earlier try may have happened: its answer was lost. */
  readonly lost: boolean;
}

/** The effect stays, for that reason. */
export const kept = (reason: string): UndoResult => ({ kind: 'kept', reason });

/** The effect after a try to undo it failed. `repeat` false: only a person may send it again. */
export function undoFailed(
  row: EffectRow,
  error: CounterpointError,
  attempt: number,
  now: number,
  repeat = true,
): EffectRow {
  const wake_at = repeat ? now + backoffDelay(RETRY, attempt) : null;
  return changed(row, { state: 'undo_failed', wake_at, error: ledgerError(error, 'maybe') });
}

/** The audit entry of a try to undo that failed. */
export function undoFailureAudit(row: EffectRow, error: CounterpointError, now: number): AuditEntry {
  return effectAudit(row, 'effect.undo_failed', now, { error: error.code, message: error.message });
}

/** Sends the inverse and records what came of it. Somebody who took the undo over in the meantime is left alone. */
export async function carryOut(context: DoorContext, undoing: Undoing): Promise<UndoResult> {
  try {
    return await send(context, undoing);
  } catch (error) {
    if (isCounterpointError(error, 'events.conflict')) return kept('somebody else is undoing it');
    throw error;
  }
}

async function send(context: DoorContext, undoing: Undoing): Promise<UndoResult> {
  const { store, guard } = context;
  const { row, undo } = undoing;
  const inverse = await resolveInverse(context, row);
  if (undoing.lost && !inverse.action.idempotent) {
    const settled = await settleLost(context, undoing);
    if (settled) return settled;
  }
  const stopped = await guard.undoStopped();
  if (stopped) return recordFailure(context, undoing, stopped, 'no');
  // A process that stood still since its commit must not send what another has taken over and perhaps finished.
  if ((await store.get('effects', row.id))?.rev !== row.rev) return kept('somebody else is undoing it');
  const result = await callAction(context, { ...inverse, key: undo.key, signal: new AbortController().signal });
  return record(context, undoing, inverse, result);
}

async function record(
  context: DoorContext,
  undoing: Undoing,
  inverse: Inverse,
  result: CallResult,
): Promise<UndoResult> {
  if (result.ok) return recordUndone(context, undoing, result.output);
  // What is gone needs no undoing.
  if (result.error.code === 'connector.not_found') return recordUndone(context, undoing, null);
  if (result.performed === 'no' || inverse.action.idempotent) {
    return recordFailure(context, undoing, result.error, result.performed);
  }
  return (await settleLost(context, undoing, result.error)) ?? recordFailure(context, undoing, result.error, 'no');
}

/**
 * Reads the target back after the answer to an undo was lost that must not be sent twice. Undefined: it is still in
 * force, so that the undo did not happen and may be sent.
 */
async function settleLost(
  context: DoorContext,
  undoing: Undoing,
  error?: CounterpointError,
): Promise<UndoResult | undefined> {
  const prepared = await preparedFrom(context, undoing.row);
  const signal = new AbortController().signal;
  const verification = await verifyPrepared(context, prepared, undoing.undo.key, signal);
  switch (verification.kind) {
    case 'gone':
      return recordUndone(context, undoing, verification.output);
    case 'holds':
      return undefined;
    case 'failed':
      return recordFailure(context, undoing, verification.result.error, 'maybe');
    default:
      return recordFailure(context, undoing, error ?? lostError(undoing.undo), 'maybe', false);
  }
}

async function recordUndone({ store, clock }: DoorContext, { row, undo }: Undoing, receipt: Json): Promise<UndoResult> {
  const now = clock.now();
  const over = changed(row, { state: 'undone', wake_at: null, ended_at: now, error: null });
  const done = changed(undo, { state: 'performed', receipt, error: null, performed_at: now, ended_at: now });
  const audit = [effectAudit(over, 'effect.undone', now, { attempts: undo.attempts })];
  await store.commit(mergeChanges(updateEffect(over), updateEffect(done), { audit }));
  return { kind: 'undone' };
}

async function recordFailure(
  { store, clock }: DoorContext,
  { row, undo }: Undoing,
  error: CounterpointError,
  performed: 'no' | 'maybe',
  repeat = true,
): Promise<UndoResult> {
  const now = clock.now();
  const later = undoFailed(row, error, undo.attempts, now, repeat);
  const failed = changed(undo, {
    state: performed === 'no' ? 'failed' : 'unknown',
    error: ledgerError(error, performed),
    ended_at: performed === 'no' ? now : null,
  });
  const audit = [undoFailureAudit(later, error, now)];
  await store.commit(mergeChanges(updateEffect(later), updateEffect(failed), { audit }));
  return { kind: 'failed', error };
}

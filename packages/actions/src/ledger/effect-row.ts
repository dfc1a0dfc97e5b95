import type { Performed } from '@counterpoint/connector-kit';
import type { CounterpointError, Json, JsonObject } from '@counterpoint/core';
import { causalityOf, type EffectRow, type EffectState } from '@counterpoint/events';
import type { Decision } from '../guard/guard.ts';
import type { Prepared } from '../prepare.ts';
import { lastEnd } from './claims.ts';

/**
 * States in which an effect may stand in the world, so that it matters to whoever acts on the same
 * target, and in which something may still have to happen by time.
 */
export const STANDING_STATES = ['intended', 'pending', 'performed', 'unknown', 'undoing', 'undo_failed'] as const;

/** Whether the effect is over for good. */
export function isEnded(state: EffectState): boolean {
  return state === 'undone' || state === 'expired' || state === 'failed';
}

/** An error as the ledger keeps it. */
export interface LedgerError {
  readonly code: string;
  readonly message: string;
  /** Whether this attempt, or one before it, may have happened all the same. */
  readonly performed: Performed;
}

/** Whether an attempt that ended in the row's error may have happened. */
export function mayHaveHappened(row: EffectRow): boolean {
  return (row.error as unknown as LedgerError | null)?.performed === 'maybe';
}

/** An error in the form in which the ledger keeps it. */
export function ledgerError(error: CounterpointError, performed: Performed): Json {
  return { code: error.code, message: error.message, performed };
}

/** The decision in the form in which the ledger keeps it. */
export function ledgerDecision({ outcome, rule, reasons }: Decision): Json {
  return { outcome, rule, reasons };
}

/** A new effect, about to be sent for the first time. */
export function intendedRow(id: string, prepared: Prepared, decision: Decision, wakeAt: number | null): EffectRow {
  const { request, connection, action, input, argsHash, target } = prepared;
  return {
    ...causalityOf(request.causality),
    id,
    key: request.key,
    run: request.run,
    address: request.address,
    generation: request.generation,
    connector: request.connector,
    connection: connection.id,
    action: request.action,
    effect: action.effect,
    target,
    args: input,
    args_hash: argsHash,
    state: 'intended',
    receipt: null,
    error: null,
    inverse: null,
    undo_of: '',
    preexisting: false,
    lease_until: lastEnd(request),
    wake_at: wakeAt,
    attempts: 1,
    decision: ledgerDecision(decision),
    site: '',
    simulated: connection.simulated,
    created_at: request.now,
    performed_at: null,
    ended_at: null,
    rev: 1,
  };
}

/** The same effect, changed. */
export function changed(row: EffectRow, patch: Partial<EffectRow>): EffectRow {
  return { ...row, ...patch, rev: row.rev + 1 };
}

/** What is known of an effect that was performed. */
export interface Receipt {
  readonly output: JsonObject;
  readonly inverse: Json;
  readonly preexisting: boolean;
}

/** When an effect that was performed is over: with its claims, or at once when nothing of it lasts. */
export type Ends = Pick<EffectRow, 'lease_until' | 'wake_at' | 'ended_at'>;

/** The effect after it was performed; `ends` are those of its claims. */
export function performedRow(row: EffectRow, receipt: Receipt, ends: Ends, now: number): EffectRow {
  return changed(row, {
    ...ends,
    state: 'performed',
    receipt: receipt.output,
    inverse: receipt.inverse,
    preexisting: receipt.preexisting,
    error: null,
    performed_at: now,
  });
}

/** The effect after an attempt that surely did not happen. */
export function failedRow(row: EffectRow, error: CounterpointError, now: number): EffectRow {
  return changed(row, { state: 'failed', error: ledgerError(error, 'no'), wake_at: null, ended_at: now });
}

/** The effect after an attempt that may have happened. */
export function unknownRow(row: EffectRow, error: CounterpointError, receipt: Json, wakeAt: number | null): EffectRow {
  return changed(row, { state: 'unknown', error: ledgerError(error, 'maybe'), receipt, wake_at: wakeAt });
}

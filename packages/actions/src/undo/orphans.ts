import { isCounterpointError } from '@counterpoint/core';
import { type Change, type EffectRow, mergeChanges, type RunStatus } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { effectAudit, type Pending, updateEffect } from '../ledger/conclude.ts';
import { unknownRow } from '../ledger/effect-row.ts';
import { pollEffect } from '../poll-effect.ts';
import type { Prepared } from '../prepare.ts';
import { settleByVerify } from '../reconcile-effect.ts';
import { preparedFrom } from './inverse.ts';

/** Whether the step of a run that has not ended still waits for what becomes of an effect. */
export type StepCheck = (effect: EffectRow) => Promise<boolean>;

const LIVE: ReadonlySet<RunStatus> = new Set(['queued', 'running', 'waiting']);

/**
 * Whether a run looks by itself after a call whose answer has not come. It does not when it has ended, or when its step
 * has: cancelled, timed out, skipped, or asked anew under another key.
 */
export async function isTended({ store }: DoorContext, row: EffectRow, stepIsOpen: StepCheck): Promise<boolean> {
  // Of one that is unknown the product can be asked again at any time.
  if (row.run === '' || row.state === 'unknown') return false;
  const run = await store.get('runs', row.run);
  return run !== undefined && LIVE.has(run.status) && stepIsOpen(row);
}

/**
 * Finds out what became of a call that nobody waits for any more, or of which nobody could tell so far. What happened is
 * in force with its claims and ends with them; what cannot be found out is `unknown`, for a person to settle.
 */
export async function settleOrphan(context: DoorContext, row: EffectRow): Promise<void> {
  await context.store.commit(await findOut(context, row));
}

async function findOut(context: DoorContext, row: EffectRow): Promise<Change> {
  const { signal } = new AbortController();
  let prepared: Prepared;
  try {
    prepared = await preparedFrom(context, row);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    // Its connector or connection is gone: there is nobody left to ask.
    const now = context.clock.now();
    const after = unknownRow(row, error, row.receipt, null);
    const audit = [effectAudit(after, 'effect.unknown', now, { error: error.code })];
    return mergeChanges(updateEffect(after), { audit });
  }
  if (row.state !== 'pending') return (await settleByVerify(context, prepared, row, signal)).change;
  const pending: Pending = { output: row.receipt as Pending['output'], since: row.performed_at ?? row.created_at };
  return (await pollEffect(context, prepared, pending, signal)).change;
}

import { errors } from '../errors.ts';
import { errorValue } from '../interpreter/error-value.ts';
import type { Settled } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { promoteSoon } from './concurrency.ts';
import { RUN_ENDED } from './notice-names.ts';
import type { FinishedRun } from './options.ts';
import type { Worker } from './worker.ts';

/** Lets go of a run whose end is durable, and tells those who wait for it. */
export function finish(worker: Worker, run: ActiveRun): void {
  forget(worker, run);
  const finished = finishedOf(run);
  for (const waiter of worker.waiters.get(run.row.id) ?? []) waiter(finished);
  worker.waiters.delete(run.row.id);
  if (run.row.concurrency !== '') promoteSoon(worker, run.row);
  worker.options.notices?.tell(RUN_ENDED, { run: run.row.id });
  worker.options.onFinished?.(finished);
}

/** How a run ended, or is about to. */
export function finishedOf({ row, state: { ending } }: ActiveRun): FinishedRun {
  return {
    run: row.id,
    playbook: row.playbook,
    status: ending?.status ?? 'failed',
    outputs: ending?.outputs ?? null,
    error: ending?.error ?? null,
  };
}

/** Takes a run out of memory; receipts of calls under way still reach the ledger. */
export function forget(worker: Worker, run: ActiveRun): void {
  run.gone = true;
  if (worker.runs.get(run.row.id) === run) worker.runs.delete(run.row.id);
  worker.releaseSlot(run);
}

/** How a called run's end looks to the step that called it. */
export function settledChild(finished: FinishedRun, address: string): Settled {
  if (finished.status === 'succeeded') return { status: 'succeeded', output: finished.outputs };
  const { run, status, error } = finished;
  const reason = error?.message ?? 'it gave no reason';
  const value = errorValue(errors.call_failed({ run, status, reason }), address);
  return { status: 'failed', error: value, retryable: false, retryAfter: undefined, performed: 'maybe' };
}

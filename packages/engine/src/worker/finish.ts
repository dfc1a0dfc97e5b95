import { errors } from '../errors.ts';
import { errorValue } from '../interpreter/error-value.ts';
import type { Settled } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { parseStepReference } from './causality.ts';
import type { FinishedRun } from './options.ts';
import { disarmAll } from './timers.ts';
import type { Worker } from './worker.ts';

/** Lets go of a run whose end is durable, and tells those who wait for it. */
export function finish(worker: Worker, run: ActiveRun): void {
  forget(worker, run);
  const { ending } = run.state;
  const finished: FinishedRun = {
    run: run.row.id,
    playbook: run.row.playbook,
    status: ending?.status ?? 'failed',
    outputs: ending?.outputs ?? null,
    error: ending?.error ?? null,
  };
  for (const waiter of worker.waiters.get(run.row.id) ?? []) waiter(finished);
  worker.waiters.delete(run.row.id);
  if (run.row.parent !== '') tellParent(worker, run.row.parent, finished);
  worker.options.onFinished?.(finished);
}

/** Takes a run out of memory; receipts of calls under way still reach the ledger. */
export function forget(worker: Worker, run: ActiveRun): void {
  run.gone = true;
  disarmAll(run);
  if (worker.runs.get(run.row.id) === run) worker.runs.delete(run.row.id);
  worker.releaseSlot(run);
}

function tellParent(worker: Worker, reference: string, finished: FinishedRun): void {
  const parent = parseStepReference(reference);
  const run = parent && worker.runs.get(parent.run);
  if (!parent || !run) return;
  worker.post(run, {
    kind: 'settled',
    address: parent.address,
    attempt: 1,
    settled: settledChild(finished, parent.address),
    child: finished.run,
  });
}

/** How a called run's end looks to the step that called it. */
export function settledChild(finished: FinishedRun, address: string): Settled {
  if (finished.status === 'succeeded') return { status: 'succeeded', output: finished.outputs };
  const { run, status, error } = finished;
  const reason = error?.message ?? 'it gave no reason';
  const value = errorValue(errors.call_failed({ run, status, reason }), address);
  return { status: 'failed', error: value, retryable: false, retryAfter: undefined, performed: 'maybe' };
}

import { type RowWrite, signalWrite } from '@counterpoint/events';
import { splitAddress } from '../interpreter/state.ts';
import type { PublishedPlan } from '../playbooks/published.ts';
import type { ActiveRun } from './active-run.ts';
import type { Batch } from './batch.ts';
import { parseStepReference } from './causality.ts';
import { finishedOf, settledChild } from './finish.ts';
import { hasEnded } from './own.ts';
import type { Worker } from './worker.ts';

/**
 * Sees to it that the run that called this one hears of its end, which the turn's commit makes durable. A caller that
 * this process holds in memory, alone, is kept there until it has been told. Any other is told by a signal in the same
 * commit, so that neither a crash nor another owner can come in between.
 */
export async function prepareEnd(worker: Worker, run: ActiveRun, batch: Batch): Promise<void> {
  const parent = parseStepReference(run.row.parent);
  if (!parent) return;
  if (keepForNews(worker, batch, parent.run)) return;
  const write = await signalTo(worker, run, parent);
  // Reading took a moment: the caller may be here by now, but the signal reaches it there as well.
  if (write) batch.changes.push({ rows: [write] });
}

function keepForNews(worker: Worker, batch: Batch, id: string): boolean {
  const here = worker.options.exclusive ? worker.runs.get(id) : undefined;
  if (!here || here.gone || here.leaving) return false;
  here.pins += 1;
  batch.caller = here;
  return true;
}

async function signalTo(
  worker: Worker,
  run: ActiveRun,
  parent: { readonly run: string; readonly address: string },
): Promise<RowWrite | undefined> {
  const { store, plans, clock } = worker.options;
  const row = await store.get('runs', parent.run);
  if (!row || hasEnded(row)) return undefined;
  if (isDetached(await plans.byVersion(row.version), parent.address)) return undefined;
  const happening = { kind: 'lost', address: parent.address };
  return signalWrite(parent.run, `ended:${run.row.id}`, happening, clock.now());
}

function isDetached({ plan }: PublishedPlan, address: string): boolean {
  const step = plan.byId.get(splitAddress(address).id);
  return step?.verb === 'call' && step.detach;
}

/** After the commit, or when there was none: the caller need not stay in memory for this any more. */
export function letCallerGo(worker: Worker, run: ActiveRun, batch: Batch, durable: boolean): void {
  const { caller } = batch;
  if (!caller) return;
  caller.pins -= 1;
  batch.caller = undefined;
  const parent = parseStepReference(run.row.parent);
  if (!durable || !parent) return;
  const finished = finishedOf(run);
  worker.post(caller, {
    kind: 'settled',
    address: parent.address,
    attempt: 1,
    settled: settledChild(finished, parent.address),
    child: finished.run,
  });
}

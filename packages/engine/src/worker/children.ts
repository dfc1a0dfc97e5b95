import { coreErrors, isCounterpointError, newId } from '@counterpoint/core';
import { errors } from '../errors.ts';
import type { ErrorValue } from '../interpreter/error-value.ts';
import { errorValue } from '../interpreter/error-value.ts';
import type { Command, Settled } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { type Batch, derive } from './batch.ts';
import { causalityOfStep, parseStepReference, stepReference } from './causality.ts';
import { settledChild } from './finish.ts';
import { isTrouble } from './insist.ts';
import { parked } from './park.ts';
import { queuedRun } from './queue.ts';
import { newRunRow } from './run-row.ts';
import { report, type Worker } from './worker.ts';

type StartChild = Extract<Command, { kind: 'start_child' }>;

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * Adds the called run to the turn, or hands back to the step how it ended or why it cannot start.
 *
 * @throws trouble of the store
 */
export async function prepareChild(worker: Worker, run: ActiveRun, batch: Batch, command: StartChild): Promise<void> {
  try {
    const exists = command.again && (await lookAgain(worker, run, batch, command));
    if (!exists) await createChild(worker, run, batch, command);
    if (command.detach) settle(run, batch, command, { status: 'succeeded', output: { run: command.child } });
  } catch (error) {
    if (isTrouble(error)) throw error;
    if (!isCounterpointError(error)) report(worker, 'defect', run.row.id, error);
    const known = isCounterpointError(error) ? error : coreErrors.internal({ reference: newId() });
    const value = errorValue(known, command.address);
    settle(run, batch, command, {
      status: 'failed',
      error: value,
      retryable: false,
      retryAfter: undefined,
      performed: 'no',
    });
  }
}

function settle(run: ActiveRun, batch: Batch, { address, child }: StartChild, settled: Settled): void {
  derive(run, batch, { happening: { kind: 'settled', address, attempt: 1, settled, child }, change: undefined });
}

/** After a crash: whether the child exists; when it has ended, its end is handed to the step. */
async function lookAgain(worker: Worker, run: ActiveRun, batch: Batch, command: StartChild): Promise<boolean> {
  const child = await worker.options.store.get('runs', command.child);
  if (!child) return false;
  if (ENDED.has(child.status) && !command.detach) {
    const { id, playbook, status, outputs, error } = child;
    const finished = { run: id, playbook, status, outputs, error: error as ErrorValue | null };
    settle(run, batch, command, settledChild(finished, command.address));
  }
  return true;
}

async function createChild(worker: Worker, run: ActiveRun, batch: Batch, command: StartChild): Promise<void> {
  const { playbook, address, child, inputs } = command;
  const limit = worker.limits.callDepth;
  if ((await depthOf(worker, run)) >= limit) throw errors.call_too_deep({ playbook, limit });
  const published = await worker.options.plans.current(playbook);
  const row = newRunRow(worker, published, {
    id: child,
    trigger: { kind: 'call', id: 'call', key: isFirst(run, address) ? `${run.row.id}/${address}` : child },
    inputs,
    event: null,
    causality: causalityOfStep(run.row, address),
    priority: run.row.priority,
    simulated: run.row.simulated,
    ask: run.row.ask,
    case_id: run.caseId,
    parent: stepReference(run.row.id, address),
  });
  batch.changes.push({ runs: [{ op: 'create', row: parked(row) }] });
  if (row.concurrency === '') batch.children.push(queuedRun(row));
  else batch.parked.push(row);
}

/** Whether the step was not run anew: then the call has the key that it always had. */
function isFirst(run: ActiveRun, address: string): boolean {
  return (run.state.open.get(address)?.generation ?? 0) === 0;
}

/** How many calls lie above a run. */
async function depthOf(worker: Worker, run: ActiveRun): Promise<number> {
  let depth = 0;
  let parent = parseStepReference(run.row.parent);
  while (parent && depth < worker.limits.callDepth) {
    depth += 1;
    const row = worker.runs.get(parent.run)?.row ?? (await worker.options.store.get('runs', parent.run));
    parent = row && parseStepReference(row.parent);
  }
  return depth;
}

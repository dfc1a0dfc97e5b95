import { coreErrors, isCounterpointError, type JsonObject, newId } from '@counterpoint/core';
import { type Change, mergeChanges, type RunRow } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { errorValue } from '../interpreter/error-value.ts';
import { newState } from '../interpreter/state.ts';
import type { PublishedPlan } from '../playbooks/published.ts';
import { type ActiveRun, newActiveRun } from './active-run.ts';
import { newBatch } from './batch.ts';
import { beginWithKey } from './concurrency.ts';
import { drive } from './drive.ts';
import { forget } from './finish.ts';
import { insist } from './insist.ts';
import type { StartedRun } from './parts.ts';
import { queuedRun } from './queue.ts';
import { type NewRun, newRunRow } from './run-row.ts';
import type { Schedule } from './schedule.ts';
import { takeTurn } from './turn.ts';
import { report, type Worker } from './worker.ts';

/** A wish to start a run. */
export type StartRequest = Pick<NewRun, 'trigger' | 'event' | 'causality'> & {
  readonly playbook: string;
  /** Id of the run, where what is written with it names it; default: a new one. */
  readonly id?: string;
  /** Default: none. */
  readonly inputs?: JsonObject;
  /** 0 low to 3 emergency; default: the playbook's own. */
  readonly priority?: number;
  /** Whether it concerns simulated things only; default false. */
  readonly simulated?: boolean;
  /** See `RunRow.ask`; default false. */
  readonly ask?: boolean;
  /** What becomes durable with the run itself, or not at all; not for playbooks with a concurrency key. */
  readonly change?: Change;
};

/** The row of the run that a request asks for. @throws engine.stopping, engine.inputs_invalid */
export function rowFor(worker: Worker, published: PublishedPlan, request: StartRequest): RunRow {
  if (worker.stopping) throw errors.stopping();
  const { trigger, event, causality, inputs = {}, priority, simulated = false, ask = false } = request;
  const id = request.id ?? newId(worker.options.clock.now());
  return newRunRow(worker, published, { id, trigger, inputs, event, causality, priority, simulated, ask, parent: '' });
}

/**
 * Makes a run durable, and lets it go on. A run that finds a free place is owned from its first write on, so that a
 * run of pure steps is one commit from beginning to end. That commit may fail because somebody else changed a row that
 * the first steps were to change, for example was first on the same target: nothing has been sent then, and the run is
 * written down alone and begins again as one that was queued.
 *
 * @param extra what becomes durable with the run itself; it is left out where the run exists already
 * @throws what committing throws; nothing was started then
 */
export async function begin(
  worker: Worker,
  schedule: Schedule,
  published: PublishedPlan,
  row: RunRow,
  extra?: Change,
): Promise<StartedRun> {
  if (row.concurrency !== '') {
    return beginWithKey(worker, published, row, (one, change) => beginOne(worker, schedule, published, one, change));
  }
  try {
    await beginOne(worker, schedule, published, row, extra);
    return { run: row.id, existing: false };
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    // What stands in the way of what was to be written with it is for whoever wanted that.
    const where = { trigger_key: row.trigger_key };
    const [existing] = await worker.options.store.find('runs', { where, limit: 1 });
    if (!existing) throw error;
    return { run: existing.id, existing: true };
  }
}

/** @param change what becomes durable with the run itself */
async function beginOne(
  worker: Worker,
  schedule: Schedule,
  published: PublishedPlan,
  row: RunRow,
  change: Change | undefined,
): Promise<void> {
  const now = schedule.free(row.playbook, row.priority);
  if (now && (await begunNow(worker, schedule, published, row, change))) return;
  await worker.options.store.commit(mergeChanges({ runs: [{ op: 'create', row }] }, change));
  worker.enqueue(queuedRun(row));
}

/** Whether the run exists with its first turn; false when a row in that turn's change was in the way. */
async function begunNow(
  worker: Worker,
  schedule: Schedule,
  published: PublishedPlan,
  row: RunRow,
  change: Change | undefined,
): Promise<boolean> {
  const owner = worker.options.workerId;
  const { clock } = worker.options;
  const lease_until = clock.now() + worker.limits.leaseMillis;
  const owned: RunRow = { ...row, status: 'running', epoch: 1, owner, lease_until };
  const now = clock.monotonic();
  const run = newActiveRun(owned, published, newState(owned), { stored: false, now, ownedUntil: now });
  schedule.hold(run);
  worker.runs.set(row.id, run);
  run.turning = true;
  try {
    run.inbox.push({ happening: { kind: 'start' }, change });
    await firstTurn(worker, run, change);
  } catch (error) {
    forget(worker, run);
    if (isCounterpointError(error, 'events.conflict')) return false;
    if (isCounterpointError(error, 'events.store_failed')) lookLater(worker, schedule, row);
    throw error;
  } finally {
    run.turning = false;
  }
  if (run.inbox.length > 0) drive(worker, run);
  return true;
}

/** When the store could not tell what became of the commit, the run may exist without anybody who works on it. */
function lookLater(worker: Worker, schedule: Schedule, row: RunRow): void {
  const { id: run } = row;
  const done = insist(worker, { row, gone: false }, async () => {
    const written = await worker.options.store.get('runs', run);
    if (written) schedule.takeUp(queuedRun(written));
    return row;
  })
    .catch((error: unknown) => report(worker, 'defect', run, error))
    .finally(() => worker.underWay.delete(done));
  worker.underWay.add(done);
}

async function firstTurn(worker: Worker, run: ActiveRun, change: Change | undefined): Promise<void> {
  try {
    await takeTurn(worker, run, newBatch());
  } catch (error) {
    if (isCounterpointError(error)) throw error;
    report(worker, 'defect', run.row.id, error);
    run.state = newState(run.row);
    const value = errorValue(coreErrors.internal({ reference: newId() }), '');
    run.inbox.splice(0);
    run.inbox.push({ happening: { kind: 'defect', error: value }, change });
    await takeTurn(worker, run, newBatch());
  }
}

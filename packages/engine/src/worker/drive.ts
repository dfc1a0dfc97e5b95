import { keepReceipt } from '@counterpoint/actions';
import { coreErrors, isCounterpointError, newId } from '@counterpoint/core';
import { type Change, isEmptyChange, mergeChanges } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { errorValue } from '../interpreter/error-value.ts';
import type { ActiveRun, Item } from './active-run.ts';
import { type Batch, newBatch, withoutDerived } from './batch.ts';
import { forget } from './finish.ts';
import { isTrouble, pauseAfter } from './insist.ts';
import { readState } from './read-state.ts';
import { fireDue, readTimers } from './timers.ts';
import { takeTurn } from './turn.ts';
import { report, type Worker } from './worker.ts';

/** Hands something to a run. What arrives for a run that is gone still reaches the ledger. */
export function post(worker: Worker, run: ActiveRun, item: Item): void {
  if (run.gone) {
    leave(worker, run, item);
    return;
  }
  run.inbox.push(item);
  drive(worker, run);
}

/** Lets a run take turns as long as there is something to decide. Runs take turns one after another, never twice at once. */
export function drive(worker: Worker, run: ActiveRun): void {
  if (run.turning || run.gone) return;
  run.turning = true;
  const done = takeTurns(worker, run).finally(() => worker.underWay.delete(done));
  worker.underWay.add(done);
}

async function takeTurns(worker: Worker, run: ActiveRun): Promise<void> {
  try {
    while (!run.gone && (run.inbox.length > 0 || run.renew || run.leave)) {
      const batch = newBatch();
      try {
        await takeTurn(worker, run, batch);
      } catch (error) {
        await comeBack(worker, run, batch, error);
      }
    }
    for (const item of run.inbox.splice(0)) leave(worker, run, item);
  } finally {
    // In the same moment in which the inbox was found empty: what comes later begins a new turn.
    run.turning = false;
  }
}

/** What nobody decides on any more: receipts are kept, people are told. A run that was only let go is brought back. */
function leave(worker: Worker, run: ActiveRun, item: Item): void {
  const { change, done, stored } = item;
  if (run.leaving && run.state.phase !== 'ended') bringBack(worker, run, item);
  else if (stored) return;
  else if (done) done(errors.run_unknown({ run: run.row.id }));
  else if (change) keepAnswer(worker, run, change);
}

function bringBack(worker: Worker, run: ActiveRun, item: Item): void {
  if (item.stored || item.timer) {
    worker.wakes.wake(run.row.id);
    return;
  }
  const done = worker.wakes
    .load(run.row.id)
    .then((next) => (next ? post(worker, next, item) : item.done?.(errors.run_unknown({ run: run.row.id }))))
    .catch((error: unknown) => item.done?.(error));
  worker.underWay.add(done);
  void done.finally(() => worker.underWay.delete(done));
}

/** A turn could not be made durable: the state in memory is ahead of the store and is read again. */
async function comeBack(worker: Worker, run: ActiveRun, batch: Batch, error: unknown): Promise<void> {
  const items = withoutDerived(run, batch);
  if (isCounterpointError(error, 'events.fenced') || isCounterpointError(error, 'events.store_closed')) {
    run.inbox.unshift(...items);
    forget(worker, run);
    return;
  }
  const again = itemsAfter(worker, run, items, error);
  if (again && (await readAgain(worker, run))) run.inbox.unshift(...again);
  else forget(worker, run);
}

/** What is still to be decided after a failed turn; undefined when the run must be left to the next start. */
function itemsAfter(
  worker: Worker,
  run: ActiveRun,
  items: readonly Item[],
  error: unknown,
): readonly Item[] | undefined {
  if (isTrouble(error)) {
    report(worker, 'store', run.row.id, error);
    run.failures += 1;
    run.renew = true;
    return items;
  }
  if (isCounterpointError(error, 'events.conflict')) {
    run.failures += 1;
    return items.flatMap((item) => afterConflict(item, error));
  }
  report(worker, 'defect', run.row.id, error);
  if (items.some(({ happening }) => happening.kind === 'defect')) return undefined;
  const value = errorValue(coreErrors.internal({ reference: newId() }), '');
  for (const item of items) item.done?.(error);
  const change = mergeChanges(...items.map((item) => (item.done ? undefined : item.change)));
  return [{ happening: { kind: 'defect', error: value }, change: isEmptyChange(change) ? undefined : change }];
}

/** Somebody else changed a row that a turn was to change. */
function afterConflict(item: Item, error: unknown): readonly Item[] {
  const { happening, change, done } = item;
  if (!change) return [item];
  if (done) {
    done(error);
    return [];
  }
  // The change that came with an answer no longer fits: find out again what became of the attempt.
  return happening.kind === 'settled'
    ? [{ happening: { kind: 'lost', address: happening.address }, change: undefined }]
    : [item];
}

/** Whether the state is that of the store again; not when the engine stops in the meantime. */
async function readAgain(worker: Worker, run: ActiveRun): Promise<boolean> {
  for (;;) {
    if (run.failures > 0) await pauseAfter(worker, run.failures);
    if (run.gone || worker.stopping) return false;
    try {
      const { state, seq } = await readState(worker.options.store, run.row, worker.options.version);
      // The answer to the commit was lost, and not the commit: what was to be done after it is found out again.
      if (seq !== run.seq) run.inbox.unshift({ happening: { kind: 'recovered' }, change: undefined });
      run.state = state;
      run.seq = seq;
      run.published = await worker.options.plans.byVersion(state.version ?? run.row.version);
      await readTimers(worker, run);
      fireDue(worker, run);
      return true;
    } catch (error) {
      report(worker, 'store', run.row.id, error);
      run.failures += 1;
    }
  }
}

/** Writes down what became of a call although its run does not wait for it any more. */
function keepAnswer(worker: Worker, run: ActiveRun, change: Change): void {
  const done = keepLate(worker, run, change).catch((error: unknown) => report(worker, 'store', run.row.id, error));
  worker.underWay.add(done);
  void done.finally(() => worker.underWay.delete(done));
}

/** As long as the store is in trouble it is tried again. @throws what committing throws otherwise, or while stopping */
async function keepLate(worker: Worker, run: ActiveRun, change: Change): Promise<void> {
  const { store, clock } = worker.options;
  for (let failures = 1; ; failures++) {
    try {
      await keepReceipt(store, change, clock.now());
      return;
    } catch (error) {
      if (worker.stopping || !isTrouble(error)) throw error;
      report(worker, 'store', run.row.id, error);
      await pauseAfter(worker, failures);
    }
  }
}

import type { RunRow } from '@counterpoint/events';
import type { ErrorValue } from '../interpreter/error-value.ts';
import { isWatchful } from './keep-doing.ts';
import type { FinishedRun } from './options.ts';
import { hasEnded } from './own.ts';
import { report, type Worker } from './worker.ts';

/** How often the row of a run that another process may end is looked at: soon at first, then less, in milliseconds. */
const LOOK = { first: 20, factor: 1.5, most: 250 };

/** The same when the process that ends it tells of it, in milliseconds. */
const LOOK_TOLD = 2_000;

type Waiter = (finished: FinishedRun) => void;

/** Is told when a run of this process ends. Gives the way to stop listening. */
export function onEnd(worker: Worker, run: string, waiter: Waiter): () => void {
  worker.waiters.set(run, [...(worker.waiters.get(run) ?? []), waiter]);
  return () => {
    const left = (worker.waiters.get(run) ?? []).filter((other) => other !== waiter);
    if (left.length > 0) worker.waiters.set(run, left);
    else worker.waiters.delete(run);
  };
}

/** Is told when another process says that a run has ended. Gives the way to stop listening. */
function onTold({ lookers }: Worker, run: string, look: () => void): () => void {
  const known = lookers.get(run) ?? new Set();
  lookers.set(run, known.add(look));
  return () => {
    known.delete(look);
    if (known.size === 0) lookers.delete(run);
  };
}

/** Waits for the end of a stored run, whoever works on it; undefined when it does not come within `timeout`. */
export function endOf(worker: Worker, run: string, timeout: number | undefined): Promise<FinishedRun | undefined> {
  const { store, clock, exclusive } = worker.options;
  return new Promise((resolve) => {
    let done = false;
    let disarmTimeout = (): void => undefined;
    let disarmLook = (): void => undefined;
    const settle = (finished: FinishedRun | undefined): void => {
      done = true;
      disarmTimeout();
      disarmLook();
      stop();
      resolve(finished);
    };
    const stopWaiting = onEnd(worker, run, settle);
    const stopHearing = onTold(worker, run, () => {
      disarmLook();
      void look(LOOK.first);
    });
    const stop = (): void => {
      stopWaiting();
      stopHearing();
    };
    if (timeout !== undefined) disarmTimeout = clock.after(timeout, () => settle(undefined));
    const look = async (pause: number): Promise<void> => {
      const row = await store.get('runs', run).catch((error: unknown) => report(worker, 'store', run, error));
      if (done) return;
      if (row && hasEnded(row)) settle(finishedRow(row));
      else if (!exclusive || !row) {
        const most = isWatchful(worker) ? LOOK.most : LOOK_TOLD;
        disarmLook();
        disarmLook = clock.after(pause, () => void look(Math.min(most, pause * LOOK.factor)));
      }
    };
    void look(LOOK.first);
  });
}

function finishedRow({ id, playbook, status, outputs, error }: RunRow): FinishedRun {
  return { run: id, playbook, status, outputs, error: error as ErrorValue | null };
}

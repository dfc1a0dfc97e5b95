import { backoffDelay, isCounterpointError } from '@counterpoint/core';
import type { ActiveRun } from './active-run.ts';
import { isStoreTrouble, report, type Worker } from './worker.ts';

/** How long to pause after the store failed, in milliseconds. */
const PAUSE = { delay: 100, factor: 2, max: 10_000 };

/** Waits before something is tried again. @param failures in a row, from 1 on */
export function pauseAfter(worker: Worker, failures: number): Promise<void> {
  const { clock, jitter = Math.random } = worker.options;
  return new Promise((resume) => void clock.after(backoffDelay(PAUSE, failures, jitter()), resume));
}

/** Whether `error` says that the store is in trouble, so that trying again may help. */
export function isTrouble(error: unknown): boolean {
  return isCounterpointError(error) && isStoreTrouble(error);
}

/** Tells of a problem as what it is: trouble of the store, or a defect. */
export function reportProblem(worker: Worker, run: string, error: unknown): void {
  report(worker, isTrouble(error) ? 'store' : 'defect', run, error);
}

/**
 * Does something that may be repeated, again and again as long as the store is in trouble. Undefined when that lasts until
 * the worker stops or `run` is gone: whoever has the run next begins with it anew.
 *
 * @throws what `work` throws, but for trouble of the store
 */
export async function insist<Result extends object>(
  worker: Worker,
  run: Pick<ActiveRun, 'row' | 'gone'>,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!isTrouble(error)) throw error;
      report(worker, 'store', run.row.id, error);
    }
    if (run.gone || worker.stopping) return undefined;
    await pauseAfter(worker, failures);
    if (run.gone || worker.stopping) return undefined;
  }
}

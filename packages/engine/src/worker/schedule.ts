import { isCounterpointError } from '@counterpoint/core';
import type { ActiveRun } from './active-run.ts';
import { goingOn, takeOver } from './own.ts';
import { createRunQueue } from './queue.ts';
import { isStoreTrouble, report, type Worker } from './worker.ts';

/** Decides which stored runs get their turn, within the limit of runs that work at the same time. */
export interface Schedule {
  /** Whether a new run may begin at once, without overtaking one that waits. */
  readonly free: boolean;
  readonly queued: number;
  /** Counts a run against the limit. */
  hold(run: ActiveRun): void;
  release(run: ActiveRun): void;
  enqueue(run: string, priority: number): void;
}

/** How long a queued run waits when the store could not be read, in milliseconds. */
const READ_AGAIN = 1_000;

/** Makes the schedule of a worker. */
export function createSchedule(worker: Worker): Schedule {
  const queue = createRunQueue();
  let held = 0;

  const begin = async (id: string, priority: number): Promise<void> => {
    try {
      const run = worker.runs.has(id) ? undefined : await takeOver(worker, id);
      if (!run) return;
      hold(run);
      worker.runs.set(id, run);
      worker.post(run, goingOn(run));
    } catch (error) {
      const trouble = isCounterpointError(error) && isStoreTrouble(error);
      report(worker, trouble ? 'store' : 'defect', id, error);
      if (trouble) worker.options.clock.after(READ_AGAIN, () => enqueue(id, priority));
    }
  };

  const pump = (): void => {
    while (held < worker.limits.activeRuns && !worker.stopping) {
      const next = queue.next();
      if (!next) return;
      // The slot is kept while the run is being read, and handed on to it.
      held += 1;
      const done = begin(next.run, next.priority).finally(() => {
        held -= 1;
        worker.underWay.delete(done);
        pump();
      });
      worker.underWay.add(done);
    }
  };

  const hold = (run: ActiveRun): void => {
    run.holdsSlot = true;
    held += 1;
  };
  const enqueue = (run: string, priority: number): void => {
    queue.add(run, priority);
    pump();
  };

  return {
    get free() {
      return held < worker.limits.activeRuns && queue.size === 0;
    },
    get queued() {
      return queue.size;
    },
    hold,
    enqueue,
    release(run) {
      if (!run.holdsSlot) return;
      run.holdsSlot = false;
      held -= 1;
      pump();
    },
  };
}

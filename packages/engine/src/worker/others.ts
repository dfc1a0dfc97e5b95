import type { Json, JsonObject } from '@counterpoint/core';
import { reportProblem } from './insist.ts';
import { RUN_ENDED, RUN_SIGNALLED } from './notice-names.ts';
import { hasEnded } from './own.ts';
import { isParked } from './park.ts';
import { queuedRun } from './queue.ts';
import type { Worker } from './worker.ts';

/**
 * Something is stored for a run that is not in memory here. Whoever owns it is told; one that nobody owns is read back here,
 * or offered to whoever has room.
 */
export function bring(worker: Worker, run: string): void {
  const { submitOnly, notices, workQueue } = worker.options;
  if (!notices && !workQueue) worker.wakes.wake(run);
  else if (!worker.stopping || submitOnly) keep(worker, run, bringStored(worker, run));
}

function keep(worker: Worker, run: string, work: Promise<void>): void {
  const done = work
    .catch((error: unknown) => reportProblem(worker, run, error))
    .finally(() => worker.underWay.delete(done));
  worker.underWay.add(done);
}

async function bringStored(worker: Worker, run: string): Promise<void> {
  const { store, workerId, submitOnly, notices } = worker.options;
  const row = await store.get('runs', run);
  if (row && isParked(row)) return;
  if (!row || hasEnded(row) || row.owner === '') {
    // What waits for a run that has ended is removed by whoever works on runs.
    if (!submitOnly && worker.wakes.room > 0) worker.wakes.wake(run);
    else if (row && !hasEnded(row)) worker.offer(queuedRun(row));
  } else if (row.owner !== workerId) notices?.tell(RUN_SIGNALLED, { run, owner: row.owner });
}

/**
 * Hears what other processes tell of runs. Gives the way to stop.
 *
 * @param attend hands a run in memory what is stored for it
 */
export function hearOthers(worker: Worker, attend: (run: string) => Promise<void> | undefined): () => void {
  const { notices, workerId } = worker.options;
  if (!notices) return () => undefined;
  const stops = [
    notices.hear(RUN_ENDED, (data) => {
      for (const look of [...(worker.lookers.get(wordOf(data, 'run')) ?? [])]) look();
    }),
    notices.hear(RUN_SIGNALLED, (data) => {
      if (wordOf(data, 'owner') !== workerId) return;
      const run = wordOf(data, 'run');
      const attended = attend(run);
      if (attended) keep(worker, run, attended);
      // It was let go while it was told of: somebody else has it by now, or nobody.
      else bring(worker, run);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function wordOf(data: Json, name: string): string {
  const word = typeof data === 'object' && data !== null ? (data as JsonObject)[name] : undefined;
  return typeof word === 'string' ? word : '';
}

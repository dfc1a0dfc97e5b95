import { drive } from './drive.ts';
import { keepDoing } from './keep-doing.ts';
import { mayLeave } from './unload.ts';
import type { Worker } from './worker.ts';

/** How long a run that waits may stay in memory with nothing happening, in milliseconds. */
const QUIET = 2_000;
/** How often runs that are quiet are looked for, in milliseconds. */
const LOOK = 1_000;

/** Lets go of runs that have been quiet for a while. Gives the way to stop. */
export function unloadQuietRuns(worker: Worker): () => void {
  return keepDoing(worker, LOOK, () => {
    const quiet = worker.options.clock.monotonic() - QUIET;
    for (const run of worker.runs.values()) {
      if (run.turning || run.quietSince > quiet || !run.stored || !mayLeave(worker, run)) continue;
      run.leave = true;
      drive(worker, run);
    }
  });
}

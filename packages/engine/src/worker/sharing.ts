import type { Taking } from '@counterpoint/events';
import type { QueuedRun } from './queue.ts';
import type { Schedule } from './schedule.ts';
import { report, type Worker } from './worker.ts';

/** How long to wait after the queue refused, in milliseconds. */
const AGAIN = 1_000;
/** How many runs are kept to be offered again; what is more is found in the store. */
const MOST = 1_000;

/** A worker's part in the queue that all processes share. Without a queue nothing of it does anything. */
export interface Sharing {
  /** Offers a stored run, again and again while the queue is away. */
  offer(run: QueuedRun): void;
  /** Begins to take runs. */
  start(): Promise<void>;
  /** There may be room for more. */
  look(): void;
  /** Takes nothing more, and gives back what is not done. */
  stop(): Promise<void>;
}

/** Makes the sharing of a worker. */
export function createSharing(worker: Worker, schedule: Schedule): Sharing {
  const { workQueue, clock } = worker.options;
  const waiting = new Map<string, QueuedRun>();
  let resting = false;
  let taking: Taking | undefined;

  const send = (run: QueuedRun): void => {
    const done = (workQueue?.offer(run) ?? Promise.resolve())
      .catch((error: unknown) => {
        if (waiting.size === 0) report(worker, 'store', run.run, error);
        if (waiting.size < MOST) waiting.set(run.run, run);
        rest();
      })
      .finally(() => worker.underWay.delete(done));
    worker.underWay.add(done);
  };

  const rest = (): void => {
    if (resting || worker.stopping) return;
    resting = true;
    clock.after(AGAIN, () => {
      resting = false;
      const runs = [...waiting.values()];
      waiting.clear();
      for (const run of runs) send(run);
    });
  };

  return {
    offer: send,
    async start() {
      taking = await workQueue?.take({
        room: (priority) => schedule.room(priority),
        work: (run) => schedule.handed(run),
      });
    },
    look: () => taking?.look(),
    stop: async () => taking?.stop(),
  };
}

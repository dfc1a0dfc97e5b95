import type { Clock } from '@counterpoint/core';
import type { Lane, QueuedRun } from './queue.ts';

/** How long a run that the queue handed over may wait here for a place before another worker gets it, in milliseconds. */
const PATIENCE = 2_000;
/** How many runs of one playbook wait here although it has as many working as it may. */
const MOST_OF_PLAYBOOK = 16;

type Outcome = 'done' | 'again';

/** Runs that the queue handed to this worker, until it is known what became of them. */
export interface Handed {
  /** Whether so many runs of a playbook wait here already that more are no use. */
  enough(playbook: string): boolean;
  /** Puts a run into a lane, and resolves with what became of it: `again` when it had to wait there for too long. */
  hold(run: QueuedRun, lane: Lane): Promise<Outcome>;
  /** Tells what became of a run; gives whether the queue waits for that. */
  answer(run: string, outcome: Outcome): boolean;
}

/** Makes an empty {@link Handed}. */
export function createHanded(clock: Clock): Handed {
  const open = new Map<string, { readonly playbook: string; readonly lane: Lane; settle(outcome: Outcome): void }>();
  return {
    enough(playbook) {
      let count = 0;
      for (const [run, one] of open) if (one.playbook === playbook && one.lane.window.has(run)) count += 1;
      return count >= MOST_OF_PLAYBOOK;
    },
    hold(run, lane) {
      return new Promise((resolve) => {
        const { playbook } = run;
        const disarm = clock.after(PATIENCE, () => {
          if (lane.window.delete(run.run)) settle('again');
        });
        const settle = (outcome: Outcome): void => {
          disarm();
          open.delete(run.run);
          resolve(outcome);
        };
        // The same run at another epoch may be here already; one of them is enough.
        open.get(run.run)?.settle('done');
        open.set(run.run, { playbook, lane, settle });
        lane.window.set(run.run, run);
      });
    },
    answer(run, outcome) {
      const one = open.get(run);
      one?.settle(outcome);
      return one !== undefined;
    },
  };
}

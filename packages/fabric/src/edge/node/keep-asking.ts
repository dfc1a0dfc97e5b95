import { type Clock, isCounterpointError } from '@counterpoint/core';
import type { Standing } from './node.ts';

/** Something that is done again and again until it is stopped. */
export interface Asking {
  /** Does the next round now, when it was pausing. */
  wake(): void;
  stop(): Promise<void>;
}

/** What goes on. */
export interface AskingOptions {
  readonly clock: Clock;
  /** One round; gives whether the next one follows at once. */
  readonly round: (signal: AbortSignal) => Promise<boolean>;
  /** Milliseconds between rounds that do not follow at once; also ended by `wake`. */
  readonly idle: number;
  /** Told of how each round went. */
  readonly onStanding: (standing: Standing, error?: unknown) => void;
}

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;

/** What an error of the centre says about how the node stands to it; undefined: nothing, the round itself failed. */
export function standingOf(error: unknown): Standing | undefined {
  if (!isCounterpointError(error)) return undefined;
  if (error.code === 'fabric.participant_unauthenticated' || error.code === 'fabric.participant_disabled') {
    return 'refused';
  }
  return error.code === 'fabric.edge_centre_unreachable' ? 'away' : undefined;
}

/** Does rounds until it is stopped; after one that failed it pauses, for longer each time. */
export function keepAsking({ clock, round, idle, onStanding }: AskingOptions): Asking {
  const stopped = new AbortController();
  let wake = (): void => {};
  let woken = false;
  const pause = (millis: number): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        disarm();
        wake = () => {
          woken = true;
        };
        resolve();
      };
      const disarm = clock.after(millis, done);
      wake = done;
      if (stopped.signal.aborted) done();
    });
  const work = async (): Promise<void> => {
    for (let failures = 0; !stopped.signal.aborted; ) {
      try {
        const more = await round(stopped.signal);
        failures = 0;
        onStanding('connected');
        if (!more && !woken) await pause(idle);
        woken = false;
      } catch (error) {
        if (stopped.signal.aborted) return;
        onStanding(standingOf(error) ?? 'connected', error);
        failures += 1;
        await pause(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)));
      }
    }
  };
  wake = () => {
    woken = true;
  };
  const done = work();
  return {
    wake: () => wake(),
    async stop() {
      stopped.abort();
      wake();
      await done;
    },
  };
}

import { report, type Worker } from './worker.ts';

/** How often the store is looked at for what others tell at once anyway, in milliseconds. */
const RARELY = 30_000;

/**
 * Does something again and again, `pause` milliseconds after it last ended; what it throws is reported, and it is tried
 * again. Gives the way to stop.
 */
export function keepDoing(worker: Worker, pause: number, work: () => Promise<void> | void): () => void {
  let stopped = false;
  let disarm = (): void => undefined;
  const round = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!stopped) report(worker, 'store', '', error);
    }
    if (!stopped) disarm = worker.options.clock.after(pause, () => void round());
  };
  disarm = worker.options.clock.after(pause, () => void round());
  return () => {
    stopped = true;
    disarm();
  };
}

/**
 * As {@link keepDoing}, for looking in the store for what other processes did: rarely as long as those surely tell of it
 * themselves.
 */
export function keepLooking(worker: Worker, pause: number, look: () => Promise<void> | void): () => void {
  const { clock } = worker.options;
  let last = clock.monotonic();
  return keepDoing(worker, pause, () => {
    if (!isWatchful(worker) && clock.monotonic() - last < RARELY) return;
    last = clock.monotonic();
    return look();
  });
}

/** Whether this process has to find out by itself, in the store, what others did. */
export function isWatchful({ options: { notices } }: Pick<Worker, 'options'>): boolean {
  return !notices?.calm;
}

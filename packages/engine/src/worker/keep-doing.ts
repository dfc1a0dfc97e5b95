import { report, type Worker } from './worker.ts';

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

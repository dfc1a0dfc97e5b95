import { useSyncExternalStore } from 'react';
import { bothTimes, relativeTime } from './times.ts';

const TICK = 5_000;
const listeners = new Set<() => void>();
let now = Date.now();
let ticking: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The present moment, new every five seconds, for everything on the page at once. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

interface WhenProps {
  /** Unix milliseconds; null shows `none`. */
  readonly at: number | null;
  /** What stands where there is no moment; default a dash. */
  readonly none?: string;
}

/** A moment, told from now on; absolute on hover. */
export function When({ at, none = '–' }: WhenProps) {
  const present = useNow();
  if (at === null) return <span>{none}</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={bothTimes(at)}>
      {relativeTime(at, present)}
    </time>
  );
}

/** Counts events over a sliding window. */
export interface Meter {
  /** Counts one at `now`; whether more than the limit have come within the window. */
  count(now: number): boolean;
  /** Begins from nothing. */
  reset(): void;
  /** Whether nothing that it counted matters at `now` any more. */
  isIdle(now: number): boolean;
}

/** Makes a {@link Meter} for `limit` events within `window` milliseconds. It grows with what comes, up to the limit. */
export function createMeter(limit: number, window: number): Meter {
  // Once it is full, where the next one is written stands the one that came `limit` events before it.
  const times: number[] = [];
  let next = 0;
  let last = Number.NEGATIVE_INFINITY;
  return {
    count(now) {
      const before = times[next] ?? Number.NEGATIVE_INFINITY;
      times[next] = now;
      last = now;
      next = (next + 1) % limit;
      return before > now - window;
    },
    reset() {
      times.length = 0;
      next = 0;
    },
    isIdle: (now) => last <= now - window,
  };
}

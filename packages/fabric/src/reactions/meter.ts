/** Counts events over a sliding window, in constant time and memory. */
export interface Meter {
  /** Counts one at `now`; whether more than the limit have come within the window. */
  count(now: number): boolean;
  /** Begins from nothing. */
  reset(): void;
}

/** Makes a {@link Meter} for `limit` events within `window` milliseconds. */
export function createMeter(limit: number, window: number): Meter {
  // Where the next one is written stands the one that came `limit` events before it.
  const times = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return {
    count(now) {
      const before = times[next] ?? Number.NEGATIVE_INFINITY;
      times[next] = now;
      next = (next + 1) % limit;
      return before > now - window;
    },
    reset() {
      times.fill(Number.NEGATIVE_INFINITY);
    },
  };
}

/** Lets so many things a second pass, and a burst of them after a pause. */
export interface TokenBucket {
  /** Whether one, or so many, may pass now. */
  take(count?: number): boolean;
}

/**
 * Makes a full {@link TokenBucket}.
 *
 * @param rate Things a second.
 * @param burst How many may pass at once after a pause.
 * @param monotonic Milliseconds since some moment in the past.
 */
export function createTokenBucket(rate: number, burst: number, monotonic: () => number): TokenBucket {
  let level = burst;
  let at = monotonic();
  return {
    take(count = 1) {
      const now = monotonic();
      level = Math.min(burst, level + ((now - at) / 1000) * rate);
      at = now;
      if (level < count) return false;
      level -= count;
      return true;
    },
  };
}

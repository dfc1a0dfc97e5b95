/** Lets so many things a second pass, and a burst of them after a pause. */
export interface TokenBucket {
  /** Whether one may pass now. */
  take(): boolean;
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
    take() {
      const now = monotonic();
      level = Math.min(burst, level + ((now - at) / 1000) * rate);
      at = now;
      if (level < 1) return false;
      level -= 1;
      return true;
    },
  };
}

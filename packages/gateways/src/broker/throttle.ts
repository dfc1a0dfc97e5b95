import type { Clock } from '@counterpoint/core';

/**
 * Lets so many messages a second through, with a burst of one second's worth.
 *
 * @returns a function that takes one and says how many milliseconds to wait before the next
 */
export function createThrottle(perSecond: number, clock: Clock): () => number {
  let tokens = perSecond;
  let at = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    if (now !== at) {
      tokens = Math.min(perSecond, tokens + (Math.max(0, now - at) * perSecond) / 1_000);
      at = now;
    }
    tokens -= 1;
    return tokens >= 0 ? 0 : Math.ceil((-tokens * 1_000) / perSecond);
  };
}

import type { Clock } from '@counterpoint/core';

/** How attempts at a secret are slowed down. Times in milliseconds. */
export interface AttemptPolicy {
  /** Attempts before the first wait. */
  readonly free: number;
  /** The first wait; each further attempt doubles it. */
  readonly first: number;
  readonly longest: number;
  /** After so long without an attempt everything is forgotten. */
  readonly forgetAfter: number;
}

/** Slows down who tries too often, whatever they try it on: an address, a name, the one setup code. */
export interface AttemptLimit {
  /**
   * Counts an attempt, before it is known whether it succeeds, so that attempts at the same moment are counted too. Gives
   * the milliseconds to wait when it must not be made; 0 when it may.
   */
  take(key: string): number;
  /** Forgets the attempts of a key: one of them succeeded. */
  clear(key: string): void;
}

interface Count {
  readonly attempts: number;
  readonly blockedUntil: number;
  readonly at: number;
}

/** Keys that are remembered at once; beyond it the oldest are forgotten. */
const MOST_KEYS = 10_000;

/** Makes an {@link AttemptLimit}, in the memory of this process. */
export function createAttemptLimit(clock: Clock, policy: AttemptPolicy): AttemptLimit {
  const counts = new Map<string, Count>();
  return {
    take(key) {
      const now = clock.monotonic();
      const standing = counts.get(key);
      const known = standing && now - standing.at < policy.forgetAfter ? standing : undefined;
      if (known && now < known.blockedUntil) return known.blockedUntil - now;
      const attempts = (known?.attempts ?? 0) + 1;
      const doublings = attempts - policy.free;
      const wait = doublings < 0 ? 0 : Math.min(policy.first * 2 ** Math.min(doublings, 40), policy.longest);
      counts.delete(key);
      counts.set(key, { attempts, blockedUntil: now + wait, at: now });
      const [oldest] = counts.keys();
      if (counts.size > MOST_KEYS && oldest !== undefined) counts.delete(oldest);
      return 0;
    },
    clear: (key) => void counts.delete(key),
  };
}

import type { Clock } from '@counterpoint/core';

/** Reads something under a name, or gives what was read under it a moment ago. */
export type Memory = <Value>(name: string, read: (now: number) => Promise<Value>) => Promise<Value>;

/**
 * The shortest time that something is kept, in milliseconds. Pages wait as long before they read again what they were told has
 * changed, so that they never get what was read before that.
 */
const LEAST = 250;
const MOST = 15_000;
/** What took long to read is kept longer: at the most one part in so many of the time goes into reading it. */
const SHARE = 20;

/** Makes a {@link Memory} for everybody who looks; what failed is not kept. */
export function createMemory(clock: Clock): Memory {
  const kept = new Map<string, { until: number; readonly value: Promise<unknown> }>();
  return <Value>(name: string, read: (now: number) => Promise<Value>): Promise<Value> => {
    const began = clock.monotonic();
    const known = kept.get(name);
    if (known && known.until > began) return known.value as Promise<Value>;
    const value = read(clock.now());
    // Until it is read, whoever asks waits for it too.
    const entry = { until: Number.POSITIVE_INFINITY, value };
    kept.set(name, entry);
    value.then(
      () => {
        const took = clock.monotonic() - began;
        entry.until = began + Math.min(Math.max(LEAST, took * SHARE), MOST);
      },
      () => kept.delete(name),
    );
    return value;
  };
}

import type { Clock } from '@counterpoint/core';

/**
 * Reads something under a name, or gives what was read under it a moment ago.
 *
 * @param fresh For how long it is kept, in milliseconds; default: that of the memory.
 */
export type Memory = <Value>(name: string, read: (now: number) => Promise<Value>, fresh?: number) => Promise<Value>;

/** Makes a {@link Memory} that keeps what was read for `fresh` milliseconds; what failed is not kept. */
export function createMemory(clock: Clock, fresh: number): Memory {
  const kept = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();
  return <Value>(name: string, read: (now: number) => Promise<Value>, keep = fresh): Promise<Value> => {
    const now = clock.monotonic();
    const known = kept.get(name);
    if (known && known.until > now) return known.value as Promise<Value>;
    const value = read(clock.now());
    kept.set(name, { until: now + keep, value });
    value.catch(() => kept.delete(name));
    return value;
  };
}

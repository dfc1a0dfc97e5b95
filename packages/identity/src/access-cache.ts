import type { Clock } from '@counterpoint/core';
import type { Store, TableName } from '@counterpoint/events';

/** What is remembered of who may come in, by id. */
export interface AccessCache<Known> {
  /** What is known of an id; undefined when nobody has it, which is not remembered. */
  load(id: string): Promise<Known | undefined>;
  /** Stops listening to the store. */
  close(): void;
}

const STALE_AFTER = 5_000;
const MOST = 1_000;

/**
 * Makes an {@link AccessCache}: a change of its tables counts at once within this process, and after 5 s where another
 * process made it.
 *
 * @param read reads what is to be known from the store
 */
export function createAccessCache<Known>(
  store: Store,
  clock: Clock,
  tables: readonly TableName[],
  read: (id: string) => Promise<Known | undefined>,
): AccessCache<Known> {
  const cache = new Map<string, { readonly known: Known; readonly staleAt: number }>();
  let generation = 0;
  const close = store.onCommitted(({ rows = [] }) => {
    if (!rows.some(({ table }) => tables.includes(table))) return;
    generation += 1;
    cache.clear();
  });
  return {
    async load(id) {
      const cached = cache.get(id);
      if (cached && clock.now() < cached.staleAt) return cached.known;
      const before = generation;
      const known = await read(id);
      // What was read may be older than a change that was committed while reading: then it is used once, not kept.
      if (known !== undefined && generation === before) {
        if (cache.size >= MOST) cache.clear();
        cache.set(id, { known, staleAt: clock.now() + STALE_AFTER });
      }
      return known;
    },
    close,
  };
}

import type { Store } from '@counterpoint/events';

/** A store that knows when nothing is asked of it. */
export interface QuietStore {
  readonly store: Store;
  /** Resolves when nothing has been under way for some turns of the event loop. */
  quiet(): Promise<void>;
}

/** Turns of the event loop without work after which nothing more comes by itself. */
const CALM = 8;

/** Makes a {@link QuietStore} of `inner`. */
export function createQuietStore(inner: Store): QuietStore {
  let pending = 0;
  const counted = async <Result>(work: Promise<Result>): Promise<Result> => {
    pending += 1;
    try {
      return await work;
    } finally {
      pending -= 1;
    }
  };
  return {
    store: {
      get: (table, id) => counted(inner.get(table, id)),
      find: (table, query) => counted(inner.find(table, query)),
      count: (table, where) => counted(inner.count(table, where)),
      commit: (change) => counted(inner.commit(change)),
      onCommitted: (listener) => inner.onCommitted(listener),
      close: () => inner.close(),
    },
    async quiet() {
      for (let calm = 0; calm < CALM; calm = pending === 0 ? calm + 1 : 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

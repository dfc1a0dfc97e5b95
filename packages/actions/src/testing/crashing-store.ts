import type { Store } from '@counterpoint/events';

/** Thrown by a {@link crashingStore} from its crash on. */
export class Crash extends Error {}

/**
 * A store over `store` whose process dies at its `at`-th commit (from 1), before or after that became durable. From then
 * on nothing of the process reaches the store.
 */
export function crashingStore(
  store: Store,
  at: number,
  when: 'before' | 'after',
): Store & { readonly crashed: boolean } {
  let commits = 0;
  let crashed = false;
  const alive = <Result>(work: () => Promise<Result>): Promise<Result> =>
    crashed ? Promise.reject(new Crash('dead')) : work();
  return {
    get crashed() {
      return crashed;
    },
    get: (table, id) => alive(() => store.get(table, id)),
    find: (table, query) => alive(() => store.find(table, query)),
    count: (table, where) => alive(() => store.count(table, where)),
    tally: (table, tally) => alive(() => store.tally(table, tally)),
    async commit(change) {
      if (crashed) throw new Crash('dead');
      commits += 1;
      if (commits < at) return store.commit(change);
      crashed = true;
      if (when === 'after') await store.commit(change);
      throw new Crash(`${when} commit ${at}`);
    },
    onCommitted: (listener) => store.onCommitted((change) => void (crashed || listener(change))),
    close: () => store.close(),
  };
}

import type { Store } from '@counterpoint/events';

/** When a process dies: at its `commit`-th commit (from 1), after that became durable or before. */
export interface Death {
  readonly commit: number;
  readonly durable: boolean;
}

/** A store as a process sees it that dies: from its death on, nothing is written and no answer ever comes. */
export interface MortalStore extends Store {
  readonly dead: boolean;
}

/** Makes a view of `inner` for one life of a process. @param death undefined: it lives on */
export function createMortalStore(inner: Store, death: Death | undefined): MortalStore {
  let commits = 0;
  let dead = false;
  const silence = new Promise<never>(() => undefined);
  const alive = <Result>(work: () => Promise<Result>): Promise<Result> =>
    dead ? silence : work().then((result) => (dead ? silence : result));
  return {
    get dead() {
      return dead;
    },
    get: (table, id) => alive(() => inner.get(table, id)),
    find: (table, query) => alive(() => inner.find(table, query)),
    count: (table, where) => alive(() => inner.count(table, where)),
    tally: (table, tally) => alive(() => inner.tally(table, tally)),
    async commit(change) {
      if (dead) return silence;
      commits += 1;
      if (death?.commit !== commits) return alive(() => inner.commit(change));
      dead = true;
      if (death.durable) await inner.commit(change);
      return silence;
    },
    onCommitted: (listener) => inner.onCommitted((change) => (dead ? undefined : listener(change))),
    close: () => inner.close(),
  };
}

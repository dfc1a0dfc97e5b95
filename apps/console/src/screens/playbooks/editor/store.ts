/** A value outside of React that components follow with `useSyncExternalStore`. */
export interface Store<Value extends object> {
  get(): Value;
  /** Changes some fields; tells nobody when nothing differs. */
  change(fields: Partial<Value>): void;
  /** Answers how to stop listening. */
  subscribe(listener: () => void): () => void;
}

/** Makes a {@link Store}. */
export function createStore<Value extends object>(first: Value): Store<Value> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    change(fields) {
      const same = Object.entries(fields).every(([name, field]) => Object.is(value[name as keyof Value], field));
      if (same) return;
      value = { ...value, ...fields };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

import type { Happening } from '../interpreter/happening.ts';

/** What is to happen in a rehearsal's own time. */
export interface Agenda {
  /** Puts a happening down for `due` (Unix milliseconds); one with the same key is replaced. */
  put(key: string, due: number, happening: Happening): void;
  remove(key: string): void;
  /** Takes what is due first, and of the same moment what was put down first; undefined when nothing is left. */
  next(): { readonly due: number; readonly happening: Happening } | undefined;
}

/** Makes an empty {@link Agenda}. */
export function createAgenda(): Agenda {
  const entries = new Map<string, { readonly due: number; readonly happening: Happening }>();
  return {
    put(key, due, happening) {
      entries.delete(key);
      entries.set(key, { due, happening });
    },
    remove: (key) => void entries.delete(key),
    next() {
      let first: string | undefined;
      for (const [key, { due }] of entries) {
        const known = first === undefined ? undefined : entries.get(first);
        if (!known || due < known.due) first = key;
      }
      const entry = first === undefined ? undefined : entries.get(first);
      if (first !== undefined) entries.delete(first);
      return entry;
    },
  };
}

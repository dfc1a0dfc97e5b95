/** Run ids that wait for their turn: higher priority first, then in the order they came. */
export interface RunQueue {
  readonly size: number;
  add(run: string, priority: number): void;
  /** Takes the next one; undefined when there is none. */
  next(): { readonly run: string; readonly priority: number } | undefined;
}

/** Makes an empty queue. A run that is in it already is not added again. */
export function createRunQueue(): RunQueue {
  const lanes = new Map<number, Set<string>>();
  const present = new Set<string>();
  return {
    get size() {
      return present.size;
    },
    add(run, priority) {
      if (present.has(run)) return;
      present.add(run);
      const lane = lanes.get(priority) ?? new Set();
      lanes.set(priority, lane.add(run));
    },
    next() {
      for (const priority of [...lanes.keys()].sort((a, b) => b - a)) {
        const [run] = lanes.get(priority) ?? [];
        if (run === undefined) continue;
        lanes.get(priority)?.delete(run);
        present.delete(run);
        return { run, priority };
      }
      return undefined;
    },
  };
}

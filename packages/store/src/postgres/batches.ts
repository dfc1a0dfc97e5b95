import type { PreparedChange } from './records.ts';

/** Changes that statements may write together, in order; `single` ones need a savepoint of their own. */
export interface Batch {
  readonly members: readonly number[];
  readonly single: boolean;
}

/**
 * Cuts a group into batches, keeping its order. Within a batch no two changes write the same key, and none writes a key
 * twice, so that the order of statements within the batch cannot matter.
 *
 * @param apart indexes of changes that are to stand alone
 */
export function batchesOf(changes: ReadonlyMap<number, PreparedChange>, apart: ReadonlySet<number>): readonly Batch[] {
  const batches: Batch[] = [];
  let members: number[] = [];
  let touched = new Set<string>();
  const close = () => {
    if (members.length > 0) batches.push({ members, single: false });
    members = [];
    touched = new Set();
  };
  for (const [index, { keys, runs }] of changes) {
    const alone = apart.has(index) || runs.length > 1 || new Set(keys).size < keys.length;
    if (alone || keys.some((key) => touched.has(key))) close();
    if (alone) {
      batches.push({ members: [index], single: true });
      continue;
    }
    members.push(index);
    for (const key of keys) touched.add(key);
  }
  close();
  return batches;
}

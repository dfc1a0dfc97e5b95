import type { Json, JsonObject } from '@counterpoint/core';
import type { RowWrite, RunRow } from '@counterpoint/events';
import type { RunState } from '../interpreter/state.ts';
import type { ActiveRun } from './active-run.ts';
import type { Batch } from './batch.ts';
import { encodeGraph, type Graph, referencesOf, reviveGraph } from './graph.ts';
import type { ValueStore } from './values.ts';

/** Version of the snapshots that this version writes, and the only one that it reads. */
export const SNAPSHOT_VERSION = 1;

/** A journal that has grown by so many entries since the last snapshot may get the next one. */
export const SNAPSHOT_EVERY = 1_000;

/** How many bytes of a snapshot one more entry pays for: writing them then costs no more than the journal itself. */
const BYTES_PER_ENTRY = 100;

/** Where the snapshots of a state stand. */
interface Pace {
  /** The last entry that a snapshot covers. */
  seq: number;
  /** So many entries later the next one is due. */
  every: number;
}

const paces = new WeakMap<RunState, Pace>();

/** What is stored. The state's shape belongs to one release of the engine: another one folds the journal. */
interface StoredState extends Graph {
  readonly engine: string;
}

/**
 * The write of a snapshot that covers the entries up to `to`, when one is due with this turn; the removal of the last
 * one when the run ends. To be committed with those entries.
 */
export function snapshotWrites(
  store: ValueStore,
  engine: string,
  run: Pick<ActiveRun, 'row' | 'state'>,
  batch: Pick<Batch, 'entries'>,
  { to, at }: { readonly to: number; readonly at: number },
): readonly RowWrite[] {
  if (to < SNAPSHOT_EVERY) return [];
  const { row, state } = run;
  if (state.phase === 'ended') return [{ op: 'delete', table: 'snapshots', id: row.id }];
  const pace = paces.get(state) ?? { seq: 0, every: SNAPSHOT_EVERY };
  if (to - pace.seq < pace.every) return [];
  // Large values of this turn are not stored yet; once they are known as such, the snapshot refers to them.
  for (const { entry } of batch.entries) store.recognise(entry.data as unknown as JsonObject);
  const stored: StoredState = { engine, ...encodeGraph(state, store.referenceOf) };
  paces.set(state, { seq: to, every: Math.max(SNAPSHOT_EVERY, Math.ceil(sizeOf(stored) / BYTES_PER_ENTRY)) });
  const snapshot = { id: row.id, seq: to, v: SNAPSHOT_VERSION, state: stored as unknown as Json, at };
  return [{ op: 'put', table: 'snapshots', row: snapshot }];
}

/** About how many bytes a graph takes as JSON. */
function sizeOf({ nodes }: Graph): number {
  let size = 0;
  for (const node of nodes) {
    for (const value of node) size += typeof value === 'string' ? value.length + 3 : 8;
  }
  return size;
}

/**
 * The state that the last snapshot of a run holds, and the entry that it covers; undefined when there is none that this
 * release wrote.
 *
 * @throws engine.value_missing
 */
export async function readSnapshot(
  store: ValueStore,
  engine: string,
  row: Pick<RunRow, 'id' | 'seq'>,
): Promise<{ readonly state: RunState; readonly seq: number } | undefined> {
  if (row.seq < SNAPSHOT_EVERY) return undefined;
  const snapshot = await store.get('snapshots', row.id);
  if (snapshot?.v !== SNAPSHOT_VERSION) return undefined;
  const stored = snapshot.state as unknown as StoredState;
  if (stored.engine !== engine) return undefined;
  const values = await store.valuesOf(row.id, referencesOf(stored));
  const state = reviveGraph(stored, values) as RunState;
  const every = Math.max(SNAPSHOT_EVERY, Math.ceil(sizeOf(stored) / BYTES_PER_ENTRY));
  paces.set(state, { seq: snapshot.seq, every });
  return { state, seq: snapshot.seq };
}

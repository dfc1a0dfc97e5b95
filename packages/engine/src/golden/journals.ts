import { hashJson, type Json, type JsonObject, systemClock } from '@counterpoint/core';
import type { JournalRow, RunRow, Store } from '@counterpoint/events';
import type { RunState } from '../interpreter/state.ts';
import { createRig } from '../testing/rig.ts';
import { readState } from '../worker/read-state.ts';
import { keepValuesApart } from '../worker/values.ts';
import type { Scenario } from './scenarios.ts';

/** What a run was like: what every later version must find by folding its journal. */
interface Facts {
  readonly phase: string;
  readonly ending: Json;
  readonly open: Readonly<
    Record<string, { readonly status: string; readonly attempts: number; readonly due: number | null }>
  >;
  readonly outputs: JsonObject;
  readonly outcomes: JsonObject;
}

/** A recorded run, as its version stored it. */
export interface GoldenJournal {
  /** The release that recorded it. */
  readonly version: string;
  readonly row: RunRow;
  readonly journal: readonly JournalRow[];
  /** Large values by id, as JSON. */
  readonly blobs: Readonly<Record<string, string>>;
  readonly facts: Facts;
}

/** Large outputs by their hash. */
function shortOf(value: Json): Json {
  return JSON.stringify(value).length > 1_000 ? { hash: hashJson(value) } : value;
}

/** The facts that a state holds, in the words of every version. */
export function factsOf(state: RunState): Facts {
  const open = [...state.open.values()].map(
    ({ address, status, attempts, waiting }) =>
      [address, { status, attempts, due: waiting && 'due' in waiting ? waiting.due : null }] as const,
  );
  return JSON.parse(
    JSON.stringify({
      phase: state.phase,
      ending: state.ending ?? null,
      open: Object.fromEntries(open),
      outputs: Object.fromEntries(Object.entries(state.root.outputs).map(([id, value]) => [id, shortOf(value)])),
      outcomes: state.root.outcomes,
    }),
  ) as Facts;
}

/**
 * Lives a scenario on the engine and records what was stored, and the facts that it ended in.
 *
 * @param store an empty one
 */
export async function record(scenario: Scenario, version: string, store: Store): Promise<GoldenJournal> {
  const { behave, reconcile } = scenario;
  const rig = await createRig(store, { product: { ...(behave && { behave }), ...(reconcile && { reconcile }) } });
  if (scenario.called !== undefined) await rig.publish(scenario.called);
  await rig.publish(scenario.playbook);
  const run = await rig.run(scenario.inputs);
  await (scenario.live?.(rig, run) ?? rig.settle());
  await rig.engine.stop(0);
  const [row] = await store.find('runs', { where: { id: run } });
  if (!row) throw new Error(`the run ${run} was not stored`);
  const journal = await store.find('journal', { where: { run }, limit: 10_000 });
  const blobs = (await store.find('blobs', { limit: 100 })).map(
    ({ id, bytes }) => [id, Buffer.from(bytes).toString()] as const,
  );
  const recorded = { version, row, journal, blobs: Object.fromEntries(blobs) };
  const values = keepValuesApart(store, systemClock);
  const whole = (await values.get('runs', run)) ?? row;
  return { ...recorded, facts: factsOf((await readState(values, whole, row.engine)).state) };
}

/** The state that a recorded journal gives to this version. @param store an empty one */
export async function foldGolden({ row, journal, blobs }: GoldenJournal, store: Store): Promise<RunState> {
  const created = { ...row, status: 'running', epoch: 0, seq: 0 } as const;
  const entries = journal.map((entry) => ({ ...entry, epoch: 0 }));
  const rows = Object.entries(blobs).map(([id, text]) => {
    const bytes = Buffer.from(text);
    return { op: 'put', table: 'blobs', row: { id, bytes, size: bytes.length, created_at: 0 } } as const;
  });
  await store.commit({ runs: [{ op: 'create', row: created }], journal: entries, rows });
  const values = keepValuesApart(store, systemClock);
  const whole = await values.get('runs', row.id);
  if (!whole) throw new Error('the run was not stored');
  return (await readState(values, whole, row.engine)).state;
}

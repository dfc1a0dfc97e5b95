import type { Json, JsonObject } from '@counterpoint/core';
import type { JournalRow } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { ErrorValue } from './error-value.ts';

/** The lists of a playbook in which steps run, in the order they can come; `ended` is none of them. */
export type Phase = 'main' | 'on_error' | 'on_cancel' | 'finally' | 'ended';

/** How a run will end, decided before its last lists have run. */
export interface Ending {
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly outputs: Json;
  readonly error: ErrorValue | null;
}

/** How a step ended. */
export type EndStatus = 'succeeded' | 'failed' | 'skipped' | 'cancelled';

/** Who steers a run, why, and by which request; a request that the run knows has no second effect. Empty: none was given. */
export interface Steered {
  readonly principal: string;
  readonly reason: string;
  readonly request: string;
}

/** How people, or their time-out, decided about an inbox item. */
export type DecidedStatus = 'approved' | 'denied' | 'answered' | 'expired';

/**
 * One fact of a run. `address` is that of the step, such as `verdicts[3].rep`; of a round of a loop, such as
 * `verdicts[3]`; or empty for the run itself.
 */
export type Entry = {
  [Kind in keyof EntryData]: { readonly kind: Kind; readonly address: string; readonly data: EntryData[Kind] };
}[keyof EntryData];

/** What each kind of entry says. */
export interface EntryData {
  /** It is this step's turn; it begins with the next decision. */
  step_ready: Record<never, never>;
  /** An attempt of a step that works outside of the interpreter. `input` is frozen: every attempt sends the same. */
  step_started: {
    readonly attempt: number;
    readonly input: JsonObject | null;
    /** It has only to wait for something else, such as a called run. */
    readonly waits?: true;
  };
  /** The step waits for a stored timer: for its next attempt, or to ask again after asynchronous work. */
  step_waiting: {
    readonly for: 'retry' | 'poll';
    /** Unix milliseconds. */
    readonly due: number;
    readonly poll: JsonObject | null;
    readonly error: ErrorValue | null;
  };
  /** Nobody knows whether it happened. `asked`: `verify` could not tell either, so that a person must. */
  step_unknown: { readonly error: ErrorValue; readonly asked: boolean };
  /** People were asked. `covers`: hashes of the frozen arguments of the covered steps, by step id; null for a question. */
  people_asked: {
    readonly item: string;
    /** Unix milliseconds; null: no time-out. */
    readonly due: number | null;
    readonly covers: Readonly<Record<string, string>> | null;
  };
  /** People (or the time-out) decided. `hash` is that of what they saw. */
  people_decided: { readonly item: string; readonly status: DecidedStatus; readonly hash: string };
  /** The guard holds the step's action until people decide about the inbox item. */
  step_held: { readonly item: string; readonly due: number | null };
  /** The step waits for the first of several conditions, under their names (empty: the only one). */
  wait_began: { readonly conditions: Readonly<Record<string, AwaitedCondition>> };
  /** Rows of tables are wanted before the step can begin. */
  lookup_began: { readonly wants: readonly RowName[] };
  /** What the tables hold; a value is null where there is no row. */
  looked_up: { readonly rows: readonly (RowName & { readonly value: Json })[] };
  /** Its time is up while a call is under way; the call's answer still decides, but there is no further attempt. */
  step_timed_out: Record<never, never>;
  /** `by`: an operator skipped it. */
  step_ended: {
    readonly status: EndStatus;
    readonly output?: Json;
    readonly error?: ErrorValue;
    readonly by?: Steered;
  };
  /** An operator makes an open step run anew, under a new idempotency key. `input` null: with the same arguments. */
  step_retried: Steered & { readonly generation: number; readonly input: JsonObject | null };
  /** From now on no step begins, and what arrives waits. */
  run_paused: Steered;
  run_resumed: Steered;
  /** What arrived while the run was paused, as the interpreter takes it; it is decided about when the run goes on. */
  happening_held: { readonly happening: JsonObject };
  /** The run takes over what an earlier one has done, and goes on from there. */
  adopted: {
    readonly run: string;
    readonly outputs: Readonly<Record<string, Json>>;
    readonly outcomes: Readonly<Record<string, { readonly status: EndStatus; readonly error?: ErrorValue }>>;
  };
  /** From now on the run follows another version of its playbook. */
  migrated: Steered & { readonly version: string };
  /** Which branch of an `if` or `switch` is taken; -1: the last one, without a condition. */
  branch_taken: { readonly branch: number };
  foreach_entered: { readonly items: readonly Json[]; readonly as: string };
  item_entered: { readonly index: number };
  item_ended: { readonly index: number; readonly value?: Json; readonly error?: ErrorValue };
  while_entered: { readonly carry: JsonObject };
  round_entered: { readonly index: number };
  round_ended: { readonly index: number; readonly carry: JsonObject };
  parallel_entered: { readonly branches: readonly string[] };
  branch_ended: { readonly branch: string; readonly error?: ErrorValue };
  try_entered: Record<never, never>;
  /** `part` is `catch` (with the number of the clause) or `finally`; `error` is what it handles or passes on. */
  try_moved: { readonly part: 'catch' | 'finally'; readonly clause: number; readonly error: ErrorValue | null };
  phase_entered: { readonly phase: Phase; readonly ending: Ending };
  run_ended: Ending;
}

/** A row of a table. */
export interface RowName {
  readonly table: string;
  readonly key: string;
}

/** One condition that a step waits for. */
export type AwaitedCondition =
  /** A moment (Unix milliseconds). */
  | { readonly kind: 'moment'; readonly due: number }
  /** An event of a topic, from `since` on (Unix milliseconds); `due` is when it has waited too long, null: never. */
  | {
      readonly kind: 'event';
      readonly topic: string;
      readonly key: string;
      readonly since: number;
      readonly due: number | null;
    };

/** Version of the entries that this version writes. */
export const ENTRY_VERSION = 1;

const KINDS: ReadonlySet<string> = new Set<keyof EntryData>([
  'step_ready',
  'step_started',
  'step_waiting',
  'step_unknown',
  'people_asked',
  'people_decided',
  'step_held',
  'wait_began',
  'lookup_began',
  'looked_up',
  'step_timed_out',
  'step_ended',
  'step_retried',
  'run_paused',
  'run_resumed',
  'happening_held',
  'adopted',
  'migrated',
  'branch_taken',
  'foreach_entered',
  'item_entered',
  'item_ended',
  'while_entered',
  'round_entered',
  'round_ended',
  'parallel_entered',
  'branch_ended',
  'try_entered',
  'try_moved',
  'phase_entered',
  'run_ended',
]);

/** Changes an entry of version `v` into the shape of version `v + 1`. Empty as long as there is one version. */
const UPCASTS: ReadonlyMap<number, (row: JournalRow) => JournalRow> = new Map();

/**
 * Reads a journal row in the shape of this version, whatever version wrote it.
 *
 * @throws engine.journal_unreadable
 */
export function upcast(row: JournalRow): Entry {
  let current = row;
  for (let v = row.v; v < ENTRY_VERSION; v++) current = UPCASTS.get(v)?.(current) ?? current;
  if (row.v > ENTRY_VERSION || !KINDS.has(current.kind)) {
    throw errors.journal_unreadable({ run: row.run, kind: row.kind, version: row.v });
  }
  return { kind: current.kind, address: current.address, data: current.data } as unknown as Entry;
}

import type { Json } from '@counterpoint/core';
import type { Causality } from '../causality.ts';

/** A playbook and which version of it new runs take. */
export interface PlaybookRow {
  readonly id: string;
  /** What its published version is. */
  readonly kind: 'playbook' | 'reaction';
  readonly title: string;
  /** Version id of the published version. */
  readonly current: string;
  readonly enabled: boolean;
  readonly updated_at: number;
  readonly rev: number;
}

/** A published version: its id is the SHA-256 of playbook id and source; it never changes. */
export interface PlaybookVersionRow {
  readonly id: string;
  readonly playbook: string;
  /** Counts up from 1 within the playbook. */
  readonly number: number;
  readonly source: string;
  readonly published_at: number;
  readonly principal: string;
}

export type RunStatus = 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';

/** One durable execution of a playbook version. */
export interface RunRow extends Causality {
  readonly id: string;
  readonly playbook: string;
  readonly version: string;
  /** Version of the engine that created it. */
  readonly engine: string;
  readonly status: RunStatus;
  readonly paused: boolean;
  /** Raised by every claim of ownership; with `seq` it fences writes. */
  readonly epoch: number;
  /** Sequence of the last journal entry; 0 when there is none. */
  readonly seq: number;
  /** The worker that owns it; empty when none does. */
  readonly owner: string;
  /** Until when the owner owns it without renewing (Unix ms); 0 when nobody does. */
  readonly lease_until: number;
  /** 0 low, 1 normal, 2 high, 3 emergency. */
  readonly priority: number;
  /** `rerun`: an operator began it from another run, see `origin`. */
  readonly trigger_kind: 'webhook' | 'alert' | 'manual' | 'call' | 'topic' | 'schedule' | 'case' | 'page' | 'rerun';
  /** Unique: `<playbook>/<trigger>|<event or delivery id>`; one run per trigger and event. */
  readonly trigger_key: string;
  readonly inputs: Json;
  readonly event: Json;
  readonly outputs: Json;
  readonly error: Json;
  /** The code in `error`, such as `connector.unavailable`; empty without one. Lists filter by it. */
  readonly error_code: string;
  /** `run:<id>/<address>` of the step that called it; empty for a run of its own. */
  readonly parent: string;
  /** The run that an operator began this one from: `rerun:<run>` or `retry:<run>/<address>`; empty otherwise. */
  readonly origin: string;
  /** The evaluated concurrency key; empty when the playbook declares none. */
  readonly concurrency: string;
  /** The case it works for: that of its trigger, or the last one it opened. */
  readonly case_id: string | null;
  readonly simulated: boolean;
  /** Its effects wait for people, whatever the policy says: mode `ask` of a reaction, or an event of a publisher that is not trusted. */
  readonly ask: boolean;
  /** The edge node (participant) that it ran on; empty: here. Rows of an edge node are copies that nothing here works on. */
  readonly site: string;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

/** One fact of a run. Primary key `(run, seq)`. */
export interface JournalRow {
  readonly run: string;
  readonly seq: number;
  readonly epoch: number;
  /** Version of the entry's shape; readers upcast older ones. */
  readonly v: number;
  readonly kind: string;
  /** Address of the step, such as `verdicts[3].rep`; empty for the run itself. */
  readonly address: string;
  readonly data: Json;
  readonly at: number;
}

/** A stored timer. Its id is the stable id of run, address, kind and generation. */
export interface TimerRow {
  readonly id: string;
  readonly run: string;
  readonly address: string;
  readonly kind: string;
  readonly due_at: number;
  readonly data: Json;
}

/**
 * Something for a run that whoever owns the run has still to decide about: the durable inbox of a run. Written in the
 * same commit as its reason, removed in the commit of the decision.
 */
export interface SignalRow {
  readonly id: string;
  readonly run: string;
  /** Kind of the happening in `data`, such as `decided`, `arrived`, `cancel`. */
  readonly kind: string;
  /** The happening itself, as the interpreter of `engine` takes it. */
  readonly data: Json;
  readonly at: number;
}

/** That a run waits for an event of a topic. Its id is the stable id of run, address and name. */
export interface SubscriptionRow {
  readonly id: string;
  readonly run: string;
  readonly address: string;
  /** Name of the condition in `wait: {any}`; empty when it is the only one. */
  readonly name: string;
  readonly topic: string;
  /**
   * What an event must hold for its condition to be asked at all: the path of a field and its value as JSON, such as
   * `["ticket","id"]="T-7"` (hashed when long); empty when every event of the topic must be looked at.
   */
  readonly key: string;
  /** Events from this moment on count (Unix ms). */
  readonly since: number;
  readonly created_at: number;
}

/** The state of a run after the journal entry `seq`, so that a long journal need not be read from its beginning. */
export interface SnapshotRow {
  /** Run id. */
  readonly id: string;
  readonly seq: number;
  /** Version of the shape of `state`; a reader that does not know it reads the journal. */
  readonly v: number;
  readonly state: Json;
  readonly at: number;
}

/** A large value; its id is the SHA-256 of its bytes. */
export interface BlobRow {
  readonly id: string;
  /** The value as UTF-8 JSON. */
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly created_at: number;
}

/** That a run's journal or row refers to a blob. Its id is `<blob>|<run>`. */
export interface BlobRefRow {
  readonly id: string;
  readonly blob: string;
  readonly run: string;
  readonly at: number;
}

/** Where a schedule trigger stands. Its id is `<playbook>/<trigger>`. */
export interface ScheduleRow {
  readonly id: string;
  readonly playbook: string;
  readonly trigger: string;
  /** Version of the playbook that the rest was computed for. */
  readonly version: string;
  /** When it fires next (Unix ms); null: never again. */
  readonly next_at: number | null;
  /** The last moment that it fired for, or that was passed over. */
  readonly last_at: number | null;
  readonly rev: number;
}

/** The one place of a concurrency key. Its id is the stable id of playbook and key. */
export interface RunSlotRow {
  readonly id: string;
  readonly playbook: string;
  readonly key: string;
  /** The run that has it. */
  readonly run: string;
  readonly at: number;
}

/** A test of a playbook that is stored here, besides the file that may have come with it. Its id is `<playbook>/<name>`. */
export interface PlaybookTestRow {
  readonly id: string;
  readonly playbook: string;
  readonly name: string;
  /** As a `<id>.test.yaml`. */
  readonly source: string;
  readonly principal: string;
  readonly updated_at: number;
  readonly rev: number;
}

/** A playbook that is being worked on and not published. Its id is the playbook's. */
export interface DraftRow {
  readonly id: string;
  readonly source: string;
  /** Version that it began from; empty for a new playbook. */
  readonly base: string;
  /** What renames in it made of stored tests, in order. */
  readonly tests: readonly DraftTest[];
  readonly principal: string;
  readonly updated_at: number;
  readonly rev: number;
}

/** What a rename in a draft made of a test. */
export interface DraftTest {
  readonly name: string;
  /** Its text before. */
  readonly from: string;
  /** Its text afterwards. */
  readonly to: string;
  /** The text that came with the playbook, where no other one was stored before. */
  readonly shipped: string | null;
}

/**
 * Minutes of people's time that the steps of ended runs saved, in one hour: its id is
 * `<hour>|<playbook>|<action>|<simulated>`.
 */
export interface SavingRow {
  readonly id: string;
  /** When the hour begins (Unix ms). */
  readonly hour: number;
  readonly playbook: string;
  /** `<connector>.<action>`, or the step's verb when it is no action. */
  readonly action: string;
  readonly simulated: boolean;
  /** How often such a step succeeded. */
  readonly steps: number;
  readonly minutes: number;
  readonly rev: number;
}

import type { Json } from '@counterpoint/core';
import type { Causality } from '../causality.ts';

/** A playbook and which version of it new runs take. */
export interface PlaybookRow {
  readonly id: string;
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
  readonly trigger_kind: 'webhook' | 'alert' | 'manual' | 'call' | 'topic';
  /** Unique: `<playbook>/<trigger>|<event or delivery id>`; one run per trigger and event. */
  readonly trigger_key: string;
  readonly inputs: Json;
  readonly event: Json;
  readonly outputs: Json;
  readonly error: Json;
  /** `run:<id>/<address>` of the step that called it; empty for a run of its own. */
  readonly parent: string;
  readonly simulated: boolean;
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

import type { EventEnvelope } from './envelope.ts';
import type { Rows, TableName, WritableTable } from './rows/index.ts';
import type { JournalRow, RunRow } from './rows/runs.ts';
import type { AuditEntry } from './rows/security.ts';

/**
 * One write of a row.
 * - `insert`: a new row; an existing primary or unique key is `events.conflict`.
 * - `ensure`: a new row, or nothing when its primary or unique key exists.
 * - `update`: replaces the row with the same id whose `rev` is one less than the given row's; else `events.conflict`.
 * - `put`: inserts or replaces whatever stands there.
 * - `delete`: removes it; nothing when it is gone.
 * - `sweep`: removes blobs that were last written before a moment and that no row of `blob_refs` names; a few hundred at
 *   most, the oldest first.
 */
export type RowWrite =
  | {
      [Table in WritableTable]:
        | { readonly op: 'insert' | 'ensure' | 'put'; readonly table: Table; readonly row: Rows[Table] }
        | {
            readonly op: 'update';
            readonly table: Table;
            readonly row: Rows[Table] extends { rev: number } ? Rows[Table] : never;
          }
        | { readonly op: 'delete'; readonly table: Table; readonly id: string };
    }[WritableTable]
  | {
      readonly op: 'sweep';
      readonly table: 'blobs';
      /** Unix milliseconds. */
      readonly before: number;
    };

/** What an owner may change of a run. */
export type RunPatch = Partial<
  Pick<
    RunRow,
    | 'status'
    | 'paused'
    | 'version'
    | 'owner'
    | 'lease_until'
    | 'priority'
    | 'outputs'
    | 'error'
    | 'error_code'
    | 'case_id'
    | 'started_at'
    | 'ended_at'
  >
>;

/**
 * One write of a run.
 * - `create`: a new run; an existing id or trigger key is `events.conflict`.
 * - `advance`: by its owner: only when the run stands at exactly (`epoch`, `seq`), else `events.fenced`; the run then
 *   stands at the last journal entry of the same change.
 * - `claim`: takes ownership: only when the run stands at `epoch`, is not ended, and stands as it was `seen` (its owner has
 *   written nothing since), else `events.fenced`; raises `epoch` by one.
 * - `prune`: removes a run that has ended, with its journal, timers, signals, subscriptions, snapshot and references to
 *   blobs; a run that has not ended or does not exist is `events.fenced`.
 */
export type RunWrite =
  | { readonly op: 'create'; readonly row: RunRow }
  | {
      readonly op: 'advance';
      readonly id: string;
      readonly epoch: number;
      readonly seq: number;
      readonly to: number;
      readonly set: RunPatch;
    }
  | {
      readonly op: 'claim';
      readonly id: string;
      readonly epoch: number;
      readonly owner: string;
      readonly lease_until: number;
      /** Default: whatever its owner has written is claimed. */
      readonly seen?: { readonly seq: number; readonly lease_until: number };
    }
  | { readonly op: 'prune'; readonly id: string };

/** Tables whose rows belong to one run and go with it when it is pruned, and the column that names the run. */
export const prunedWithRun = {
  journal: 'run',
  timers: 'run',
  signals: 'run',
  subscriptions: 'run',
  snapshots: 'id',
  blob_refs: 'run',
} as const satisfies Partial<Record<TableName, string>>;

/**
 * The commit unit: plain data that becomes durable as a whole or not at all. Within one change, members are applied
 * in the order `runs`, `journal`, `rows`, `events`, `audit`.
 */
export interface Change {
  readonly runs?: readonly RunWrite[];
  /** Entries of runs that the same change creates or advances. */
  readonly journal?: readonly JournalRow[];
  readonly rows?: readonly RowWrite[];
  /** Events for the outbox. */
  readonly events?: readonly EventEnvelope[];
  readonly audit?: readonly AuditEntry[];
}

/** Joins changes into one, in order. */
export function mergeChanges(...changes: readonly (Change | undefined)[]): Change {
  const merged: { -readonly [Member in keyof Change]: unknown[] } = {};
  for (const change of changes) {
    if (!change) continue;
    for (const member of ['runs', 'journal', 'rows', 'events', 'audit'] as const) {
      const added = change[member];
      if (!added?.length) continue;
      merged[member] = [...(merged[member] ?? []), ...added];
    }
  }
  return merged as Change;
}

/** Whether a change would write nothing. */
export function isEmptyChange(change: Change): boolean {
  return !(
    change.runs?.length ||
    change.journal?.length ||
    change.rows?.length ||
    change.events?.length ||
    change.audit?.length
  );
}

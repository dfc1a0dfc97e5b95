import { isCounterpointError } from '@counterpoint/core';
import type { Change, RunPatch } from '../change.ts';
import { type EventEnvelope, newEvent } from '../envelope.ts';
import { UNHANDLED } from '../handling.ts';
import type { AlertRow } from '../rows/cases.ts';
import type { JournalRow, RunRow } from '../rows/runs.ts';
import type { AuditEntry, SettingRow } from '../rows/security.ts';
import type { Store } from '../store.ts';

/** When everything in the suite happens. */
export const AT = Date.UTC(2026, 0, 1);

const causality = { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 };

/** A run as it was asked for by hand, with what a test says otherwise. */
export function aRun(id: string, changes: Partial<RunRow> = {}): RunRow {
  return {
    ...causality,
    id,
    playbook: 'brute_force',
    version: 'v1',
    engine: '1',
    status: 'queued',
    paused: false,
    epoch: 0,
    seq: 0,
    owner: '',
    lease_until: 0,
    priority: 1,
    trigger_kind: 'manual',
    trigger_key: `brute_force/manual|${id}`,
    inputs: { address: '203.0.113.7' },
    event: null,
    outputs: null,
    error: null,
    error_code: '',
    parent: '',
    origin: '',
    concurrency: '',
    case_id: null,
    ask: false,
    site: '',
    simulated: false,
    created_at: AT,
    started_at: null,
    ended_at: null,
    ...changes,
  };
}

/** A new alert of a source, with what a test says otherwise. */
export function anAlert(id: string, changes: Partial<AlertRow> = {}): AlertRow {
  return {
    ...causality,
    id,
    source: 'wazuh',
    finding_key: `wazuh|5712|${id}`,
    title: 'sshd: brute force trying to get access to the system',
    severity: 4,
    status: 'new',
    verdict: 'unknown',
    count: 1,
    first_seen: AT,
    last_seen: AT,
    finding: { class_uid: 2004 },
    raw: 'raw-1',
    case_id: null,
    simulated: false,
    created_at: AT,
    updated_at: AT,
    ...UNHANDLED,
    resolved_at: null,
    rev: 1,
    ...changes,
  };
}

export function anEntry(run: string, seq: number, epoch = 1): JournalRow {
  return { run, seq, epoch, v: 1, kind: 'step_started', address: `step_${seq}`, data: { n: seq }, at: AT };
}

export function aSetting(id: string, rev = 1, value: SettingRow['value'] = id): SettingRow {
  return { id, value, rev };
}

export function anEvent(subject: string, n = 0): EventEnvelope {
  return newEvent('alert.created.v1', subject, { n }, causality, AT + n);
}

export function anAudit(object: string): AuditEntry {
  return { at: AT, principal: 'system', action: 'test.done', object, data: { list: [1, 'two'] }, trace: '' };
}

export function create(id: string, changes: Partial<RunRow> = {}): Change {
  return { runs: [{ op: 'create', row: aRun(id, changes) }] };
}

export function claim(id: string, epoch: number, owner = 'worker-1'): Change {
  return { runs: [{ op: 'claim', id, epoch, owner, lease_until: AT + 30_000 }] };
}

/** Advances by one journal entry. */
export function advance(id: string, epoch: number, seq: number, set: RunPatch = {}): Change {
  return {
    runs: [{ op: 'advance', id, epoch, seq, to: seq + 1, set }],
    journal: [anEntry(id, seq + 1, epoch)],
  };
}

export function prune(id: string): Change {
  return { runs: [{ op: 'prune', id }] };
}

/** One row of everything that belongs to a run, its journal aside. */
export function belongings(run: string): Change {
  return {
    rows: [
      {
        op: 'insert',
        table: 'timers',
        row: { id: `${run}-t`, run, address: 'a', kind: 'retry', due_at: AT, data: null },
      },
      { op: 'insert', table: 'signals', row: { id: `${run}-s`, run, kind: 'cancel', data: {}, at: AT } },
      {
        op: 'insert',
        table: 'subscriptions',
        row: { id: `${run}-w`, run, address: 'a', name: '', topic: 'a.b.v1', key: 'k', since: AT, created_at: AT },
      },
      { op: 'insert', table: 'snapshots', row: { id: run, seq: 1, v: 1, state: { busy: 0 }, at: AT } },
      { op: 'insert', table: 'blob_refs', row: { id: `b|${run}`, blob: 'b', run, at: AT } },
    ],
  };
}

export function insertSettings(...rows: readonly SettingRow[]): Change {
  return { rows: rows.map((row) => ({ op: 'insert', table: 'settings', row })) };
}

/** What became of a commit: `ok`, or the code of its error. Other errors pass through. */
export async function outcomeOf(committed: Promise<void>): Promise<string> {
  try {
    await committed;
    return 'ok';
  } catch (error) {
    if (isCounterpointError(error)) return error.code;
    throw error;
  }
}

/** Commits all at once, so that they meet in groups, and gives their outcomes. */
export function commitTogether(store: Store, changes: readonly Change[]): Promise<string[]> {
  return Promise.all(changes.map((change) => outcomeOf(store.commit(change))));
}

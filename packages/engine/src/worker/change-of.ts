import {
  type AuditEntry,
  type Change,
  type JournalRow,
  mergeChanges,
  newEvent,
  type RowWrite,
  type RunPatch,
} from '@counterpoint/events';
import { ENTRY_VERSION } from '../interpreter/entries.ts';
import { statusOf } from '../interpreter/state.ts';
import type { ActiveRun } from './active-run.ts';
import type { Batch } from './batch.ts';
import { cancelChild } from './cancel-child.ts';
import { causalityOfStep } from './causality.ts';
import { slotEnd } from './park.ts';
import { snapshotWrites } from './snapshots.ts';
import { subscribing, unsubscribing } from './subscriptions.ts';
import { timerId } from './timers.ts';
import type { Worker } from './worker.ts';

/** The change that makes a turn durable; undefined when there is nothing to write. */
export function changeOf(worker: Worker, run: ActiveRun, batch: Batch): Change | undefined {
  const { rows, events, audit } = sideWritesOf(run, batch);
  if (batch.entries.length + batch.changes.length + rows.length + events.length === 0 && !mustWrite(run)) {
    return undefined;
  }
  const journal = journalOf(run, batch);
  const to = run.seq + journal.length;
  const set = patchOf(worker, run, batch);
  const { store, version, clock } = worker.options;
  rows.push(...snapshotWrites(store, version, run, batch, { to, at: clock.now() }));
  const own: Change = {
    runs: [
      run.stored
        ? { op: 'advance', id: run.row.id, epoch: run.epoch, seq: run.seq, to, set }
        : { op: 'create', row: { ...run.row, ...set, seq: to } },
    ],
    journal,
    rows,
    events,
    audit,
  };
  if (run.state.phase === 'ended' && run.row.concurrency !== '') batch.changes.push({ rows: [slotEnd(run.row)] });
  return batch.changes.length === 0 ? own : mergeChanges(own, ...batch.changes);
}

/** Whether the row of the run itself is to be written. */
function mustWrite(run: ActiveRun): boolean {
  return run.renew || run.leaving || !run.stored;
}

function journalOf(run: ActiveRun, batch: Batch): JournalRow[] {
  return batch.entries.map(({ entry, at }, index) => ({
    run: run.row.id,
    seq: run.seq + index + 1,
    epoch: run.epoch,
    v: ENTRY_VERSION,
    kind: entry.kind,
    address: entry.address,
    data: entry.data as unknown as JournalRow['data'],
    at,
  }));
}

function patchOf(worker: Worker, run: ActiveRun, batch: Batch): RunPatch {
  const now = worker.options.clock.now();
  const status = run.begun || run.state.phase === 'ended' ? statusOf(run.state) : 'queued';
  const begins = batch.items.some(({ happening }) => happening.kind === 'start');
  const started = {
    ...steeredPatch(run),
    ...(begins ? { started_at: now } : {}),
    ...(run.caseId === run.row.case_id ? {} : { case_id: run.caseId }),
  };
  if (run.leaving) return { status, owner: '', lease_until: 0, ...started };
  if (run.state.phase !== 'ended') return { status, lease_until: now + worker.limits.leaseMillis, ...started };
  const { outputs = null, error = null } = run.state.ending ?? {};
  return {
    status,
    owner: '',
    lease_until: 0,
    outputs,
    error,
    error_code: error?.code ?? '',
    ended_at: now,
    ...started,
  };
}

/** What an operator has changed of the row. */
function steeredPatch({ row, state: { requests, paused, version } }: ActiveRun): RunPatch {
  if (requests.size === 0 && !row.paused) return {};
  return version === undefined ? { paused } : { paused, version };
}

function sideWritesOf(
  run: ActiveRun,
  batch: Batch,
): { rows: RowWrite[]; events: NonNullable<Change['events']>[number][]; audit: AuditEntry[] } {
  const audit: AuditEntry[] = [];
  // The last word on each timer and subscription counts.
  const stored = new Map<string, RowWrite>();
  const events: NonNullable<Change['events']>[number][] = [];
  for (const { command, at } of batch.commands) {
    if (command.kind === 'set_timer') {
      const { address, timer, due } = command;
      const id = timerId(run.row.id, address, timer);
      const row = { id, run: run.row.id, address, kind: timer, due_at: due, data: null };
      stored.set(id, { op: 'put', table: 'timers', row });
    } else if (command.kind === 'clear_timer') {
      const id = timerId(run.row.id, command.address, command.timer);
      stored.set(id, { op: 'delete', table: 'timers', id });
    } else if (command.kind === 'subscribe') {
      const write = subscribing(run.row.id, command, at);
      stored.set(`subscription ${command.address} ${command.name}`, write);
    } else if (command.kind === 'unsubscribe') {
      stored.set(`subscription ${command.address} ${command.name}`, unsubscribing(run.row.id, command));
    } else if (command.kind === 'cancel_child') {
      const { write, entry } = cancelChild(run, command.child, at);
      stored.set(`cancel ${command.child}`, write);
      audit.push(entry);
    } else if (command.kind === 'publish') {
      const { topic, subject, data, address, id } = command;
      events.push({ ...newEvent(topic, subject, data, causalityOfStep(run.row, address), at), id });
    }
  }
  return { rows: [...stored.values()], events, audit };
}

import type { Admission } from '@counterpoint/actions';
import {
  type AuditEntry,
  type Change,
  type JournalRow,
  mergeChanges,
  newEvent,
  type RowWrite,
  type RunPatch,
  type RunRow,
} from '@counterpoint/events';
import { errors } from '../errors.ts';
import { decide } from '../interpreter/decide.ts';
import { ENTRY_VERSION, type Entry } from '../interpreter/entries.ts';
import { errorValue } from '../interpreter/error-value.ts';
import type { ActionCall, Command, Happening } from '../interpreter/happening.ts';
import { statusOf } from '../interpreter/state.ts';
import type { ActiveRun, Item } from './active-run.ts';
import { cancelChild } from './cancel-child.ts';
import { causalityOfStep } from './causality.ts';
import { followVersion, momentFor } from './migration.ts';
import { slotEnd } from './park.ts';
import type { QueuedRun } from './queue.ts';
import { snapshotWrites } from './snapshots.ts';
import { subscribing, unsubscribing } from './subscriptions.ts';
import { timerId } from './timers.ts';
import type { Worker } from './worker.ts';

/** A call that the door admitted, to be sent once its intention is durable. */
export interface PreparedCall {
  readonly call: ActionCall;
  readonly admission: Extract<Admission, { kind: 'send' }>;
}

/** One turn of a run: what is decided together and becomes durable in one commit. */
export interface Batch {
  readonly items: Item[];
  /** Those that came of the turn itself: should it fail, deciding again brings them forth again. */
  readonly derived: Set<Item>;
  readonly entries: { readonly entry: Entry; readonly at: number }[];
  readonly commands: { readonly command: Command; readonly at: number }[];
  /** Of the items, and of what is prepared for sending. */
  readonly changes: Change[];
  readonly calls: PreparedCall[];
  /** Runs to put in the queue once they are durable. */
  readonly children: QueuedRun[];
  /** Runs that wait for the place of their key from then on. */
  readonly parked: RunRow[];
  /** The run that called this one, kept in memory to be told of the end. */
  caller: ActiveRun | undefined;
}

/** An empty turn. */
export function newBatch(): Batch {
  return {
    items: [],
    derived: new Set(),
    entries: [],
    commands: [],
    changes: [],
    calls: [],
    children: [],
    parked: [],
    caller: undefined,
  };
}

/** Hands a run what its own turn has found out without sending anything. */
export function derive(run: ActiveRun, batch: Batch, item: Item): void {
  batch.derived.add(item);
  run.inbox.push(item);
}

/** Forgets what a turn that failed has found out; only what came from outside is still to be decided. */
export function withoutDerived(run: ActiveRun, batch: Batch): readonly Item[] {
  const fromOutside = (item: Item): boolean => !batch.derived.has(item);
  run.inbox.push(...run.inbox.splice(0).filter(fromOutside));
  return batch.items.filter(fromOutside);
}

/** Decides everything in the inbox. Gives the commands that this added to the batch. */
export function decideInbox(worker: Worker, run: ActiveRun, batch: Batch): readonly Command[] {
  const added: Command[] = [];
  for (const item of run.inbox.splice(0)) {
    batch.items.push(item);
    if (item.happening.kind === 'start') run.begun = true;
    if (item.change) batch.changes.push(item.change);
    run.caseId = caseOf(item.happening) ?? run.caseId;
    const moment = momentFor(worker, run, item.happening);
    const grown = tooLong(worker, run, batch);
    const { entries, commands } = decide(run.published.plan, run.state, grown ?? item.happening, moment);
    if (item.happening.kind === 'migrate') followVersion(run);
    for (const entry of entries) batch.entries.push({ entry, at: moment.at });
    for (const command of commands) {
      batch.commands.push({ command, at: moment.at });
      added.push(command);
    }
  }
  return added;
}

/** Once a run has written too much, what happens to it is that it has; its last lists get a tenth more. */
function tooLong(worker: Worker, run: ActiveRun, batch: Batch): Happening | undefined {
  const limit = worker.limits.runEntries;
  const allowed = run.state.phase === 'main' ? limit : limit * 1.1;
  if (run.seq + batch.entries.length < allowed) return undefined;
  return { kind: 'too_long', error: errorValue(errors.run_too_long({ limit }), '') };
}

/** The case that a step opened or added to. */
function caseOf(happening: Happening): string | undefined {
  const settled = happening.kind === 'settled' ? happening.settled : undefined;
  return settled?.status === 'succeeded' ? settled.case : undefined;
}

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

import type { Admission } from '@counterpoint/actions';
import { stableId } from '@counterpoint/core';
import {
  type Change,
  type JournalRow,
  mergeChanges,
  newEvent,
  type RowWrite,
  type RunPatch,
} from '@counterpoint/events';
import { decide } from '../interpreter/decide.ts';
import { ENTRY_VERSION, type Entry } from '../interpreter/entries.ts';
import type { ActionCall, Command, TimerKind } from '../interpreter/happening.ts';
import { statusOf } from '../interpreter/state.ts';
import type { ActiveRun, Item } from './active-run.ts';
import { causalityOfStep } from './causality.ts';
import { momentOf, type Worker } from './worker.ts';

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
  readonly children: { readonly run: string; readonly priority: number }[];
}

/** An empty turn. */
export function newBatch(): Batch {
  return { items: [], derived: new Set(), entries: [], commands: [], changes: [], calls: [], children: [] };
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
    if (item.change) batch.changes.push(item.change);
    const moment = momentOf(worker);
    const { entries, commands } = decide(run.published.plan, run.state, item.happening, moment);
    for (const entry of entries) batch.entries.push({ entry, at: moment.at });
    for (const command of commands) {
      batch.commands.push({ command, at: moment.at });
      added.push(command);
    }
  }
  return added;
}

/** The change that makes a turn durable; undefined when there is nothing to write. */
export function changeOf(worker: Worker, run: ActiveRun, batch: Batch): Change | undefined {
  const { rows, events } = sideWritesOf(run, batch);
  if (batch.entries.length + batch.changes.length + rows.length + events.length === 0 && !run.renew && run.stored) {
    return undefined;
  }
  const journal = journalOf(run, batch);
  const to = run.seq + journal.length;
  const set = patchOf(worker, run);
  const own: Change = {
    runs: [
      run.stored
        ? { op: 'advance', id: run.row.id, epoch: run.epoch, seq: run.seq, to, set }
        : { op: 'create', row: { ...run.row, ...set, seq: to } },
    ],
    journal,
    rows,
    events,
  };
  return batch.changes.length === 0 ? own : mergeChanges(own, ...batch.changes);
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

function patchOf(worker: Worker, run: ActiveRun): RunPatch {
  const now = worker.options.clock.now();
  const status = statusOf(run.state);
  const started_at = run.seq === 0 ? now : undefined;
  const started = started_at === undefined ? {} : { started_at };
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

/** The stored id of a timer. */
function timerId(run: string, address: string, timer: TimerKind): string {
  return stableId('timer', run, address, timer);
}

function sideWritesOf(
  run: ActiveRun,
  batch: Batch,
): { rows: RowWrite[]; events: NonNullable<Change['events']>[number][] } {
  const timers = new Map<string, RowWrite>();
  const events: NonNullable<Change['events']>[number][] = [];
  for (const { command, at } of batch.commands) {
    if (command.kind === 'set_timer') {
      const { address, timer, due } = command;
      const id = timerId(run.row.id, address, timer);
      const row = { id, run: run.row.id, address, kind: timer, due_at: due, data: null };
      timers.set(id, { op: 'put', table: 'timers', row });
    } else if (command.kind === 'clear_timer') {
      const id = timerId(run.row.id, command.address, command.timer);
      timers.set(id, { op: 'delete', table: 'timers', id });
    } else if (command.kind === 'publish') {
      const { topic, subject, data, address, id } = command;
      events.push({ ...newEvent(topic, subject, data, causalityOfStep(run.row, address), at), id });
    }
  }
  return { rows: [...timers.values()], events };
}

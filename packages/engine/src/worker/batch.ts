import type { Admission } from '@counterpoint/actions';
import type { Change, RunRow } from '@counterpoint/events';
import type { Entry } from '../interpreter/entries.ts';
import type { ActionCall, Command } from '../interpreter/happening.ts';
import type { ActiveRun, Item } from './active-run.ts';
import type { QueuedRun } from './queue.ts';

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

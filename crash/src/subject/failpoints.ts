import type { Change, EffectState } from '@counterpoint/events';
import type { Trait } from '../workload/kinds.ts';

/** Whether a change is about one of the runs that are watched. */
export type Watched = (run: string) => boolean;

/** A place where a process can die: before or after a commit of that sort, or a call through the door. */
export interface Failpoint {
  readonly name: string;
  /** Kinds of steps that get there; undefined: all. */
  readonly trait: Trait | undefined;
  /** Undefined: it is not about a commit but about sending. */
  readonly matches: ((change: Change, watched: Watched) => boolean) | undefined;
}

function effect(...states: readonly EffectState[]) {
  return (change: Change, watched: Watched): boolean =>
    change.rows?.some(
      (write) =>
        write.table === 'effects' &&
        write.op !== 'delete' &&
        watched(write.row.run) &&
        write.row.undo_of === '' &&
        states.includes(write.row.state),
    ) ?? false;
}

function advances({ runs = [] }: Change, watched: Watched): boolean {
  return runs.some((write) => watched(write.op === 'create' ? write.row.id : write.id));
}

function entry(kind: string) {
  return ({ journal = [] }: Change, watched: Watched): boolean =>
    journal.some((row) => row.kind === kind && watched(row.run));
}

function timer(op: 'put' | 'delete') {
  return (change: Change, watched: Watched): boolean =>
    advances(change, watched) && (change.rows?.some((write) => write.table === 'timers' && write.op === op) ?? false);
}

/** A write of a row that says to which run it belongs. */
function row(table: 'inbox_items' | 'signals' | 'subscriptions', ...ops: readonly string[]) {
  return (change: Change, watched: Watched): boolean =>
    change.rows?.some(
      (write) => write.table === table && write.op !== 'delete' && ops.includes(write.op) && watched(write.row.run),
    ) ?? false;
}

/** Every place where the enumerated tests kill. A new one is one line here. */
export const failpoints: readonly Failpoint[] = [
  {
    name: 'run creation',
    trait: undefined,
    matches: ({ runs = [] }, watched) => runs.some((write) => write.op === 'create' && watched(write.row.id)),
  },
  { name: 'send intention', trait: 'effect', matches: effect('intended') },
  { name: 'send', trait: 'effect', matches: undefined },
  { name: 'receipt', trait: 'effect', matches: effect('performed', 'failed', 'unknown', 'pending') },
  { name: 'step end', trait: undefined, matches: entry('step_ended') },
  { name: 'run end', trait: undefined, matches: entry('run_ended') },
  { name: 'timer set', trait: 'timer', matches: timer('put') },
  { name: 'timer claim', trait: 'timer', matches: timer('delete') },
  { name: 'subscription', trait: 'event', matches: row('subscriptions', 'insert', 'put', 'ensure') },
  { name: 'signal', trait: 'event', matches: row('signals', 'ensure') },
  { name: 'question to people', trait: 'people', matches: row('inbox_items', 'insert', 'put', 'ensure') },
  { name: 'approval write', trait: 'vote', matches: row('inbox_items', 'update') },
  { name: 'lease expiry', trait: 'lease', matches: effect('undoing') },
  { name: 'lease ended', trait: 'lease', matches: effect('undone') },
  { name: 'undo intention', trait: 'undo', matches: effect('undoing') },
  { name: 'undo receipt', trait: 'undo', matches: effect('undone') },
];

import type { Change, RunRow } from '@counterpoint/events';
import type { Happening } from '../interpreter/happening.ts';
import type { RunState } from '../interpreter/state.ts';
import type { PublishedPlan } from '../playbooks/published.ts';

/** A happening on its way to a run, and what must become durable with the decision about it. */
export interface Item {
  readonly happening: Happening;
  readonly change: Change | undefined;
  /** Called once the decision is durable; with an error when it was not made. */
  readonly done?: (error?: unknown) => void;
}

/** A run that this process owns and holds in memory. */
export interface ActiveRun {
  /** The row as it was created or claimed; what changes of it is in the other fields. */
  readonly row: RunRow;
  readonly published: PublishedPlan;
  state: RunState;
  readonly epoch: number;
  /** Sequence of the last entry that is durable. */
  seq: number;
  /** Until when this process surely owns it, Unix milliseconds. */
  leaseUntil: number;
  /** The row exists in the store. */
  stored: boolean;
  readonly inbox: Item[];
  /** A turn is under way. */
  turning: boolean;
  /** The ownership is to be extended with the next commit, even when there is nothing else to write. */
  renew: boolean;
  /** Ended, or owned by somebody else: nothing more is written or sent. */
  gone: boolean;
  /** It counts against the limit of runs that work at the same time. */
  holdsSlot: boolean;
  /** Calls under way, by address. */
  readonly calls: Map<string, AbortController>;
  /** Armed timers; each function disarms. */
  readonly timers: Map<string, () => void>;
  /** Writes that failed in a row. */
  failures: number;
}

/** An active run with nothing under way. */
export function newActiveRun(row: RunRow, published: PublishedPlan, state: RunState, stored: boolean): ActiveRun {
  return {
    row,
    published,
    state,
    epoch: row.epoch,
    seq: row.seq,
    leaseUntil: row.lease_until,
    stored,
    inbox: [],
    turning: false,
    renew: false,
    gone: false,
    holdsSlot: false,
    calls: new Map(),
    timers: new Map(),
    failures: 0,
  };
}

import type { Change, RunRow } from '@counterpoint/events';
import type { Happening, TimerKind } from '../interpreter/happening.ts';
import type { RunState } from '../interpreter/state.ts';
import type { PublishedPlan } from '../playbooks/published.ts';

/** A happening on its way to a run, and what must become durable with the decision about it. */
export interface Item {
  readonly happening: Happening;
  readonly change: Change | undefined;
  /** Called once the decision is durable; with an error when it was not made. */
  readonly done?: (error?: unknown) => void;
  /** It is stored as a signal until it is decided: whoever owns the run next finds it there. */
  readonly stored?: true;
  /** The stored timer that it tells of. It counts for nothing once the run has another one, or none, in its place. */
  readonly timer?: RunTimer;
}

/** A stored timer of a run in memory. */
export interface RunTimer {
  readonly id: string;
  readonly address: string;
  readonly timer: TimerKind;
  /** Unix milliseconds. */
  readonly due: number;
  /** The run has heard of it. */
  fired: boolean;
}

/** A run that this process owns and holds in memory. */
export interface ActiveRun {
  /** The row as it was created or claimed; what changes of it is in the other fields. */
  readonly row: RunRow;
  published: PublishedPlan;
  /** Versions that it is to be migrated to. */
  readonly targets: Map<string, PublishedPlan>;
  state: RunState;
  readonly epoch: number;
  /** Sequence of the last entry that is durable. */
  seq: number;
  /** The case that it works for, as `RunRow.case_id`. */
  caseId: string | null;
  /** Until when this process surely owns it, on the clock that does not jump. */
  ownedUntil: number;
  /** The row exists in the store. */
  stored: boolean;
  /** The decision about its start was made. */
  begun: boolean;
  readonly inbox: Item[];
  /** A turn is under way. */
  turning: boolean;
  /** The ownership is to be extended with the next commit, even when there is nothing else to write. */
  renew: boolean;
  /** It is to be let go with the next commit, when nothing has come by then. */
  leave: boolean;
  /** The commit under way lets it go. */
  leaving: boolean;
  /** Reasons to keep it in memory: called runs whose end is being written, people who steer it. */
  pins: number;
  /** Ended, let go, or owned by somebody else: nothing more is written or sent. */
  gone: boolean;
  /** It counts against the limit of runs that work at the same time. */
  holdsSlot: boolean;
  /** Calls under way, by address. */
  readonly calls: Map<string, AbortController>;
  /** All its stored timers, by id. */
  readonly timers: Map<string, RunTimer>;
  /** Ids of the signals that it was handed, so that none is decided twice. */
  readonly signals: Set<string>;
  /** Since when it is in memory, and since when it took no turn, on the clock that does not jump. */
  readonly since: number;
  quietSince: number;
  /** Writes that failed in a row. */
  failures: number;
}

/** An active run with nothing under way. @param now on the clock that does not jump */
export function newActiveRun(
  row: RunRow,
  published: PublishedPlan,
  state: RunState,
  { stored, now, ownedUntil }: { readonly stored: boolean; readonly now: number; readonly ownedUntil: number },
): ActiveRun {
  return {
    row,
    published,
    targets: new Map(),
    state,
    epoch: row.epoch,
    seq: row.seq,
    caseId: row.case_id,
    ownedUntil,
    stored,
    begun: row.started_at !== null,
    inbox: [],
    turning: false,
    renew: false,
    leave: false,
    leaving: false,
    pins: 0,
    gone: false,
    holdsSlot: false,
    calls: new Map(),
    timers: new Map(),
    signals: new Set(),
    since: now,
    quietSince: now,
    failures: 0,
  };
}

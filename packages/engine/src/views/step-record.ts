import type { Ending, Phase } from '../interpreter/entries.ts';
import type { ErrorValue } from '../interpreter/error-value.ts';

/** How a step, or a round of a loop, stands or ended. `unknown`: nobody knows whether it happened. */
export type StepStatus = 'ready' | 'running' | 'waiting' | 'unknown' | 'succeeded' | 'failed' | 'skipped' | 'cancelled';

/**
 * What a step waits for. `retry`: its next attempt; `poll`: work that a product does by itself; `people`: an approval or
 * an answer; `guard`: people decide about what the guard holds; `event`, `time`: as the playbook says; `run`: a run that it
 * called; `unknown`: somebody says whether it happened.
 */
export type WaitReason = 'retry' | 'poll' | 'people' | 'guard' | 'event' | 'time' | 'run' | 'unknown';

/** A stretch of time in which a step only waited. */
export interface WaitSpan {
  readonly for: WaitReason;
  readonly from: number;
  /** Null: it still waits. */
  until: number | null;
  /** When it goes on by itself or its time is up (Unix ms); null: not by time. */
  due: number | null;
}

/** One try of a step. */
export interface StepAttempt {
  readonly number: number;
  /** Raised by every retry of an operator: it has a new idempotency key. */
  readonly generation: number;
  readonly startedAt: number;
  endedAt: number | null;
  /** `dropped`: an operator had the step run anew before it ended. */
  status: 'running' | 'succeeded' | 'failed' | 'unknown' | 'skipped' | 'cancelled' | 'dropped';
  error: ErrorValue | null;
}

/** Everything that a journal says about one step or one round of a loop, without the values that it took and gave. */
export interface StepRecord {
  readonly address: string;
  /** Step id; of a round that of its loop. */
  readonly id: string;
  /** Counts up in the order in which steps and rounds were first heard of. */
  readonly ordinal: number;
  /** Address of the round that it is in; of a round its loop; empty for what is in no loop. */
  readonly scope: string;
  /** Which round it is, from 0; null for a step. */
  readonly round: number | null;
  status: StepStatus;
  startedAt: number | null;
  endedAt: number | null;
  generation: number;
  readonly attempts: StepAttempt[];
  readonly waits: WaitSpan[];
  error: ErrorValue | null;
  /** Sequence of the entry that holds its (last) arguments; of a round, the entry that holds the items. */
  inputSeq: number | null;
  /** Sequence of the entry that holds what it gave. */
  outputSeq: number | null;
  /** Sequences of all that was noted about it. */
  readonly seqs: number[];
  /** Of a loop; `total` is null when it is not known beforehand. */
  rounds: { total: number | null; begun: number; ended: number; failed: number } | undefined;
  /** Names of the parts of the block that were entered: a branch, the rounds (`do`), `body`, `catch 0`, `finally`. */
  readonly taken: string[];
  /** The inbox item that people decide or decided. */
  item: string | null;
  timedOut: boolean;
  /** The operator who skipped it. */
  skippedBy: { readonly principal: string; readonly reason: string } | null;
  /** The run that it was taken over from. */
  adoptedFrom: string | null;
}

/** A stretch of time in which the whole run was paused. */
export interface PauseSpan {
  readonly from: number;
  until: number | null;
  readonly principal: string;
  readonly reason: string;
}

/** What a journal says about the run itself. */
export interface RunFold {
  /** The last entry that is folded. */
  seq: number;
  /** By address, in the order in which they were first heard of. */
  readonly records: Map<string, StepRecord>;
  readonly pauses: PauseSpan[];
  readonly phases: { readonly phase: Phase; readonly at: number }[];
  readonly versions: { readonly version: string; readonly at: number; readonly principal: string }[];
  /** Addresses of steps that have begun and not ended. */
  readonly open: Set<string>;
  ending: Ending | null;
}

/** The step that an address means: `verdicts[3].rep` gives `rep`, `verdicts[3]` gives `verdicts`. */
export function stepIdOf(address: string): string {
  const last = address.slice(address.lastIndexOf('.') + 1);
  const bracket = last.indexOf('[');
  return bracket === -1 ? last : last.slice(0, bracket);
}

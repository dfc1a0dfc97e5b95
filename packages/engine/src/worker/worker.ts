import type { CounterpointError } from '@counterpoint/core';
import type { Change } from '@counterpoint/events';
import type { Happening, Moment } from '../interpreter/happening.ts';
import type { ActiveRun, RunTimer } from './active-run.ts';
import type { AwaitedTopics } from './awaited-topics.ts';
import type { EngineLimits, EngineOptions, FinishedRun } from './options.ts';
import type { Alarms, Sighting, Wakes } from './parts.ts';
import type { QueuedRun } from './queue.ts';
import type { ValueStore } from './values.ts';

/** What the parts of a worker share: its ports, and the runs it owns. */
export interface Worker {
  readonly options: EngineOptions & { readonly store: ValueStore };
  readonly limits: EngineLimits;
  readonly runs: Map<string, ActiveRun>;
  /** Who waits for a run of this process to end, by run id. */
  readonly waiters: Map<string, ((finished: FinishedRun) => void)[]>;
  /** Who is to look when another process tells of a run's end, by run id. */
  readonly lookers: Map<string, Set<() => void>>;
  /** Offers a stored run to whichever process has room. */
  offer(run: QueuedRun): void;
  /** Calls and turns under way. */
  readonly underWay: Set<Promise<unknown>>;
  stopping: boolean;
  /** What was seen of the ownerships of others, by run. */
  readonly sightings: Map<string, Sighting>;
  /** Which topics are waited for; undefined where others use the store too. */
  readonly awaited: AwaitedTopics | undefined;
  readonly alarms: Alarms;
  readonly wakes: Wakes;
  /** Hands a happening to a run and lets it take its turn. @param timer the one that it tells of */
  post(run: ActiveRun, happening: Happening, change?: Change, timer?: RunTimer): void;
  /** Puts a stored run in the queue of those that wait for their turn. */
  enqueue(run: QueuedRun): void;
  /** The run no longer works: another one may. */
  releaseSlot(run: ActiveRun): void;
  /** Cancels a run wherever it stands. @throws engine.run_unknown */
  cancel(run: string, principal: string, reason: string): Promise<void>;
}

/** The time and chance of the next decision. */
export function momentOf(worker: Worker): Moment {
  const { clock, jitter = Math.random, checkEvent, windows, bindAll: targets } = worker.options;
  return { at: clock.now(), jitter: jitter(), checkEvent, windows, targets };
}

/** Tells of a problem. */
export function report(worker: Worker, kind: 'store' | 'defect', run: string, error: unknown): void {
  worker.options.onProblem?.({ kind, run, error });
}

/** Whether a failed write may work later, without anything having been written. */
export function isStoreTrouble(error: CounterpointError): boolean {
  return ['events.store_full', 'events.store_failed', 'events.store_busy'].includes(error.code);
}

import type { RunRow } from '@counterpoint/events';
import type { StartedRun } from './parts.ts';
import type { Operator, SteerResult } from './steer.ts';
import {
  findForReplay,
  newBatchId,
  type Replayed,
  type ReplayFilter,
  type ReplayWish,
  type RetryFromWish,
  replay,
  rerun,
  retryFrom,
} from './steer-again.ts';
import { cancel, migrate, pause, resume } from './steer-run.ts';
import {
  type RetryWish,
  resolveUnknown,
  retryStep,
  type SkipWish,
  skipStep,
  type UnknownResolution,
} from './steer-step.ts';
import type { Worker } from './worker.ts';

/** What became of a bulk replay. */
export interface ReplayResult {
  readonly batch: string;
  readonly runs: readonly Replayed[];
}

/**
 * What operators do to runs, wherever those are: in memory, in the store only, or owned by another process. Everything is
 * audited, and a request with an id has one effect however often it is made.
 */
export interface Operations {
  /** @throws engine.run_unknown, engine.run_ended, engine.run_parked */
  pause(run: string, operator: Operator): Promise<SteerResult>;
  /** @throws engine.run_unknown, engine.run_ended */
  resume(run: string, operator: Operator): Promise<SteerResult>;
  /** A run that has ended stays as it is. @throws engine.run_unknown */
  cancel(run: string, operator: Operator): Promise<SteerResult>;
  /**
   * Lets an open step run anew.
   *
   * @throws engine.run_unknown, engine.run_ended, engine.step_not_open, engine.step_is_block, engine.outcome_open,
   * engine.not_applied
   */
  retry(run: string, wish: RetryWish, operator: Operator): Promise<SteerResult>;
  /** Leaves an open step out. @throws engine.run_unknown, engine.run_ended, engine.step_not_open, engine.not_applied */
  skip(run: string, wish: SkipWish, operator: Operator): Promise<SteerResult>;
  /**
   * Begins a run with the event and inputs of another one. @param version default: the current one
   *
   * @throws engine.run_unknown, engine.playbook_unknown, engine.version_unknown, engine.inputs_invalid
   */
  rerun(run: string, version: string | undefined, operator: Operator): Promise<StartedRun>;
  /**
   * Takes an ended run up from one of its steps, as a new run.
   *
   * @throws engine.run_unknown, engine.run_live, engine.step_gone, engine.retry_block, engine.retry_elsewhere,
   * engine.step_not_reached, engine.retry_approval, engine.inputs_invalid
   */
  retryFrom(run: string, wish: RetryFromWish, operator: Operator): Promise<StartedRun>;
  /** The ended runs that a replay with this filter would begin again, the oldest first. */
  replayable(filter: ReplayFilter): Promise<readonly RunRow[]>;
  /** Begins runs again. `operator.request` names the batch. */
  replay(filter: ReplayFilter, wish: ReplayWish, operator: Operator): Promise<ReplayResult>;
  /**
   * Lets a run follow another version. @param version default: the current one
   *
   * @throws engine.run_unknown, engine.run_ended, engine.version_unknown, engine.not_compatible, engine.not_applied
   */
  migrate(run: string, version: string | undefined, operator: Operator): Promise<SteerResult>;
  /** Settles a step of unknown outcome. @throws engine.run_unknown, engine.step_not_unknown */
  resolve(run: string, address: string, resolution: UnknownResolution, operator: Operator): Promise<SteerResult>;
}

/** Makes the operations of a worker. */
export function createOperations(worker: Worker): Operations {
  return {
    pause: (run, operator) => pause(worker, run, operator),
    resume: (run, operator) => resume(worker, run, operator),
    cancel: (run, operator) => cancel(worker, run, operator),
    retry: (run, wish, operator) => retryStep(worker, run, wish, operator),
    skip: (run, wish, operator) => skipStep(worker, run, wish, operator),
    rerun: (run, version, operator) => rerun(worker, run, version, operator),
    retryFrom: (run, wish, operator) => retryFrom(worker, run, wish, operator),
    replayable: (filter) => findForReplay(worker, filter),
    async replay(filter, wish, operator) {
      const batch = operator.request ?? newBatchId(worker);
      const rows = await findForReplay(worker, filter);
      return { batch, runs: await replay(worker, rows, wish, { ...operator, request: batch }) };
    },
    migrate: (run, version, operator) => migrate(worker, run, version, operator),
    resolve: (run, address, resolution, operator) => resolveUnknown(worker, run, address, resolution, operator),
  };
}

import type { Door, Resolution } from '@counterpoint/actions';
import type { Clock, Json } from '@counterpoint/core';
import type { Change, EventEnvelope, ProcessNotices, RunRow, Store, WorkQueue } from '@counterpoint/events';
import type { ChangeWindows, TableDeclaration, Use } from '@counterpoint/playbook';
import type { ErrorValue } from '../interpreter/error-value.ts';
import type { Target } from '../interpreter/target.ts';
import type { EventCheck } from '../playbooks/event-check.ts';
import type { PlanSource } from '../playbooks/published.ts';

/** Bounds of one engine. */
export interface EngineLimits {
  /** Runs that work at the same time; those that wait (for timers, calls, people) do not count. Default 256. */
  readonly activeRuns: number;
  /** How long an ownership lasts without being renewed, in milliseconds. Default 30 s. */
  readonly leaseMillis: number;
  /** Of `activeRuns`, so many are kept for runs of high and emergency priority. Default 0. */
  readonly reservedRuns: number;
  /** Runs of one playbook that work at the same time, unless their priority is high or emergency. Default: no limit. */
  readonly runsPerPlaybook: number;
  /** As `runsPerPlaybook`, for playbooks that have a number of their own. Default: none has. */
  readonly quotas: ReadonlyMap<string, number>;
  /** How many levels deep playbooks may call each other. Default 20. */
  readonly callDepth: number;
  /**
   * How many facts a run may write before it is stopped with `engine.run_too_long`. A step writes two to four. Default
   * 500,000.
   */
  readonly runEntries: number;
  /** How many times a run may start another through an event before that starts nothing more. Default 20. */
  readonly hops: number;
}

/** The defaults of {@link EngineLimits}. */
export const defaultEngineLimits: EngineLimits = {
  activeRuns: 256,
  leaseMillis: 30_000,
  reservedRuns: 0,
  runsPerPlaybook: Number.POSITIVE_INFINITY,
  quotas: new Map(),
  callDepth: 20,
  runEntries: 500_000,
  hops: 20,
};

/** Something that people should know of although no run ended because of it. */
export interface EngineProblem {
  /**
   * - `store`: a write failed; the run goes on as soon as writing works again.
   * - `defect`: something threw that was not expected.
   */
  readonly kind: 'store' | 'defect';
  /** Run id; empty when it is not about one. */
  readonly run: string;
  readonly error: unknown;
}

/** How a run ended. */
export interface FinishedRun {
  readonly run: string;
  readonly playbook: string;
  readonly status: RunRow['status'];
  readonly outputs: Json;
  readonly error: ErrorValue | null;
}

/** Which action of which connection provides a capability. */
export interface BoundCapability {
  readonly connector: string;
  readonly action: string;
  readonly connection: string | undefined;
}

/** What {@link createEngine} needs. */
export interface EngineOptions {
  readonly store: Store;
  readonly door: Door;
  readonly clock: Clock;
  readonly plans: PlanSource;
  /** Unique among the processes that share the store. */
  readonly workerId: string;
  /** Version of the server, kept with every run it creates. */
  readonly version: string;
  /**
   * This process alone uses the store (one machine, data-directory lock): at start it takes over every run that has not
   * ended, without waiting for ownerships to run out.
   */
  readonly exclusive: boolean;
  /** Runs are only put in the store: workers in other processes take them up. Default false. */
  readonly submitOnly?: boolean;
  /** Hands ready runs to whichever process has room. Without it each looks for them in the store. */
  readonly workQueue?: WorkQueue;
  /** Tells other processes at once of the ends of runs and of what is stored for theirs. Without it all look in the store. */
  readonly notices?: ProcessNotices;
  /** Holds what playbooks publish against the declared topics: {@link createEventCheck}. Without it anything goes. */
  readonly checkEvent?: EventCheck;
  /** The change windows that playbooks can wait for. Without them there are none. */
  readonly windows?: ChangeWindows;
  /** The declared tables, by id. Without them `lookup` reads whatever is there. */
  readonly tables?: ReadonlyMap<string, TableDeclaration>;
  /** 0 up to 1; default `Math.random`. Spreads retries. */
  readonly jitter?: () => number;
  readonly limits?: Partial<EngineLimits>;
  /** Finds who provides a capability that a playbook `uses`; undefined when nobody does. */
  readonly bind?: (use: Extract<Use, { kind: 'capability' }>) => BoundCapability | undefined;
  /** Finds everybody who provides a capability, in a stable order. */
  readonly bindAll?: (use: Extract<Use, { kind: 'capability' }>) => readonly Target[];
  /** Settles an effect of unknown outcome in the ledger by what a person found out: `resolveUnknown` of `actions`. */
  readonly resolveEffect: (resolution: Resolution) => Promise<Change>;
  /**
   * Whether what the publisher of an event says may cause changes without people being asked; runs of playbooks that
   * other events start ask for each. Default: every publisher.
   */
  readonly trusts?: (envelope: EventEnvelope) => boolean;
  /** Called after the end of a run became durable. */
  readonly onFinished?: (finished: FinishedRun) => void;
  readonly onProblem?: (problem: EngineProblem) => void;
}

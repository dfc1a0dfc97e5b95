import type { JsonObject } from '@counterpoint/core';
import type { ActionStep, Catalogue, Plan } from '@counterpoint/playbook';
import type { ActionCall, Settled } from '../interpreter/happening.ts';

/** An attempt of an action, as a rehearsed run makes it. */
export interface StagedAction {
  readonly plan: Plan;
  readonly step: ActionStep;
  readonly call: ActionCall;
  /** Id of the run. */
  readonly run: string;
  /** Address with those of the calling steps before it, see `RecordedCall.address`. */
  readonly address: string;
  /** When, in the rehearsal's own time (Unix milliseconds). */
  readonly at: number;
}

/** The call of another playbook. */
export interface StagedCall {
  readonly playbook: string;
  readonly inputs: JsonObject;
  readonly address: string;
}

/** What a rehearsed run meets instead of the real world. */
export interface World {
  readonly catalogue: Catalogue;
  /** How an attempt ends. */
  act(action: StagedAction): Settled | Promise<Settled>;
  /** What is found out about an attempt of unknown outcome; `unknown` again leaves the step so. */
  findOut(action: StagedAction): Settled;
  /** How the call of another playbook ends, or the plan that is rehearsed in its place. */
  call(call: StagedCall): Promise<{ readonly plan: Plan } | { readonly settled: Settled }>;
}

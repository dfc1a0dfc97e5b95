import type { Json, JsonObject } from '@counterpoint/core';
import type { ActionStep, Catalogue, Plan } from '@counterpoint/playbook';
import type { RowName } from '../interpreter/entries.ts';
import type { ActionCall, PeopleQuestion, Settled } from '../interpreter/happening.ts';
import type { Target } from '../interpreter/target.ts';

/** An attempt of an action, as a rehearsed run makes it. */
export interface StagedAction {
  readonly plan: Plan;
  readonly step: ActionStep;
  readonly call: ActionCall;
  /** Of a step that acts at every provider of a capability: the one that this round is about. */
  readonly target: Target | undefined;
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

/** A question that a rehearsed run puts before people. */
export interface StagedQuestion {
  /** Step id. */
  readonly step: string;
  readonly address: string;
  readonly question: PeopleQuestion;
}

/** What people say; `approved` is null for the answer to a question. */
export interface PeoplesAnswer {
  readonly approved: boolean | null;
  /** References of who decided. */
  readonly by: readonly string[];
  readonly reason: string;
  /** What was entered into the form; null: what it holds before. */
  readonly form: JsonObject | null;
}

/** An event that comes while a run is rehearsed. */
export interface StagedEvent {
  readonly topic: string;
  readonly data: Json;
  /** Milliseconds after the start of the run. */
  readonly after: number;
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
  /** What people say; undefined: nobody says anything, so that the time-out decides. */
  ask(question: StagedQuestion): PeoplesAnswer | undefined;
  /** What comes for a run that waits. */
  readonly events: readonly StagedEvent[];
  /** What a row of a table holds; null without one. */
  lookup(row: RowName, address: string): Promise<Json>;
}

import type { Json, JsonObject } from '@counterpoint/core';
import type { ChangeWindows, Plan } from '@counterpoint/playbook';
import type { Happening, Moment } from '../interpreter/happening.ts';
import { newState, type RunState } from '../interpreter/state.ts';
import type { EventCheck } from '../playbooks/event-check.ts';
import { inputsOf } from '../worker/run-row.ts';
import { type Agenda, createAgenda } from './agenda.ts';
import { createStepObserver, type ObservedRun, type StepObserver } from './observe.ts';
import type { RunRecord } from './record.ts';
import type { World } from './world.ts';

/** What a rehearsed run begins with. */
export interface Opening {
  readonly plan: Plan;
  readonly inputs: JsonObject;
  readonly event: Json;
  /** When, Unix milliseconds. */
  readonly now: number;
  /** Id of the run; it only has to differ from others that are compared with it. */
  readonly run: string;
  /** Reference of who starts it. */
  readonly startedBy: string;
  /** Holds what is published against the declared topics; without it anything goes. */
  readonly checkEvent?: EventCheck | undefined;
  /** Who provides a capability, for steps that act at all of them; without it one without a name. */
  readonly targets?: Moment['targets'];
  /** Without them no change window is known. */
  readonly windows?: ChangeWindows | undefined;
  /** When it is given up, by `performance.now()`; left out: it is not. */
  readonly until?: number | undefined;
}

/** A run that is being rehearsed. */
export interface Stage {
  readonly opening: Opening;
  readonly world: World;
  readonly record: RunRecord;
  readonly state: RunState;
  readonly agenda: Agenda;
  readonly observer: StepObserver;
  readonly inbox: Happening[];
  readonly underWay: Set<Promise<void>>;
  /** Actions with an effect that succeeded and were not undone, by whole address. */
  readonly performed: Set<string>;
  /** Address of the calling step with a `/` behind it; empty for the run itself. */
  readonly within: string;
  now: number;
}

/** What a stage shares with those of the runs that it calls. */
export type Around = Pick<Stage, 'world' | 'record' | 'within' | 'performed'>;

/** Plays a run to its end; `now` is when that was. */
export type Play = (opening: Opening, around: Around) => Promise<{ readonly run: ObservedRun; readonly now: number }>;

/** A stage on which nothing has happened. @throws engine.inputs_invalid */
export function setStage(opening: Opening, around: Around): Stage {
  const { plan, now, event, run, startedBy } = opening;
  const inputs = inputsOf(plan, opening.inputs);
  const trace = '0'.repeat(32);
  const facts = { id: run, playbook: plan.id, cause: startedBy, trace, simulated: true, created_at: now };
  return {
    ...around,
    opening,
    state: newState({ ...facts, inputs, event }),
    agenda: createAgenda(),
    observer: createStepObserver(),
    inbox: [{ kind: 'start' }],
    underWay: new Set(),
    now,
  };
}

/** Lets a stage wait for work that is not done at once. */
export function follow(stage: Stage, work: Promise<void>): void {
  const done = work.finally(() => stage.underWay.delete(done));
  stage.underWay.add(done);
}

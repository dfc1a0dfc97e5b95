import type { Door, DoorContext } from '@counterpoint/actions';
import type { EffectClass } from '@counterpoint/connector-kit';
import type { Json, JsonObject } from '@counterpoint/core';
import type { Catalogue, ChangeWindows, Plan } from '@counterpoint/playbook';
import type { ErrorValue } from '../interpreter/error-value.ts';
import type { EventCheck } from '../playbooks/event-check.ts';
import type { PlanSource } from '../playbooks/published.ts';
import type { EngineOptions } from '../worker/options.ts';
import type { ObservedRun } from './observe.ts';
import type { StagedEvent } from './world.ts';

/** What every dry run of one server goes by. */
export interface DryRunServices {
  readonly context: DoorContext;
  readonly door: Door;
  readonly plans: PlanSource;
  readonly catalogue: Catalogue;
  readonly bind?: EngineOptions['bind'];
  readonly bindAll?: EngineOptions['bindAll'];
  readonly checkEvent?: EventCheck | undefined;
  readonly windows?: ChangeWindows | undefined;
}

/** One dry run. */
export interface DryRunRequest {
  readonly plan: Plan;
  /** Reference of who asks. */
  readonly principal: string;
  /** What its actions may do. */
  readonly permissions: ReadonlySet<string>;
  /** What the trigger hands over; undefined: it is started by hand. */
  readonly event: Json | undefined;
  readonly inputs: JsonObject;
  /** Id of the trigger that the event meets; undefined: the first whose condition holds. */
  readonly trigger: string | undefined;
  /** When it happens, Unix milliseconds. */
  readonly now: number;
  /** What people say to everything that asks them; `time_out`: nothing, so that the time-out decides. */
  readonly people: 'approve' | 'deny' | 'time_out';
  /** Whether actions that only read reach the products. */
  readonly reads: 'real' | 'simulated';
  /** What comes while the run waits. */
  readonly events: readonly StagedEvent[];
}

/** Something that a dry run would have done. */
export interface DryCall {
  readonly kind: 'action' | 'playbook';
  readonly address: string;
  /** `alias.action`, or the id of a playbook. */
  readonly name: string;
  /** Connector and action behind it; empty for a playbook. */
  readonly connector: string;
  readonly action: string;
  readonly effect: EffectClass | null;
  /** What it would act on, as `<type>:<value>`; empty where nothing says so. */
  readonly target: string;
  readonly with: JsonObject;
  /** Milliseconds; null without one. */
  readonly lease: number | null;
  /** What the guard says; null where nothing asks it. */
  readonly guard: { readonly outcome: string; readonly rule: string; readonly reasons: readonly string[] } | null;
  /** Where the answer comes from; `refused`: the door lets it not through. */
  readonly answer: 'product' | 'recording' | 'example' | 'refused' | 'none';
  readonly output: Json;
  readonly error: ErrorValue | null;
}

/** Something that a dry run asked people, and what was taken for their answer. */
export interface DryQuestion {
  readonly address: string;
  readonly kind: 'approval' | 'question';
  readonly text: string;
  readonly covers: Json;
  readonly answer: 'approved' | 'denied' | 'answered' | 'nobody';
}

/** What a playbook would do. */
export interface DryRun {
  readonly run: ObservedRun;
  readonly calls: readonly DryCall[];
  readonly questions: readonly DryQuestion[];
  readonly published: readonly { readonly topic: string; readonly data: Json }[];
  /** Ids of steps whose effects it would undo. */
  readonly undone: readonly string[];
}

import type { Plan, Step } from '@counterpoint/playbook';
import type { Phase } from './entries.ts';

/** What a list of steps belongs to: a list of the playbook, or a part of a block. */
export type Owner =
  | { readonly kind: 'phase'; readonly phase: Exclude<Phase, 'ended'> }
  | { readonly kind: 'part'; readonly step: Step; readonly part: string };

/** Where a step stands in its plan. */
export interface Place {
  readonly step: Step;
  readonly list: readonly Step[];
  readonly index: number;
  readonly owner: Owner;
  /** Whose error `error` is here: of the innermost `try` whose catch or finally this is in, of the run, or nothing's. */
  readonly errorOf: Step | 'run' | undefined;
  /** Ids of the approvals that cover it. */
  readonly coveredBy: readonly string[];
}

/** The lists inside a step, under the names that its kind gives them. */
export function partsOf(step: Step): readonly (readonly [part: string, steps: readonly Step[]])[] {
  switch (step.verb) {
    case 'if':
      return [...step.branches.map((branch, at) => [String(at), branch.steps] as const), ['-1', step.otherwise]];
    case 'switch':
      return [...step.cases.map((one, at) => [String(at), one.steps] as const), ['-1', step.otherwise]];
    case 'foreach':
    case 'while':
      return [['do', step.steps]];
    case 'parallel':
      return step.branches.map((branch) => [branch.name, branch.steps] as const);
    case 'try':
      return [
        ['body', step.steps],
        ...step.catches.map((one, at) => [`catch ${at}`, one.steps] as const),
        ['finally', step.finally],
      ];
    default:
      return [];
  }
}

/** Places of all steps of a plan, by step id. */
export type PlanIndex = ReadonlyMap<string, Place>;

const indexes = new WeakMap<Plan, PlanIndex>();

/** The places of a plan's steps, found once. */
export function indexOf(plan: Plan): PlanIndex {
  const known = indexes.get(plan);
  if (known) return known;
  const places = new Map<string, Place>();
  addList(places, plan.steps, { kind: 'phase', phase: 'main' }, undefined);
  addList(places, plan.onError, { kind: 'phase', phase: 'on_error' }, 'run');
  addList(places, plan.onCancel, { kind: 'phase', phase: 'on_cancel' }, 'run');
  addList(places, plan.finally, { kind: 'phase', phase: 'finally' }, 'run');
  addCovers(places);
  indexes.set(plan, places);
  return places;
}

function addList(places: Map<string, Place>, list: readonly Step[], owner: Owner, errorOf: Place['errorOf']): void {
  list.forEach((step, index) => {
    places.set(step.id, { step, list, index, owner, errorOf, coveredBy: [] });
    for (const [part, steps] of partsOf(step)) {
      const within = step.verb === 'try' && part !== 'body' ? step : errorOf;
      addList(places, steps, { kind: 'part', step, part }, within);
    }
  });
}

function addCovers(places: Map<string, Place>): void {
  for (const { step } of [...places.values()]) {
    if (step.verb !== 'approval') continue;
    for (const id of step.covers) {
      const place = places.get(id);
      if (place) places.set(id, { ...place, coveredBy: [...place.coveredBy, step.id] });
    }
  }
}

/** Steps of a phase's list. */
export function stepsOfPhase(plan: Plan, phase: Exclude<Phase, 'ended'>): readonly Step[] {
  switch (phase) {
    case 'main':
      return plan.steps;
    case 'on_error':
      return plan.onError;
    case 'on_cancel':
      return plan.onCancel;
    case 'finally':
      return plan.finally;
  }
}

/** Whether the steps of a block run in rounds, each with a scope of its own. */
export function isLoop(step: Step): boolean {
  return step.verb === 'foreach' || step.verb === 'while';
}

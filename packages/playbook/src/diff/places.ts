import type { Plan, Step } from '../plan.ts';

/** Where a step stands: in which list, and behind which step of it. */
export interface PlaceOfStep {
  readonly step: Step;
  /** `steps`, `on_error`, `on_cancel`, `finally`, or the step and part around it, such as `triage.then`. */
  readonly list: string;
  readonly index: number;
}

/** Every step of a plan by its id, in the order of the document. */
export function placesOf(plan: Plan): ReadonlyMap<string, PlaceOfStep> {
  const places = new Map<string, PlaceOfStep>();
  const visit = (steps: readonly Step[], list: string): void =>
    steps.forEach((step, index) => {
      places.set(step.id, { step, list, index });
      for (const [part, inner] of partsOf(step)) visit(inner, `${step.id}.${part}`);
    });
  visit(plan.steps, plan.kind === 'reaction' ? 'do' : 'steps');
  visit(plan.onError, 'on_error');
  visit(plan.onCancel, 'on_cancel');
  visit(plan.finally, 'finally');
  return places;
}

type Part = readonly [name: string, steps: readonly Step[]];

function partsOf(step: Step): readonly Part[] {
  switch (step.verb) {
    case 'if':
      return [
        ...step.branches.map(({ steps }, index): Part => [index === 0 ? 'then' : `elif ${index}`, steps]),
        ['else', step.otherwise],
      ];
    case 'switch':
      return [...step.cases.map(({ value, steps }): Part => [`case ${value}`, steps]), ['default', step.otherwise]];
    case 'parallel':
      return step.branches.map(({ name, steps }): Part => [name, steps]);
    case 'try':
      return [
        ['try', step.steps],
        ...step.catches.map(({ steps }, index): Part => [`catch ${index + 1}`, steps]),
        ['finally', step.finally],
      ];
    case 'foreach':
    case 'while':
      return [['do', step.steps]];
    default:
      return [];
  }
}

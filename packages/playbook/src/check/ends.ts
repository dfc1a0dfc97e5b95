import type { Step } from '../plan.ts';
import { eachStep } from '../walk.ts';

/** Whether nothing behind this step is ever reached, leaving its guard aside. */
export function alwaysEnds(step: Step): boolean {
  switch (step.verb) {
    case 'fail':
    case 'succeed':
      return true;
    case 'if':
      return step.branches.every((branch) => listEnds(branch.steps)) && listEnds(step.otherwise);
    case 'switch':
      return step.cases.every((one) => listEnds(one.steps)) && listEnds(step.otherwise);
    case 'try':
      return (listEnds(step.steps) && step.catches.every((one) => listEnds(one.steps))) || listEnds(step.finally);
    default:
      return false;
  }
}

/** Whether the end of a list is never reached. */
export function listEnds(steps: readonly Step[]): boolean {
  return steps.some((step) => !step.guard && alwaysEnds(step));
}

/** Whether a run may end well inside this step, so that what comes later is skipped. */
export function maySucceedEarly(step: Step): boolean {
  let found = false;
  eachStep([step], (one) => {
    found ||= one.verb === 'succeed';
  });
  return found;
}

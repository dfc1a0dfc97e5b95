import type { Step } from './plan.ts';

/** The lists of steps inside a step, in the order of the document. */
function blocksOf(step: Step): readonly (readonly Step[])[] {
  switch (step.verb) {
    case 'if':
      return [...step.branches.map((branch) => branch.steps), step.otherwise];
    case 'switch':
      return [...step.cases.map((one) => one.steps), step.otherwise];
    case 'parallel':
      return step.branches.map((branch) => branch.steps);
    case 'try':
      return [step.steps, ...step.catches.map((one) => one.steps), step.finally];
    case 'foreach':
    case 'while':
      return [step.steps];
    default:
      return [];
  }
}

/** Visits every step of a list and of the blocks inside, each before what is inside it. */
export function eachStep(steps: readonly Step[], visit: (step: Step) => void): void {
  for (const step of steps) {
    visit(step);
    for (const block of blocksOf(step)) eachStep(block, visit);
  }
}

/** Step id -> id of the step whose block it stands in; steps of the outermost lists are not in it. */
export function parentIds(steps: readonly Step[]): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  eachStep(steps, (step) => {
    for (const block of blocksOf(step)) for (const inner of block) parents.set(inner.id, step.id);
  });
  return parents;
}

import type { Step } from '@counterpoint/playbook';

/** Blocks of a step with the condition under which each is entered; empty: always. */
function branchesOf(step: Step): readonly { readonly because: string; readonly steps: readonly Step[] }[] {
  const always = (steps: readonly Step[]) => ({ because: '', steps });
  switch (step.verb) {
    case 'if': {
      const otherwise = { because: otherwiseOf(step.branches.map(({ when }) => when.source)), steps: step.otherwise };
      return [...step.branches.map(({ when, steps }) => ({ because: when.source, steps })), otherwise];
    }
    case 'switch': {
      const on = step.on.source;
      const otherwise = { because: `${on} is none of the cases`, steps: step.otherwise };
      return [...step.cases.map(({ value, steps }) => ({ because: `${on} is ${value}`, steps })), otherwise];
    }
    case 'parallel':
      return step.branches.map(({ steps }) => always(steps));
    case 'try':
      return [always(step.steps), ...step.catches.map(({ steps }) => always(steps)), always(step.finally)];
    case 'foreach':
    case 'while':
      return [always(step.steps)];
    default:
      return [];
  }
}

/** The conditions of the branches of an `if` or `switch`, in order, the last one that of `else` or `default`; none for other steps. */
export function branchConditions(step: Step): readonly string[] {
  return step.verb === 'if' || step.verb === 'switch' ? branchesOf(step).map(({ because }) => plain(because)) : [];
}

function otherwiseOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? `not (${conditions[0]})` : 'no condition held';
}

/**
 * For each step the condition that led to it, as written in the playbook: its own, else that of the nearest block around
 * it that has one. Steps without any are left out.
 */
export function becauseOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (list: readonly Step[], around: string): void => {
    for (const step of list) {
      const because = step.guard?.source ?? around;
      if (because !== '') found.set(step.id, plain(because));
      for (const branch of branchesOf(step)) visit(branch.steps, branch.because || because);
    }
  };
  visit(steps, '');
  return found;
}

/** A condition without what only the language needs: `steps.rep.score >= 80` reads `rep.score >= 80`. */
export function plain(condition: string): string {
  return condition
    .replace(/\s+/g, ' ')
    .replace(/\b(?:steps|inputs)\.\??(?=\w)/g, '')
    .replace(/\.\?/g, '.')
    .trim();
}

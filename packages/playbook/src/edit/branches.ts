import { stepsOf } from '../outline/steps.ts';
import type { Editing, FoundStep } from './context.ts';
import { referencesIn } from './references.ts';
import type { Unit } from './units.ts';

/** Steps that are done one after the other, beside others. */
export interface Branch {
  readonly name: string;
  readonly steps: readonly FoundStep[];
}

/**
 * The branches that steps of one list can be done in at the same time: those that name each other stay together, in
 * their order, for no branch sees what another one gives.
 *
 * @param units the lines of each of them
 */
export function branchesOf(steps: readonly FoundStep[], units: readonly Unit[], editing: Editing): readonly Branch[] {
  const { root, document } = editing.read;
  const home = new Map(
    steps.flatMap(({ step }, at) => [step, ...stepsOf(step.slots)].map(({ name }) => [name, at] as const)),
  );
  const group = steps.map((_, at) => at);
  for (const { name, line } of root ? referencesIn(root, document.source) : []) {
    const reader = units.findIndex(({ head, end }) => head < line && line <= end);
    const read = home.get(name);
    if (reader === -1 || read === undefined) continue;
    const [low, high] = [group[reader] ?? 0, group[read] ?? 0].sort((a, b) => a - b);
    for (const [at, own] of group.entries()) if (own === high) group[at] = low ?? 0;
  }
  return [...new Set(group)].map((own) => ({
    name: steps[own]?.step.name || `branch_${own + 1}`,
    steps: steps.filter((_, at) => group[at] === own),
  }));
}

/** What people should know of branches that are not one step each. */
export function remarksOn(branches: readonly Branch[]): readonly string[] {
  return branches.flatMap(({ steps }) => {
    if (steps.length < 2) return [];
    const names = steps.map(({ step }) => step.name || step.address);
    return [`${names.slice(0, -1).join(', ')} and ${names.at(-1)} stay one after the other: they use each other.`];
  });
}

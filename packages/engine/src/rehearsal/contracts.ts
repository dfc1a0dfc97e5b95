import type { EffectClass, JsonSchema } from '@counterpoint/connector-kit';
import type { ActionStep, Catalogue, Plan, Step } from '@counterpoint/playbook';
import { partsOf } from '../interpreter/plan-index.ts';

/** What an action takes and gives. */
export interface StubbedContract {
  readonly effect: EffectClass;
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

/** How an action is called in test files: `alias.action`. */
export function actionName({ alias, action }: Pick<ActionStep, 'alias' | 'action'>): string {
  return `${alias}.${action}`;
}

/** Every step of a plan, over all of its lists. */
export function stepsOf(plan: Plan): readonly Step[] {
  const within = (list: readonly Step[]): Step[] =>
    list.flatMap((step) => [step, ...partsOf(step).flatMap(([, inner]) => within(inner))]);
  return [plan.steps, plan.onError, plan.onCancel, plan.finally].flatMap(within);
}

/** The action steps of a plan by the name of their action. */
export function actionsOf(plan: Plan): ReadonlyMap<string, ActionStep> {
  const steps = stepsOf(plan).flatMap((step) => (step.verb === 'action' ? [step] : []));
  return new Map(steps.map((step) => [actionName(step), step]));
}

/** The playbooks that a plan calls. */
export function playbooksOf(plan: Plan): ReadonlySet<string> {
  return new Set(stepsOf(plan).flatMap((step) => (step.verb === 'call' ? [step.playbook] : [])));
}

/** The topics that a plan publishes on. */
export function topicsOf(plan: Plan): ReadonlySet<string> {
  return new Set(stepsOf(plan).flatMap((step) => (step.verb === 'publish' ? [step.topic] : [])));
}

/** The contract of a step's action; undefined when nothing in the catalogue provides it. */
export function contractOf(step: ActionStep, plan: Plan, catalogue: Catalogue): StubbedContract | undefined {
  const use = Object.hasOwn(plan.uses, step.alias) ? plan.uses[step.alias] : undefined;
  if (use?.kind === 'capability') return catalogue.capabilities.get(use.capability);
  const connector = catalogue.connectors.get(use?.connector ?? step.alias);
  return connector && Object.hasOwn(connector.actions, step.action) ? connector.actions[step.action] : undefined;
}

import type { JsonObject } from '@counterpoint/core';
import { type Plan, type Step, validateValue } from '@counterpoint/playbook';
import { indexOf, type Place } from '../interpreter/plan-index.ts';
import type { OpenStep, RunState, Scope } from '../interpreter/state.ts';

/**
 * Why a run that follows `from` and stands at `state` cannot go on with `to`; empty when it can. Every step that is open
 * must be the same one in the same blocks, nothing that ended may come again, nothing new may have been passed by, and the
 * inputs of the run must be those that `to` declares.
 */
export function incompatibilities(from: Plan, to: Plan, state: RunState): readonly string[] {
  if (from.id !== to.id) return [`it is a version of ${to.id}, not of ${from.id}`];
  const reasons = [...inputReasons(to, state)];
  for (const open of state.open.values()) reasons.push(...openReasons(from, to, open));
  for (const scope of state.scopes.values()) reasons.push(...endedReasons(from, to, scope));
  return [...new Set(reasons)];
}

function* inputReasons(to: Plan, state: RunState): Iterable<string> {
  const given = state.root.names.inputs as JsonObject;
  for (const [name, { schema, required, default: otherwise }] of Object.entries(to.inputs)) {
    if (!Object.hasOwn(given, name)) {
      if (required || otherwise !== undefined) yield `the run has no input "${name}"`;
      continue;
    }
    const [problem] = validateValue(schema, given[name] ?? null);
    if (problem) yield `the input "${name}" ${problem.reason}`;
  }
}

function* openReasons(from: Plan, to: Plan, open: OpenStep): Iterable<string> {
  const before = indexOf(from).get(open.id);
  const after = indexOf(to).get(open.id);
  if (!before || !after) {
    yield `the step ${open.id}, which is open, is no longer there`;
    return;
  }
  if (pathOf(from, before) !== pathOf(to, after)) yield `the step ${open.id} is in other blocks`;
  if (kindOf(from, before.step) !== kindOf(to, after.step)) yield `the step ${open.id} does something else`;
  for (const step of after.list.slice(0, after.index)) {
    if (!Object.hasOwn(open.scope.outcomes, step.id)) yield `the new step ${step.id} would have come before ${open.id}`;
  }
  for (const step of after.list.slice(after.index + 1)) {
    if (Object.hasOwn(open.scope.outcomes, step.id)) yield `the step ${step.id} has ended and would come again`;
  }
}

/** Ended steps that are still there must be what they were, so that what they gave means the same. */
function* endedReasons(from: Plan, to: Plan, scope: Scope): Iterable<string> {
  for (const id of Object.keys(scope.outcomes)) {
    const before = from.byId.get(id);
    const after = to.byId.get(id);
    if (before && after && kindOf(from, before) !== kindOf(to, after)) yield `the step ${id} has done something else`;
  }
}

/** The blocks around a step and the parts of them that it is in, as text. */
function pathOf(plan: Plan, place: Place): string {
  const { owner } = place;
  if (owner.kind === 'phase') return owner.phase;
  const outer = indexOf(plan).get(owner.step.id);
  return `${outer ? pathOf(plan, outer) : ''}/${owner.step.id}/${owner.part}`;
}

/** What a step is, as far as its state in a run depends on it. */
function kindOf(plan: Plan, step: Step): string {
  switch (step.verb) {
    case 'action':
      return JSON.stringify([step.verb, plan.uses[step.alias] ?? step.alias, step.action]);
    case 'call':
      return JSON.stringify([step.verb, step.playbook, step.detach]);
    case 'foreach':
      return JSON.stringify([step.verb, step.as]);
    case 'while':
      return JSON.stringify([step.verb, step.mode, Object.keys(step.carry).sort()]);
    case 'parallel':
      return JSON.stringify([step.verb, step.join, step.branches.map(({ name }) => name)]);
    default:
      return step.verb;
  }
}

import { describeType, type ExpressionType, joinTypes, types } from '@counterpoint/expressions';
import { entryOf, fieldOf } from '../document/node.ts';
import type { ForeachStep, ParallelStep, Step, WhileStep } from '../plan.ts';
import { eachStep } from '../walk.ts';
import type { Checked, CheckList } from './checked.ts';
import { type Checking, nodeOf, placeOf } from './context.ts';
import { checkBare, checkCondition, checkTexts, itemType } from './expressions.ts';
import { compact } from './facts.ts';
import { addedSteps, errorFields, type Scope, uncertain, within, withLocals, withSteps } from './scope.ts';

/** The scope without facts about names that mean something else inside. */
function forget(scope: Scope, names: readonly string[]): Scope {
  const about = new RegExp(`\\b(?:${names.join('|')})\\b`);
  return { ...scope, facts: scope.facts.filter((fact) => !about.test(fact)) };
}

/** Checks a `foreach` step. */
export function checkForeach(step: ForeachStep, scope: Scope, checking: Checking, checkList: CheckList): Checked {
  const node = nodeOf(step, checking);
  const items = fieldOf(node, 'foreach');
  const result = checkBare(items, scope, checking);
  const item = result ? itemType(result.type) : types.dyn;
  if (items && result && !item && result.findings.length === 0) {
    checking.report.add('list_type', items.position, { field: 'foreach', actual: describeType(result.type) });
  }
  const inside = withLocals(within(forget(scope, [step.as, 'index']), step.id), {
    [step.as]: item ?? types.dyn,
    index: types.int,
  });
  const after = checkList(step.steps, inside, checking);
  const yielded = checkTexts(fieldOf(node, 'yield'), after, checking);
  const last = after.steps.get(step.steps.at(-1)?.id ?? '');
  const lastType = last?.optional ? types.dyn : last?.type;
  const error = types.object({ ...errorFields, index: { type: types.int }, item: { type: item ?? types.dyn } });
  const output = { items: { type: types.list(yielded?.type ?? lastType ?? types.dyn) } };
  const collected = { ...output, errors: { type: types.list(error) } };
  return { type: types.object(step.onItemError === 'collect' ? collected : output), added: new Map() };
}

/** Each loop is looked at twice, so that loops within loops multiply. */
const MAX_NESTED_LOOPS = 4;

/** Checks a `while` or `until` step. */
export function checkWhile(step: WhileStep, scope: Scope, checking: Checking, checkList: CheckList): Checked {
  const node = nodeOf(step, checking);
  const around = scope.inside.filter((id) => checking.byId.get(id)?.verb === 'while').length;
  if (around >= MAX_NESTED_LOOPS) {
    checking.report.add('loops_too_deep', step.position, { step: step.id, limit: MAX_NESTED_LOOPS });
    return { type: types.dyn, added: new Map() };
  }
  const carryNode = fieldOf(node, 'carry');
  const from = Object.keys(step.carry).map((name) => {
    const initial = checkTexts(fieldOf(fieldOf(carryNode, name), 'from'), scope, checking);
    return [name, initial?.type ?? types.dyn] as const;
  });
  const outer = within(forget(scope, ['carry', 'index']), step.id);
  const start = inLoop(outer, from);
  const after = checkList(step.steps, start, checking);
  // What `next` gives is carried too; the second look uses the joined types, without reporting twice.
  const joined = from.map(([name, initial]) => {
    const next = checkTexts(fieldOf(fieldOf(carryNode, name), 'next'), after, checking);
    return [name, next ? joinTypes(initial, next.type) : initial] as const;
  });
  const widened = joined.some(([, type], at) => JSON.stringify(type) !== JSON.stringify(from[at]?.[1]));
  const end = widened ? checkList(step.steps, inLoop(outer, joined), checking) : after;
  const seen = step.mode === 'until' ? end : inLoop(outer, joined);
  checkCondition(fieldOf(node, step.mode), step.mode, seen, checking);
  checkProgress(step, checking);
  const fields = Object.fromEntries(joined.map(([name, type]) => [name, { type }]));
  return { type: types.object({ ...fields, iterations: { type: types.int } }), added: new Map() };
}

function inLoop(scope: Scope, carry: readonly (readonly [string, ExpressionType])[]): Scope {
  const fields = Object.fromEntries(carry.map(([name, type]) => [name, { type }]));
  return withLocals(scope, { carry: types.object(fields), index: types.int });
}

function checkProgress(step: WhileStep, checking: Checking): void {
  const node = nodeOf(step, checking);
  const still = Object.entries(step.carry).filter(([name, one]) => isUnchanged(name, one.next.source));
  for (const [name] of still) {
    const entry = entryOf(fieldOf(node, 'carry'), name);
    if (entry) checking.report.add('carry_unchanged', entry.keyPosition, { name });
  }
  const moving = new Set(Object.keys(step.carry).filter((name) => !still.some(([other]) => other === name)));
  const inside = new Set<string>();
  if (step.mode === 'until') eachStep(step.steps, (inner) => inside.add(inner.id));
  const { source, reads } = step.condition;
  const changes = reads.some(
    ([root, name]) =>
      (root === 'carry' && (name === undefined ? moving.size > 0 : moving.has(name))) ||
      ((root === 'steps' || root === 'outcome') && (name === undefined || inside.has(name))) ||
      root === 'index',
  );
  if (changes || /\blookup\s*\(/.test(source)) return;
  checking.report.add('endless_loop', placeOf(step, step.mode, checking), { step: step.id });
}

function isUnchanged(name: string, next: unknown): boolean {
  return typeof next === 'string' && compact(next) === `\${{carry.${name}}}`;
}

/** Checks a `parallel` step. */
export function checkParallel(step: ParallelStep, scope: Scope, checking: Checking, checkList: CheckList): Checked {
  let added: Scope = { ...scope, steps: new Map() };
  for (const branch of step.branches) {
    const after = checkList(branch.steps, within(scope, step.id), checking);
    const views = addedSteps(scope, after);
    // Reading what a collected failure left out fails at run time, so such steps are not optional; their outcome is.
    const visible = step.join === 'any' ? uncertain(views, true) : views;
    added = withSteps(added, step.onBranchError === 'collect' ? firstVisited(branch.steps, visible) : visible);
  }
  const error = types.object({ ...errorFields, branch: { type: types.string } });
  const type = types.object({
    ...(step.onBranchError === 'collect' ? { errors: { type: types.list(error) } } : {}),
    ...(step.join === 'any' ? { first: { type: types.string, optional: step.onBranchError === 'collect' } } : {}),
  });
  return { type, added: added.steps };
}

function firstVisited(steps: readonly Step[], views: Scope['steps']): Scope['steps'] {
  const first = steps[0]?.id;
  return new Map([...views].map(([id, view]) => [id, { ...view, unvisited: view.unvisited || id !== first }]));
}

import type { ParallelStep, WhileStep } from '../../plan.ts';
import { asSteps, requiredSteps } from '../blocks.ts';
import { requiredExpression, requiredTemplate, template } from '../code.ts';
import { type Part, RESERVED_NAMES, type Reading } from '../context.ts';
import { asMap, asName, child, isName, number, oneOf, refuseOthers, requireField } from '../fields.ts';
import type { VerbSpec } from './spec.ts';

function readVariable(part: Part, reading: Reading): string {
  const node = child(part, 'as');
  const name = node && asName(node, 'as', reading);
  if (node && name !== undefined && RESERVED_NAMES.has(name)) {
    reading.report.add('reserved_name', node.position, { name, what: 'the loop variable' });
  }
  return name ?? 'item';
}

/** `foreach`, `as`, `do`, `yield`, `max_items`, `max_parallel`, `on_item_error`. */
export const foreachVerb: VerbSpec = {
  fields: ['foreach', 'as', 'do', 'yield', 'max_items', 'max_parallel', 'on_item_error'],
  read: (part, base, reading) => ({
    ...base,
    verb: 'foreach',
    items: requiredExpression(part, 'foreach', reading),
    as: readVariable(part, reading),
    maxItems: number(part, 'max_items', { min: 1, max: 100_000, whole: true }, reading) ?? 1_000,
    maxParallel: number(part, 'max_parallel', { min: 1, max: 100, whole: true }, reading) ?? 1,
    onItemError: oneOf(part, 'on_item_error', ['fail', 'collect', 'skip'], reading) ?? 'fail',
    steps: requiredSteps(part, 'do', reading),
    yield: template(part, 'yield', reading),
  }),
};

function readCarry(part: Part, reading: Reading): WhileStep['carry'] {
  const node = child(part, 'carry');
  const map = node && asMap(node, 'carry', reading);
  const carry: [string, WhileStep['carry'][string]][] = [];
  for (const { key, keyPosition, value } of map?.entries ?? []) {
    if (!isName(key)) reading.report.add('invalid_name', keyPosition, { name: key, field: 'carry' });
    const inner = asMap(value, `carry.${key}`, reading);
    if (!inner) continue;
    const one: Part = { node: inner, name: `carry.${key}` };
    refuseOthers(one, ['from', 'next'], reading);
    carry.push([key, { from: requiredTemplate(one, 'from', reading), next: requiredTemplate(one, 'next', reading) }]);
  }
  return Object.fromEntries(carry);
}

/** A loop without bound is reported here and read as running once. */
function readBound(part: Part, id: string, reading: Reading): number {
  if (!child(part, 'max_iterations')) reading.report.add('unbounded_loop', part.node.position, { step: id });
  return number(part, 'max_iterations', { min: 1, max: 10_000, whole: true }, reading) ?? 1;
}

function loopVerb(mode: WhileStep['mode']): VerbSpec {
  return {
    fields: [mode, 'do', 'carry', 'max_iterations'],
    read: (part, base, reading) => ({
      ...base,
      verb: 'while',
      mode,
      condition: requiredExpression(part, mode, reading),
      carry: readCarry(part, reading),
      steps: requiredSteps(part, 'do', reading),
      maxIterations: readBound(part, base.id, reading),
    }),
  };
}

/** `while`, `do`, `carry: {name: {from, next}}`, `max_iterations`. */
export const whileVerb: VerbSpec = loopVerb('while');

/** `until`, `do`, `carry: {name: {from, next}}`, `max_iterations`. */
export const untilVerb: VerbSpec = loopVerb('until');

function readBranches(part: Part, reading: Reading): ParallelStep['branches'] {
  const node = requireField(part, 'parallel', reading);
  const map = node && asMap(node, 'parallel', reading);
  if (map?.entries.length === 0) reading.report.add('empty_list', map.position, { field: 'parallel' });
  return (map?.entries ?? []).map(({ key, keyPosition, value }) => {
    if (!isName(key)) reading.report.add('invalid_name', keyPosition, { name: key, field: 'parallel' });
    return { name: key, steps: asSteps(value, `the branch ${key}`, reading) };
  });
}

/** `parallel: {branch: steps}`, `join`, `on_branch_error`. */
export const parallelVerb: VerbSpec = {
  fields: ['parallel', 'join', 'on_branch_error'],
  read: (part, base, reading) => ({
    ...base,
    verb: 'parallel',
    branches: readBranches(part, reading),
    join: oneOf(part, 'join', ['all', 'any'], reading) ?? 'all',
    onBranchError: oneOf(part, 'on_branch_error', ['fail', 'collect'], reading) ?? 'fail',
  }),
};

import type { IfStep, SwitchStep, TryStep } from '../../plan.ts';
import { asSteps, requiredSteps, stepsOf } from '../blocks.ts';
import { requiredExpression } from '../code.ts';
import type { Part, Reading } from '../context.ts';
import { asList, asMap, child, refuseOthers, requireField, texts } from '../fields.ts';
import type { VerbSpec } from './spec.ts';

type Branch = IfStep['branches'][number];

function readElif(part: Part, reading: Reading): readonly Branch[] {
  const node = child(part, 'elif');
  const list = node && asList(node, 'elif', reading);
  return (list?.items ?? []).flatMap((item) => {
    const map = asMap(item, 'each item of elif', reading);
    if (!map) return [];
    const inner: Part = { node: map, name: 'elif' };
    refuseOthers(inner, ['if', 'then'], reading);
    return [{ when: requiredExpression(inner, 'if', reading), steps: requiredSteps(inner, 'then', reading) }];
  });
}

/** `if`, `then`, `elif: [{if, then}]`, `else`. */
export const ifVerb: VerbSpec = {
  fields: ['if', 'then', 'elif', 'else'],
  read(part, base, reading) {
    const first = { when: requiredExpression(part, 'if', reading), steps: requiredSteps(part, 'then', reading) };
    const branches = [first, ...readElif(part, reading)];
    return { ...base, verb: 'if', branches, otherwise: stepsOf(part, 'else', reading) };
  },
};

function readCases(part: Part, reading: Reading): SwitchStep['cases'] {
  const node = requireField(part, 'cases', reading);
  const map = node && asMap(node, 'cases', reading);
  if (map?.entries.length === 0) reading.report.add('empty_list', map.position, { field: 'cases' });
  return (map?.entries ?? []).map(({ key, value }) => ({
    value: key,
    steps: asSteps(value, `the case ${key}`, reading),
  }));
}

/** `switch`, `cases: {value: steps}`, `default`. */
export const switchVerb: VerbSpec = {
  fields: ['switch', 'cases', 'default'],
  read: (part, base, reading) => ({
    ...base,
    verb: 'switch',
    on: requiredExpression(part, 'switch', reading),
    cases: readCases(part, reading),
    otherwise: stepsOf(part, 'default', reading),
  }),
};

function readCatches(part: Part, reading: Reading): TryStep['catches'] {
  const node = child(part, 'catch');
  const list = node && asList(node, 'catch', reading);
  let takesAll = false;
  return (list?.items ?? []).flatMap((item) => {
    const map = asMap(item, 'each item of catch', reading);
    if (!map) return [];
    const inner: Part = { node: map, name: 'catch' };
    refuseOthers(inner, ['on', 'do'], reading);
    if (takesAll) reading.report.add('catch_after_any', map.position, {});
    const codes = texts(inner, 'on', reading);
    takesAll ||= child(inner, 'on') === undefined;
    return [{ codes, steps: requiredSteps(inner, 'do', reading) }];
  });
}

/** `try`, `catch: [{on, do}]`, `finally`. */
export const tryVerb: VerbSpec = {
  fields: ['try', 'catch', 'finally'],
  read(part, base, reading) {
    const steps = requiredSteps(part, 'try', reading);
    const catches = readCatches(part, reading);
    if (!child(part, 'catch') && !child(part, 'finally')) {
      reading.report.add('missing_field', part.node.position, { where: part.name, field: 'catch' });
    }
    return { ...base, verb: 'try', steps, catches, finally: stepsOf(part, 'finally', reading) };
  },
};

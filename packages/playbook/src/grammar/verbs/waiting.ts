import type { WaitCondition } from '../../plan.ts';
import { expression, requiredExpression } from '../code.ts';
import type { Part, Reading } from '../context.ts';
import { asMap, asText, child, duration, isName, oneOf, refuseOthers, requireField } from '../fields.ts';
import { inner } from '../policies.ts';
import type { VerbSpec } from './spec.ts';

const KINDS = ['for', 'until', 'topic', 'window'] as const;

function readCondition(part: Part, reading: Reading): WaitCondition | undefined {
  const [kind, other] = KINDS.filter((one) => child(part, one));
  if (!kind || other) {
    const params = {
      field: part.name,
      expected: `a map with exactly one of ${KINDS.join(', ')} or any`,
      actual: other ? 'several' : 'none of them',
    };
    reading.report.add('wrong_value', part.node.position, params);
    return undefined;
  }
  refuseOthers(part, kind === 'topic' ? ['topic', 'match', 'since', 'timeout'] : [kind], reading);
  const node = requireField(part, kind, reading);
  switch (kind) {
    case 'for': {
      const length = duration(part, 'for', reading);
      return length === undefined ? undefined : { kind, duration: length };
    }
    case 'until':
      return { kind, at: requiredExpression(part, 'until', reading) };
    case 'topic':
      return {
        kind,
        topic: (node && asText(node, 'topic', reading)) ?? '',
        match: expression(part, 'match', reading),
        since: oneOf(part, 'since', ['now', 'run_start'], reading) ?? 'now',
        timeout: duration(part, 'timeout', reading),
      };
    default:
      return { kind, name: (node && asText(node, 'window', reading)) ?? '' };
  }
}

function readConditions(part: Part, reading: Reading): Readonly<Record<string, WaitCondition>> {
  const wait = inner(part, 'wait', reading);
  if (!wait) return {};
  const any = child(wait, 'any');
  if (!any) {
    const only = readCondition(wait, reading);
    return only ? { '': only } : {};
  }
  refuseOthers(wait, ['any'], reading);
  const map = asMap(any, 'any', reading);
  if (map?.entries.length === 0) reading.report.add('empty_list', map.position, { field: 'any' });
  const conditions: [string, WaitCondition][] = [];
  for (const { key, keyPosition, value } of map?.entries ?? []) {
    if (!isName(key)) reading.report.add('invalid_name', keyPosition, { name: key, field: 'any' });
    const node = asMap(value, `any.${key}`, reading);
    const condition = node && readCondition({ node, name: `any.${key}` }, reading);
    if (condition) conditions.push([key, condition]);
  }
  return Object.fromEntries(conditions);
}

/** `wait: {for}`, `{until}`, `{topic, match, since, timeout}`, `{window}` or `{any: {name: …}}`. */
export const waitVerb: VerbSpec = {
  fields: ['wait'],
  read: (part, base, reading) => ({ ...base, verb: 'wait', any: readConditions(part, reading) }),
};

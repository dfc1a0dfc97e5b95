import { functionSpecs } from './function-table.ts';
import type { FunctionDoc, FunctionExample } from './functions/spec.ts';

function special(
  name: string,
  group: string,
  signature: string,
  summary: string,
  ...examples: readonly FunctionExample[]
): FunctionDoc {
  return {
    name,
    group,
    signatures: [signature],
    method: group === 'loops' || group === 'optional values',
    summary,
    examples,
  };
}

/** What the language itself does with its arguments: it does not evaluate all of them, or more than once. */
const specialForms: readonly FunctionDoc[] = [
  special(
    'has',
    'presence',
    'has(path) -> bool',
    'Whether a field is there; false too when what leads to it is missing.',
    {
      expression: 'has({"a": 1}.a) && !has({"a": 1}.b)',
      result: true,
    },
  ),
  special(
    'coalesce',
    'presence',
    'coalesce(...values: T) -> T',
    'The first value that is there and not null; null when there is none. Missing fields count as absent.',
    { expression: 'coalesce({"a": 1}.b, null, "default")', result: 'default' },
  ),
  special(
    'orValue',
    'optional values',
    'optional.orValue(other: T) -> T',
    'The value of an optional, or another one.',
    {
      expression: '{"a": 1}.?b.orValue(0)',
      result: 0,
    },
  ),
  special(
    'or',
    'optional values',
    'optional.or(other: optional(T)) -> optional(T)',
    'The first optional that has a value.',
    {
      expression: '{"a": 1}.?b.or({"c": 2}.?c).orValue(0)',
      result: 2,
    },
  ),
  special('hasValue', 'optional values', 'optional.hasValue() -> bool', 'Whether an optional has a value.', {
    expression: '{"a": 1}.?a.hasValue()',
    result: true,
  }),
  special('value', 'optional values', 'optional.value() -> T', 'The value of an optional, or an error.', {
    expression: '{"a": 1}.?b.value()',
    error: 'expressions.absent',
  }),
  special('all', 'loops', 'all(list, item, condition) -> bool', 'Whether the condition holds for every item.', {
    expression: '[80, 90].all(score, score >= 70)',
    result: true,
  }),
  special('exists', 'loops', 'exists(list, item, condition) -> bool', 'Whether the condition holds for some item.', {
    expression: '[{"bad": false}, {"bad": true}].exists(verdict, verdict.bad)',
    result: true,
  }),
  special(
    'exists_one',
    'loops',
    'exists_one(list, item, condition) -> bool',
    'Whether the condition holds for exactly one item.',
    {
      expression: '[1, 2, 3].exists_one(n, n > 2)',
      result: true,
    },
  ),
  special('filter', 'loops', 'filter(list, item, condition) -> list', 'The items for which the condition holds.', {
    expression: '["10.0.0.5", "203.0.113.7"].filter(ip, is_public_ip(ip))',
    result: ['203.0.113.7'],
  }),
  special(
    'map',
    'loops',
    'map(list, item, expression) -> list',
    'What the expression gives for each item; with a condition before it, for the items that meet it.',
    { expression: '["a.example", "b.example"].map(d, d.upper())', result: ['A.EXAMPLE', 'B.EXAMPLE'] },
    { expression: '[1, 2, 3].map(n, n > 1, n * 10)', result: [20, 30] },
  ),
  special(
    'sort_by',
    'loops',
    'sort_by(list, item, key) -> list',
    'The items in ascending order of a key: numbers or texts.',
    {
      expression: '[{"s": 3}, {"s": 1}].sort_by(x, x.s).map(x, x.s)',
      result: [1, 3],
    },
  ),
  special('group_by', 'loops', 'group_by(list, item, key) -> map', 'The items in lists under each value of a key.', {
    expression: '["a1", "b2", "a3"].group_by(x, x.substring(0, 1))',
    result: { a: ['a1', 'a3'], b: ['b2'] },
  }),
  special(
    'min_by',
    'loops',
    'min_by(list, item, key) -> item',
    'The item with the smallest key; null when the list is empty.',
    {
      expression: '[{"s": 3}, {"s": 1}].min_by(x, x.s).s',
      result: 1,
    },
  ),
  special(
    'max_by',
    'loops',
    'max_by(list, item, key) -> item',
    'The item with the largest key; null when the list is empty.',
    {
      expression: '[{"s": 3}, {"s": 1}].max_by(x, x.s).s',
      result: 3,
    },
  ),
];

function docOf({ name, group, signatures, method, summary, examples }: FunctionDoc): FunctionDoc {
  return { name, group, signatures, method, summary, examples };
}

/** Every function and special form, for the generated reference. Each example is evaluated by a test. */
export const functionCatalogue: readonly FunctionDoc[] = [...specialForms, ...functionSpecs.map(docOf)];

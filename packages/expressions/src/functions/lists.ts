import { canonicalJson } from '@counterpoint/core';
import { errors } from '../errors.ts';
import { compareKeys } from '../macros.ts';
import { checkedNumber } from '../operators.ts';
import type { Runtime } from '../runtime.ts';
import { acceptsValue } from '../signature.ts';
import { kindOf } from '../values.ts';
import { writeJson } from './helpers.ts';
import type { FunctionSpec } from './spec.ts';

const group = 'lists';

type List = readonly unknown[];

function identity(value: unknown, runtime: Runtime): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const json = writeJson(value, runtime);
  runtime.charge(20 + (json.length >>> 3));
  // The prefix keeps it apart from a text of the same letters.
  return `\u0000${canonicalJson(value)}`;
}

function unique(list: List, runtime: Runtime): unknown[] {
  const seen = new Set<unknown>();
  return list.filter((item) => {
    const key = identity(item, runtime);
    return !seen.has(key) && seen.add(key);
  });
}

function numbersOf(list: List, name: string, runtime: Runtime): readonly number[] {
  const wrong = list.find((item) => !acceptsValue({ kind: 'number' }, item));
  if (wrong === undefined) return list as readonly number[];
  throw errors.type_mismatch({ what: `${name}()`, expected: 'only numbers', actual: kindOf(wrong) }, runtime.where());
}

function sum(list: List, name: string, runtime: Runtime): number {
  return numbersOf(list, name, runtime).reduce((total, item) => checkedNumber(total + item, total, item, runtime), 0);
}

function extreme(name: string, sign: 1 | -1): FunctionSpec['run'] {
  return (args, runtime) => {
    const [first] = args;
    const list = args.length === 1 && Array.isArray(first) ? (first as List) : args;
    if (list.length === 0) return null;
    return list.reduce((best, item) => (compareKeys(item, best, `${name}()`, runtime) * sign < 0 ? item : best));
  };
}

function size(value: unknown): number {
  if (typeof value === 'string') {
    // Characters, not UTF-16 units: CEL counts code points.
    let count = 0;
    for (const _ of value) count += 1;
    return count;
  }
  return Array.isArray(value) ? value.length : Object.keys(value as object).length;
}

/** Functions on lists. */
export const listFunctions: readonly FunctionSpec[] = [
  {
    name: 'size',
    group,
    signatures: ['size(value: string) -> int', 'size(value: list(dyn)) -> int', 'size(value: map(dyn)) -> int'],
    method: true,
    trusted: true,
    summary: 'How many characters, items or entries there are.',
    examples: [
      { expression: 'size(["a", "b"])', result: 2 },
      { expression: '"héllo".size()', result: 5 },
    ],
    run: ([value], runtime) => {
      if (typeof value === 'string') runtime.charge(value.length >>> 4);
      return size(value);
    },
  },
  {
    name: 'first',
    group,
    signatures: ['first(list: list(T)) -> T'],
    method: true,
    summary: 'The first item; null when the list is empty.',
    examples: [
      { expression: 'first(["10.0.0.5", "10.0.0.6"])', result: '10.0.0.5' },
      { expression: 'coalesce(first([]), "none")', result: 'none' },
    ],
    run: ([list]) => (list as List)[0] ?? null,
  },
  {
    name: 'last',
    group,
    signatures: ['last(list: list(T)) -> T'],
    method: true,
    summary: 'The last item; null when the list is empty.',
    examples: [{ expression: '[1, 2, 3].last()', result: 3 }],
    run: ([list]) => (list as List).at(-1) ?? null,
  },
  {
    name: 'slice',
    group,
    signatures: ['slice(list: list(T), start: int, end?: int) -> list(T)'],
    method: true,
    summary: 'The items from `start` up to, not including, `end`; bounds beyond the list are cut to it.',
    examples: [{ expression: '[1, 2, 3, 4].slice(0, 2)', result: [1, 2] }],
    run: ([list, start, end]) =>
      (list as List).slice(
        Math.max(0, start as number),
        Math.max(0, (end as number | undefined) ?? Number.POSITIVE_INFINITY),
      ),
  },
  {
    name: 'unique',
    group,
    signatures: ['unique(list: list(T)) -> list(T)'],
    method: true,
    summary: 'The list without repeated items; the first of each stays, in order.',
    examples: [{ expression: '["a", "b", "a"].unique()', result: ['a', 'b'] }],
    run: ([list], runtime) => unique(list as List, runtime),
  },
  {
    name: 'sort',
    group,
    signatures: ['sort(list: list(T)) -> list(T)'],
    method: true,
    summary: 'The items in ascending order: all numbers or all texts. For other orders see sort_by.',
    examples: [{ expression: '[3, 1, 2].sort()', result: [1, 2, 3] }],
    run: ([list], runtime) => {
      const { length } = list as List;
      runtime.charge(length * Math.ceil(Math.log2(length + 1)));
      return (list as List).toSorted((a, b) => compareKeys(a, b, 'sort()', runtime));
    },
  },
  {
    name: 'reverse',
    group,
    signatures: ['reverse(list: list(T)) -> list(T)'],
    method: true,
    summary: 'The items in the opposite order.',
    examples: [{ expression: '[1, 2, 3].reverse()', result: [3, 2, 1] }],
    run: ([list]) => (list as List).toReversed(),
  },
  {
    name: 'flatten',
    group,
    signatures: ['flatten(list: list(list(T))) -> list(T)', 'flatten(list: list(T)) -> list(dyn)'],
    method: true,
    summary: 'The items of the inner lists as one list, one level deep; other items stay.',
    examples: [{ expression: '[[1, 2], [3]].flatten()', result: [1, 2, 3] }],
    run: ([list], runtime) => {
      runtime.charge(
        (list as List).reduce<number>((total, item) => total + (Array.isArray(item) ? item.length : 1), 0),
      );
      return (list as List).flat();
    },
  },
  {
    name: 'sum',
    group,
    signatures: ['sum(list: list(number)) -> number'],
    method: true,
    summary: 'The sum of the numbers; 0 when the list is empty.',
    examples: [{ expression: '[1, 2, 3.5].sum()', result: 6.5 }],
    run: ([list], runtime) => sum(list as List, 'sum', runtime),
  },
  {
    name: 'average',
    group,
    signatures: ['average(list: list(number)) -> double'],
    method: true,
    summary: 'The mean of the numbers; null when the list is empty.',
    examples: [
      { expression: 'average([1, 2])', result: 1.5 },
      { expression: 'average([])', result: null },
    ],
    run: ([list], runtime) => {
      const { length } = list as List;
      return length === 0 ? null : sum(list as List, 'average', runtime) / length;
    },
  },
  {
    name: 'min',
    group,
    signatures: ['min(list: list(T)) -> T', 'min(...values: number) -> number'],
    method: true,
    summary: 'The smallest of a list of numbers or texts, or of several numbers; null when the list is empty.',
    examples: [
      { expression: '[30, 10, 20].min()', result: 10 },
      { expression: 'min(5, 3)', result: 3 },
    ],
    run: extreme('min', 1),
  },
  {
    name: 'max',
    group,
    signatures: ['max(list: list(T)) -> T', 'max(...values: number) -> number'],
    method: true,
    summary: 'The largest of a list of numbers or texts, or of several numbers; null when the list is empty.',
    examples: [{ expression: 'max(61, 88, 12)', result: 88 }],
    run: extreme('max', -1),
  },
];

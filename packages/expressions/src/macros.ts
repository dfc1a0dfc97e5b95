import { isCounterpointError } from '@counterpoint/core';
import type { MacroName } from './ast.ts';
import { errors } from './errors.ts';
import { ERROR_COST, type Runtime } from './runtime.ts';
import { at, type Span } from './source.ts';
import { isList, isMap, kindOf, setOwn } from './values.ts';

/** What a macro can do with each item. */
interface Loop {
  readonly runtime: Runtime;
  readonly span: Span;
  /** Pays for one turn. */
  enter(): void;
  /** The body's value for an item. */
  evaluate(item: unknown): unknown;
  /** The body's value for an item, which must be a bool. */
  test(item: unknown): boolean;
  /** Whether the filter (where there is one) lets an item through. */
  keep(item: unknown): boolean;
}

type Macro = (items: readonly unknown[], loop: Loop) => unknown;

/** The items that a macro goes over: those of a list, or the keys of a map. @throws expressions.type_mismatch */
export function elementsOf(value: unknown, macro: MacroName, runtime: Runtime, span: Span): readonly unknown[] {
  if (isList(value)) return value;
  if (isMap(value)) return Object.keys(value);
  runtime.span = span;
  throw errors.type_mismatch({ what: `${macro}()`, expected: 'a list or a map', actual: kindOf(value) }, at(span));
}

/** Orders keys: numbers by value, texts by code unit. @throws expressions.type_mismatch for anything else or a mix */
export function compareKeys(a: unknown, b: unknown, what: string, runtime: Runtime): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b);
  const actual = `${kindOf(a)} and ${kindOf(b)}`;
  throw errors.type_mismatch({ what, expected: 'only numbers or only texts', actual }, runtime.where());
}

function keyed(items: readonly unknown[], loop: Loop): { readonly item: unknown; readonly key: unknown }[] {
  return items.map((item) => {
    loop.enter();
    return { item, key: loop.evaluate(item) };
  });
}

function search(items: readonly unknown[], loop: Loop, decisive: boolean): boolean {
  // CEL: an item that decides makes errors on other items irrelevant, except for exceeded limits.
  let failure: unknown;
  for (const item of items) {
    loop.enter();
    try {
      if (loop.test(item) === decisive) return decisive;
    } catch (error) {
      if (isCounterpointError(error) && LIMITS.has(error.code)) throw error;
      loop.runtime.charge(ERROR_COST);
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decisive;
}

const LIMITS: ReadonlySet<string> = new Set(['expressions.budget_exceeded', 'expressions.output_too_large']);

function best(items: readonly unknown[], loop: Loop, what: string, sign: 1 | -1): unknown {
  let found: { readonly item: unknown; readonly key: unknown } | undefined;
  for (const candidate of keyed(items, loop)) {
    if (!found || compareKeys(candidate.key, found.key, what, loop.runtime) * sign < 0) found = candidate;
  }
  return found?.item ?? null;
}

function groupBy(items: readonly unknown[], loop: Loop): unknown {
  const groups = new Map<string, unknown[]>();
  for (const { item, key } of keyed(items, loop)) {
    if (key !== null && typeof key === 'object') {
      const actual = kindOf(key);
      throw errors.type_mismatch(
        { what: 'A group_by() key', expected: 'a text, number or bool', actual },
        at(loop.span),
      );
    }
    const name = String(key);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  const result: Record<string, unknown> = {};
  for (const [name, group] of groups) setOwn(result, name, group);
  return result;
}

function filterItems(items: readonly unknown[], loop: Loop): unknown[] {
  return items.filter((item) => {
    loop.enter();
    return loop.test(item);
  });
}

/** What each macro does. */
export const macros: Readonly<Record<MacroName, Macro>> = {
  all: (items, loop) => search(items, loop, false),
  exists: (items, loop) => search(items, loop, true),
  exists_one: (items, loop) => filterItems(items, loop).length === 1,
  filter: filterItems,
  map: (items, loop) =>
    items.flatMap((item) => {
      loop.enter();
      return loop.keep(item) ? [loop.evaluate(item)] : [];
    }),
  sort_by: (items, loop) => {
    const pairs = keyed(items, loop);
    loop.runtime.charge(pairs.length * Math.ceil(Math.log2(pairs.length + 1)));
    return pairs.sort((a, b) => compareKeys(a.key, b.key, 'sort_by()', loop.runtime)).map(({ item }) => item);
  },
  group_by: groupBy,
  min_by: (items, loop) => best(items, loop, 'min_by()', 1),
  max_by: (items, loop) => best(items, loop, 'max_by()', -1),
};

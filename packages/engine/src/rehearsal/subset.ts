import type { Json } from '@counterpoint/core';

/** Where a value is not as expected. */
export interface Deviation {
  /** Path from the root, such as `.observables[0].value`; empty for the root itself. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

type JsonMap = { readonly [key: string]: Json };

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST = 200;

/** A value in a message, cut when it is long. */
export function show(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** How `actual` is not at least `expected`: maps may hold more fields, lists have the same length. */
export function deviations(expected: Json, actual: Json | undefined, path = ''): readonly Deviation[] {
  if (isMap(expected) && isMap(actual)) {
    return Object.entries(expected).flatMap(([key, value]) =>
      deviations(value, Object.hasOwn(actual, key) ? actual[key] : undefined, `${path}.${key}`),
    );
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((value: Json, index) => deviations(value, actual[index], `${path}[${index}]`));
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const count = (list: readonly Json[]): string => `${list.length} items ${show(list)}`;
    return [{ path, expected: count(expected), actual: count(actual) }];
  }
  const same = typeof expected !== 'object' || expected === null ? expected === actual : false;
  return same ? [] : [{ path, expected: show(expected), actual: show(actual) }];
}

import type { CounterpointError, ErrorExtras } from '@counterpoint/core';
import { errors } from './errors.ts';
import { MAX_RESULT, type Runtime } from './runtime.ts';

/** A value that may be absent: what `.?` gives. It never leaves an evaluation. */
export class Optional {
  static readonly none: Optional = new Optional(undefined);
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  get present(): boolean {
    return this.value !== undefined;
  }
}

/** A map: plain data with string keys. */
export type PlainMap = Readonly<Record<string, unknown>>;

/** Whether an admitted value is a map. */
export function isMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Optional);
}

/** Whether an admitted value is a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The kind of a value in the words of the type system, for messages and `type()`. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Optional) return 'optional';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'double';
  return typeof value === 'object' ? 'map' : typeof value;
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * The gate between the host's data and the language: lets plain data through as it is (nothing is copied), turns a
 * BigInt into a number, and refuses everything else (functions, class instances, symbols).
 *
 * @throws expressions.not_data, expressions.number_out_of_range
 */
export function admit(value: unknown, runtime: Runtime): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'object':
      if (value === null || Array.isArray(value) || isPlainObject(value) || value instanceof Optional) return value;
      throw notData('an object of a class', runtime.where());
    case 'bigint':
      return exactNumber(value, runtime.where());
    default:
      throw notData(typeof value, runtime.where());
  }
}

function notData(what: string, where: ErrorExtras): CounterpointError {
  return errors.not_data({ what }, where);
}

/** The number that a BigInt is. @throws expressions.number_out_of_range when it would lose digits */
export function exactNumber(value: bigint, where: ErrorExtras): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw errors.number_out_of_range({ number: String(value) }, where);
  return number;
}

/** Sets an own property, also where the key is one that assignment would treat specially. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

/** Equality of data: numbers by value, lists and maps by content, different kinds never equal. */
export function equal(a: unknown, b: unknown, runtime: Runtime): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a)) {
    if (!isList(b) || a.length !== b.length) return false;
    runtime.charge(a.length);
    return a.every((item, index) => equal(item, b[index], runtime));
  }
  if (!isMap(a) || !isMap(b)) {
    return a instanceof Optional && b instanceof Optional && equal(a.value, b.value, runtime);
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  runtime.charge(keys.length);
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key], runtime));
}

/**
 * Checks that a finished value is plain data of bounded size, and opens optionals (an absent one is `null`). Returns
 * the same object where nothing had to change.
 *
 * @throws expressions.not_data, expressions.output_too_large, expressions.number_out_of_range
 */
export function finish(value: unknown, runtime: Runtime): unknown {
  let size = 0;
  const visit = (inner: unknown, depth: number): unknown => {
    const plain = inner instanceof Optional ? (inner.value ?? null) : inner;
    size += typeof plain === 'string' ? plain.length + 2 : 2;
    if (size > MAX_RESULT) throw errors.output_too_large({ limit: MAX_RESULT }, runtime.where());
    if (typeof plain === 'number' && !Number.isFinite(plain)) {
      throw errors.number_out_of_range({ number: plain }, runtime.where());
    }
    if (plain === null || typeof plain !== 'object') return admit(plain, runtime);
    if (depth > 200) throw notData('nested too deeply', runtime.where());
    runtime.charge(1);
    if (Array.isArray(plain)) return visitList(plain, (item) => visit(item, depth + 1));
    return visitMap(admit(plain, runtime) as PlainMap, (item, key) => {
      size += key.length + 3;
      return item === undefined ? undefined : visit(item, depth + 1);
    });
  };
  return visit(value, 0);
}

function visitList(list: readonly unknown[], visit: (item: unknown) => unknown): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    const next = visit(item);
    if (copy) copy.push(next);
    else if (next !== item) copy = [...list.slice(0, index), next];
  }
  return copy ?? list;
}

function visitMap(map: PlainMap, visit: (item: unknown, key: string) => unknown): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(map)) {
    const item = map[key];
    const next = visit(item, key);
    if (next === item) continue;
    copy ??= { ...map };
    setOwn(copy, key, next);
  }
  return copy ?? map;
}

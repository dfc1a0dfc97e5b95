import { type CounterpointError, nearest } from '@counterpoint/core';
import { errors } from './errors.ts';
import type { Runtime } from './runtime.ts';
import { at, didYouMean, type Span } from './source.ts';
import { admit, isList, isMap, kindOf, Optional } from './values.ts';

/** Reads a name of the scope: an own property, or an error. @throws expressions.unknown_name */
export function readName(name: string, runtime: Runtime, span: Span): unknown {
  const value = Object.hasOwn(runtime.scope, name) ? runtime.scope[name] : undefined;
  runtime.span = span;
  if (value === undefined) throw unknownName(name, Object.keys(runtime.scope), span);
  return admit(value, runtime);
}

/** The error for a name that is not in scope. */
export function unknownName(name: string, known: readonly string[], span: Span): CounterpointError {
  const near = nearest(name, known);
  const shown = known.length === 0 ? 'none' : known.slice(0, 12).join(', ');
  return errors.unknown_name({ name, hint: didYouMean(near), known: shown }, at(span, near));
}

/** The part of a map or list at `key`; undefined when there is none. Own properties only. */
function part(target: unknown, key: unknown, runtime: Runtime): unknown {
  if (isMap(target)) {
    return typeof key === 'string' && Object.hasOwn(target, key) ? admitPart(target[key], runtime) : undefined;
  }
  if (isList(target) && typeof key === 'number') return admitPart(target[key], runtime);
  return undefined;
}

function admitPart(value: unknown, runtime: Runtime): unknown {
  return value === undefined ? undefined : admit(value, runtime);
}

/** Optional access: absent when the target is absent or null, or has no such part. */
export function readOptional(target: unknown, key: unknown, runtime: Runtime, span: Span): Optional {
  runtime.span = span;
  const value = part(target instanceof Optional ? target.value : target, key, runtime);
  if (value === undefined) return Optional.none;
  return value instanceof Optional ? value : new Optional(value);
}

/** Reads a field. @throws expressions.no_such_field, field_of_null, type_mismatch when the target has no fields */
export function readField(target: unknown, name: string, runtime: Runtime, span: Span): unknown {
  runtime.span = span;
  if (isMap(target)) {
    const value = Object.hasOwn(target, name) ? target[name] : undefined;
    if (value !== undefined) return admit(value, runtime);
    const near = nearest(name, Object.keys(target).slice(0, 200));
    throw errors.no_such_field({ field: name, hint: didYouMean(near) }, at(span, near));
  }
  if (target instanceof Optional) return readOptional(target, name, runtime, span);
  if (target === null) throw errors.field_of_null({ field: `".${name}"` }, at(span));
  throw errors.type_mismatch({ what: `".${name}"`, expected: 'a map', actual: kindOf(target) }, at(span));
}

/**
 * Reads the item of a list or the entry of a map.
 *
 * @throws expressions.index_out_of_range, no_such_field, field_of_null, type_mismatch
 */
export function readIndex(target: unknown, key: unknown, runtime: Runtime, span: Span): unknown {
  if (target instanceof Optional) return readOptional(target, key, runtime, span);
  runtime.span = span;
  if (isList(target)) {
    if (typeof key !== 'number')
      throw errors.type_mismatch({ what: 'A list index', expected: 'int', actual: kindOf(key) }, at(span));
    const value = part(target, key, runtime);
    if (value === undefined) throw errors.index_out_of_range({ size: target.length, index: key }, at(span));
    return value;
  }
  if (target === null) throw errors.field_of_null({ field: '"[ ]"' }, at(span));
  if (isMap(target) && typeof key === 'string') return readField(target, key, runtime, span);
  const expected = isMap(target) ? 'a text key' : 'a list or a map';
  throw errors.type_mismatch({ what: '"[ ]"', expected, actual: kindOf(isMap(target) ? key : target) }, at(span));
}

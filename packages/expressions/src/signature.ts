import { type ExpressionType, elementType, isMapLike, isNumeric, joinTypes, partOf, types } from './types.ts';
import { isList, isMap, Optional } from './values.ts';

/**
 * A type in a signature. `number` is int or double, and a result `number` is an int when all numbers that went in are.
 * `var` stands for any type, the same wherever its letter appears.
 */
export type SignatureType =
  | { readonly kind: 'dyn' | 'null' | 'bool' | 'int' | 'double' | 'number' | 'string' }
  | { readonly kind: 'list' | 'map'; readonly of: SignatureType }
  | { readonly kind: 'var'; readonly name: string };

/** A parameter of a signature. */
export interface Parameter {
  readonly name: string;
  readonly type: SignatureType;
  readonly optional: boolean;
  readonly rest: boolean;
}

/** A parsed signature. */
export interface Signature {
  readonly text: string;
  readonly parameters: readonly Parameter[];
  readonly result: SignatureType;
}

const SCALARS: ReadonlySet<string> = new Set(['dyn', 'null', 'bool', 'int', 'double', 'number', 'string']);

function parseType(text: string): SignatureType {
  const container = /^(list|map)\((.+)\)$/.exec(text);
  if (container) return { kind: container[1] as 'list' | 'map', of: parseType(container[2] as string) };
  if (SCALARS.has(text)) return { kind: text as 'dyn' };
  return { kind: 'var', name: text };
}

function parseParameter(text: string): Parameter {
  const [, rest, name = '', optional, type = 'dyn'] = /^(\.\.\.)?(\w+)(\?)?: (.+)$/.exec(text) ?? [];
  return { name, type: parseType(type), optional: optional !== undefined, rest: rest !== undefined };
}

/** Reads a signature such as `join(list: list(dyn), separator?: string) -> string`. */
export function parseSignature(text: string): Signature {
  const [, parameters = '', result = 'dyn'] = /^[\w.]+\((.*)\) -> (.+)$/.exec(text) ?? [];
  return {
    text,
    parameters: parameters === '' ? [] : parameters.split(', ').map(parseParameter),
    result: parseType(result),
  };
}

/** How many arguments a signature takes. */
export function countRange(signature: Signature): { readonly min: number; readonly max: number } {
  const { parameters } = signature;
  const min = parameters.filter((one) => !one.optional && !one.rest).length;
  return { min, max: parameters.some((one) => one.rest) ? Number.POSITIVE_INFINITY : parameters.length };
}

/** The parameter that argument `index` goes to. */
export function parameterAt(signature: Signature, index: number): Parameter | undefined {
  return signature.parameters[index] ?? signature.parameters.findLast((one) => one.rest);
}

/** Whether a value can be given for a parameter; the insides of lists and maps are left to the function. */
export function acceptsValue(type: SignatureType, value: unknown): boolean {
  switch (type.kind) {
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value);
    case 'double':
    case 'number':
      return typeof value === 'number';
    case 'null':
      return value === null;
    case 'list':
      return isList(value);
    case 'map':
      return isMap(value);
    default:
      return !(value instanceof Optional);
  }
}

/** What the variables of a signature stand for in one call. `number` is bound under `#`. */
export type Bindings = Map<string, ExpressionType>;

function bindTo(name: string, actual: ExpressionType, bindings: Bindings): true {
  const bound = bindings.get(name);
  bindings.set(name, bound ? joinTypes(bound, actual) : actual);
  return true;
}

/** Whether a value of type `actual` can be given, filling `bindings`. */
export function bindType(type: SignatureType, actual: ExpressionType, bindings: Bindings): boolean {
  if (actual.kind === 'optional') return false;
  switch (type.kind) {
    case 'dyn':
      return true;
    case 'var':
      return bindTo(type.name, actual, bindings);
    case 'number':
      if (isNumeric(actual)) return bindTo('#', actual, bindings);
      return actual.kind === 'dyn';
    case 'double':
      return isNumeric(actual) || actual.kind === 'dyn';
    case 'list':
      return (actual.kind === 'list' || actual.kind === 'dyn') && bindType(type.of, elementType(actual), bindings);
    case 'map':
      return (isMapLike(actual) || actual.kind === 'dyn') && bindType(type.of, elementType(actual), bindings);
    default:
      return actual.kind === type.kind || actual.kind === 'dyn';
  }
}

/** The result type of a call with these bindings. */
export function resultType(type: SignatureType, bindings: Bindings): ExpressionType {
  switch (type.kind) {
    case 'var':
      return bindings.get(type.name) ?? types.dyn;
    case 'number': {
      const bound = bindings.get('#');
      return bound ? partOf(bound, bound.kind === 'int' ? types.int : types.double) : types.double;
    }
    case 'list':
      return types.list(resultType(type.of, bindings));
    case 'map':
      return types.map(resultType(type.of, bindings));
    default:
      return types[type.kind];
  }
}

/** The letters of the variables in a type; `#` for `number`. */
export function variablesOf(type: SignatureType): readonly string[] {
  if (type.kind === 'var') return [type.name];
  if (type.kind === 'number') return ['#'];
  return type.kind === 'list' || type.kind === 'map' ? variablesOf(type.of) : [];
}

/** A parameter type in words. */
export function describeParameter(type: SignatureType): string {
  switch (type.kind) {
    case 'list':
    case 'map':
      return type.of.kind === 'dyn' || type.of.kind === 'var'
        ? type.kind
        : `${type.kind}(${describeParameter(type.of)})`;
    case 'var':
      return 'a value';
    default:
      return type.kind;
  }
}

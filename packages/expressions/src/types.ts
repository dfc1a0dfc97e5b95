/** A field of an object type. `optional` fields may be absent; `untrusted` ones hold what an attacker may have written. */
export interface ObjectField {
  readonly type: ExpressionType;
  readonly optional?: boolean;
  readonly untrusted?: boolean;
}

/**
 * What the checker knows about a value. `dyn` is "anything" and silences checks. An `object` names its fields; when
 * `open`, other fields may exist too. `optional` is what `.?` gives. `untrusted` on any type marks the value (and all
 * that is inside it) as written by someone outside.
 */
export type ExpressionType = { readonly untrusted?: boolean } & (
  | { readonly kind: ScalarKind }
  | { readonly kind: 'list'; readonly items: ExpressionType }
  | { readonly kind: 'map'; readonly values: ExpressionType }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, ObjectField>>; readonly open: boolean }
  | { readonly kind: 'optional'; readonly value: ExpressionType }
);

/** The types without parts. `int` is a whole number. */
type ScalarKind = 'dyn' | 'null' | 'bool' | 'int' | 'double' | 'string';

/** Makes types. */
export const types = {
  dyn: { kind: 'dyn' },
  null: { kind: 'null' },
  bool: { kind: 'bool' },
  int: { kind: 'int' },
  double: { kind: 'double' },
  string: { kind: 'string' },
  list: (items: ExpressionType): ExpressionType => ({ kind: 'list', items }),
  map: (values: ExpressionType): ExpressionType => ({ kind: 'map', values }),
  object: (fields: Readonly<Record<string, ObjectField>>, open = false): ExpressionType => ({
    kind: 'object',
    fields,
    open,
  }),
  optional: (value: ExpressionType): ExpressionType =>
    value.kind === 'optional' ? value : { kind: 'optional', value },
} as const satisfies Record<string, ExpressionType | ((...args: never[]) => ExpressionType)>;

/** `type`, marked as written by someone outside. */
export function untrusted(type: ExpressionType): ExpressionType {
  return type.untrusted ? type : { ...type, untrusted: true };
}

/** The part of `parent` with type `child`: what is inside something untrusted is untrusted. */
export function partOf(parent: ExpressionType, child: ExpressionType): ExpressionType {
  return parent.untrusted ? untrusted(child) : child;
}

/** Whether the value, or anything inside it, is written by someone outside. */
export function isUntrusted(type: ExpressionType): boolean {
  if (type.untrusted) return true;
  switch (type.kind) {
    case 'list':
      return isUntrusted(type.items);
    case 'map':
      return isUntrusted(type.values);
    case 'optional':
      return isUntrusted(type.value);
    case 'object':
      return Object.values(type.fields).some((field) => field.untrusted === true || isUntrusted(field.type));
    default:
      return false;
  }
}

/** The type of a field as it is read: its own marker and its parent's included. */
export function fieldType(parent: ExpressionType, field: ObjectField): ExpressionType {
  return partOf(parent, field.untrusted ? untrusted(field.type) : field.type);
}

/** Whether the type is `int` or `double`. */
export function isNumeric(type: ExpressionType): boolean {
  return type.kind === 'int' || type.kind === 'double';
}

/** What an item of a list, or a value of a map, has in common. */
export function elementType(type: ExpressionType): ExpressionType {
  switch (type.kind) {
    case 'list':
      return partOf(type, type.items);
    case 'map':
      return partOf(type, type.values);
    case 'object':
      return type.open
        ? partOf(type, types.dyn)
        : joinAll(Object.values(type.fields).map((one) => fieldType(type, one)));
    default:
      return partOf(type, types.dyn);
  }
}

/** The narrowest type that holds all of `all`; `dyn` when they have nothing in common or there are none. */
export function joinAll(all: readonly ExpressionType[]): ExpressionType {
  return all.length === 0 ? types.dyn : all.reduce(joinTypes);
}

/** The narrowest type that holds both; `null` gives way to the other. */
export function joinTypes(a: ExpressionType, b: ExpressionType): ExpressionType {
  if (a === b) return a;
  const joined = joinPlain(a, b);
  return a.untrusted || b.untrusted ? untrusted(joined) : joined;
}

function joinPlain(a: ExpressionType, b: ExpressionType): ExpressionType {
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (isNumeric(a) && isNumeric(b)) return a.kind === b.kind ? a : types.double;
  if (a.kind === 'optional' || b.kind === 'optional') {
    return types.optional(joinTypes(a.kind === 'optional' ? a.value : a, b.kind === 'optional' ? b.value : b));
  }
  if (a.kind === 'list' && b.kind === 'list') return types.list(joinTypes(a.items, b.items));
  if (a.kind === 'object' && b.kind === 'object') return joinObjects(a, b);
  if (isMapLike(a) && isMapLike(b)) return types.map(joinTypes(elementType(a), elementType(b)));
  if (a.kind === b.kind) return a;
  return isUntrusted(a) || isUntrusted(b) ? untrusted(types.dyn) : types.dyn;
}

type ObjectType = Extract<ExpressionType, { kind: 'object' }>;

function joinObjects(a: ObjectType, b: ObjectType): ExpressionType {
  const fields: Record<string, ObjectField> = Object.create(null);
  for (const name of new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])) {
    const left = ownField(a, name);
    const right = ownField(b, name);
    const optional = !left || !right || left.optional === true || right.optional === true;
    const type = joinAll([left, right].flatMap((field) => (field ? [fieldType({ kind: 'dyn' }, field)] : [])));
    fields[name] = optional ? { type, optional } : { type };
  }
  return types.object(fields, a.open || b.open);
}

/** Whether the value is a map or an object. */
export function isMapLike(type: ExpressionType): boolean {
  return type.kind === 'map' || type.kind === 'object';
}

/** The declared field `name`, never one of a prototype. */
export function ownField(type: ObjectType, name: string): ObjectField | undefined {
  return Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
}

/** The type in the words of the reference: `list(string)`, `{host: string, port?: int}`. At most two levels of fields. */
export function describeType(type: ExpressionType, depth = 2): string {
  switch (type.kind) {
    case 'list':
      return `list(${describeType(type.items, depth)})`;
    case 'map':
      return `map(${describeType(type.values, depth)})`;
    case 'optional':
      return `optional(${describeType(type.value, depth)})`;
    case 'object': {
      if (depth === 0) return 'object';
      const fields = Object.entries(type.fields).map(
        ([name, field]) => `${name}${field.optional ? '?' : ''}: ${describeType(field.type, depth - 1)}`,
      );
      return `{${[...fields, ...(type.open ? ['…'] : [])].join(', ')}}`;
    }
    default:
      return type.kind;
  }
}

/**
 * Whether a value of type `from` can be given where `to` is wanted. `dyn` fits everywhere, an `int` is a `double`, and
 * an object needs every field that `to` does not call optional. An optional value does not fit a plain type.
 */
export function isAssignable(from: ExpressionType, to: ExpressionType): boolean {
  if (from.kind === 'dyn' || to.kind === 'dyn') return true;
  if (to.kind === 'optional') return isAssignable(from.kind === 'optional' ? from.value : from, to.value);
  if (to.kind === 'double') return isNumeric(from);
  if (to.kind === 'list') return from.kind === 'list' && isAssignable(from.items, to.items);
  if (to.kind === 'map') return isMapLike(from) && isAssignable(elementType(from), to.values);
  if (to.kind === 'object') return from.kind === 'map' || (from.kind === 'object' && fieldsAssignable(from, to));
  return from.kind === to.kind;
}

function fieldsAssignable(from: ObjectType, to: ObjectType): boolean {
  return Object.entries(to.fields).every(([name, wanted]) => {
    const given = ownField(from, name);
    if (!given) return wanted.optional === true || from.open;
    return (wanted.optional === true || given.optional !== true) && isAssignable(given.type, wanted.type);
  });
}

import { type ExpressionType, joinAll, joinTypes, type ObjectField, types, untrusted } from './types.ts';

/** A JSON Schema (any recent draft), as far as types are concerned; other keywords are ignored. `true` is "anything". */
export type JsonSchemaLike = boolean | { readonly [keyword: string]: unknown };

type SchemaObject = Exclude<JsonSchemaLike, boolean>;

const MAX_DEPTH = 16;

interface Walk {
  readonly root: SchemaObject;
  readonly depth: number;
}

/**
 * The type that a JSON Schema describes.
 *
 * - Fields that `required` does not name are optional, unless they have a `default`.
 * - An object with `properties` is closed unless `additionalProperties` is `true` or a schema: a field that its author
 *   did not name is taken as a mistake. One without `properties` is a map.
 * - A union with `null` is the other type; any other union is what its members have in common.
 * - `untrusted: true` or `x-untrusted: true` marks what someone outside may have written.
 * - Local `$ref`s are followed; recursive ones end in `dyn`.
 */
export function typeFromJsonSchema(schema: JsonSchemaLike): ExpressionType {
  return typeOf(schema, { root: isObject(schema) ? schema : {}, depth: 0 });
}

function isObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): JsonSchemaLike {
  return isObject(value) || typeof value === 'boolean' ? value : true;
}

function typeOf(schema: JsonSchemaLike, walk: Walk): ExpressionType {
  if (typeof schema === 'boolean' || walk.depth > MAX_DEPTH) return types.dyn;
  const type = plainType(schema, { ...walk, depth: walk.depth + 1 });
  return schema.untrusted === true || schema['x-untrusted'] === true ? untrusted(type) : type;
}

function plainType(schema: SchemaObject, walk: Walk): ExpressionType {
  if (typeof schema.$ref === 'string') return typeOf(resolve(schema.$ref, walk.root), walk);
  if (Array.isArray(schema.allOf)) return mergeAll(schema, schema.allOf, walk);
  const union = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(union) && union.length > 0) return joinAll(union.map((one) => typeOf(asSchema(one), walk)));
  if (Array.isArray(schema.type)) {
    return joinAll(schema.type.map((type: unknown) => typeNamed(String(type), schema, walk)));
  }
  if (typeof schema.type === 'string') return typeNamed(schema.type, schema, walk);
  if ('const' in schema) return typeOfValue(schema.const);
  if (Array.isArray(schema.enum)) return joinAll(schema.enum.map(typeOfValue));
  if (isObject(schema.properties)) return objectType(schema, walk);
  return 'items' in schema ? typeNamed('array', schema, walk) : types.dyn;
}

function typeNamed(name: string, schema: SchemaObject, walk: Walk): ExpressionType {
  switch (name) {
    case 'null':
      return types.null;
    case 'boolean':
      return types.bool;
    case 'integer':
      return types.int;
    case 'number':
      return types.double;
    case 'string':
      return types.string;
    case 'array':
      return types.list(typeOf(asSchema(schema.items), walk));
    case 'object':
      return objectType(schema, walk);
    default:
      return types.dyn;
  }
}

function objectType(schema: SchemaObject, walk: Walk): ExpressionType {
  const extra = schema.additionalProperties;
  if (!isObject(schema.properties)) {
    return types.map(extra === undefined || extra === false ? types.dyn : typeOf(asSchema(extra), walk));
  }
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const fields: Record<string, ObjectField> = Object.create(null);
  for (const [name, value] of Object.entries(schema.properties)) {
    const property = asSchema(value);
    const type = typeOf(property, walk);
    const present = required.has(name) || (isObject(property) && 'default' in property);
    fields[name] = present ? { type } : { type, optional: true };
  }
  return types.object(fields, extra === true || isObject(extra));
}

function typeOfValue(value: unknown): ExpressionType {
  if (value === null) return types.null;
  if (typeof value === 'string') return types.string;
  if (typeof value === 'boolean') return types.bool;
  if (typeof value === 'number') return Number.isInteger(value) ? types.int : types.double;
  return types.dyn;
}

/** All of several objects: their fields together. */
function mergeAll(schema: SchemaObject, all: readonly unknown[], walk: Walk): ExpressionType {
  const { allOf: _allOf, ...rest } = schema;
  const parts = [...all.map((one) => typeOf(asSchema(one), walk)), ...(restHasType(rest) ? [typeOf(rest, walk)] : [])];
  const objects = parts.filter((part) => part.kind === 'object');
  if (objects.length !== parts.length || objects.length === 0)
    return parts.find((part) => part.kind !== 'dyn') ?? types.dyn;
  const fields: Record<string, ObjectField> = Object.create(null);
  for (const object of objects) {
    for (const [name, field] of Object.entries(object.fields)) {
      const known = fields[name];
      fields[name] = known ? { type: joinTypes(known.type, field.type) } : field;
    }
  }
  return types.object(
    fields,
    objects.some((object) => object.open),
  );
}

function restHasType(rest: SchemaObject): boolean {
  return 'type' in rest || 'properties' in rest || 'items' in rest;
}

function resolve(ref: string, root: SchemaObject): JsonSchemaLike {
  if (!ref.startsWith('#')) return true;
  let found: unknown = root;
  for (const part of ref.slice(1).split('/').filter(Boolean)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return asSchema(found);
}

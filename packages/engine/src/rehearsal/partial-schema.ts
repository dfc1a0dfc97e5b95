import type { JsonSchema } from '@counterpoint/connector-kit';
import { type Json, nearest } from '@counterpoint/core';
import { type DocumentNode, nodeAt, type Position, toJson, validateValue } from '@counterpoint/playbook';

/** How a part of a value contradicts a schema. */
export type Contradiction =
  | { readonly kind: 'field'; readonly position: Position; readonly field: string; readonly near: string | undefined }
  | { readonly kind: 'value'; readonly position: Position; readonly reason: string };

/**
 * How `node` contradicts `schema` when it need not be complete: missing fields are no contradiction, fields that a
 * schema with named fields does not know are one, unless it allows others.
 */
export function contradictions(schema: JsonSchema, node: DocumentNode): readonly Contradiction[] {
  const unknown = [...unknownFields(schema, node)];
  const wrong = validateValue(partialOf(schema), toJson(node)).map(
    ({ path, reason }): Contradiction => ({ kind: 'value', position: nodeAt(node, path).position, reason }),
  );
  return [...unknown, ...wrong];
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* unknownFields(schema: JsonSchema, node: DocumentNode): Generator<Contradiction> {
  const { items, properties, additionalProperties } = schema;
  if (node.kind === 'list' && isSchema(items)) for (const item of node.items) yield* unknownFields(items, item);
  if (node.kind !== 'map' || !isSchema(properties)) return;
  const names = Object.keys(properties);
  const closed = additionalProperties === false || (additionalProperties === undefined && !branches(schema));
  for (const { key, keyPosition, value } of node.entries) {
    const inner = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (isSchema(inner)) yield* unknownFields(inner, value);
    else if (inner === undefined && closed) {
      yield { kind: 'field', position: keyPosition, field: key, near: nearest(key, names) };
    }
  }
}

/** Whether fields may be named elsewhere in the schema. */
function branches(schema: JsonSchema): boolean {
  return ['allOf', 'anyOf', 'oneOf', '$ref', 'if', 'patternProperties', 'dependentSchemas'].some(
    (keyword) => keyword in schema,
  );
}

/** Keywords that speak of what is missing, or that judge by what is there. */
const WHOLE: ReadonlySet<string> = new Set([
  'required',
  'minProperties',
  'minItems',
  'contains',
  'minContains',
  'dependentRequired',
  'dependentSchemas',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'not',
  'if',
  'then',
  'else',
]);
/** Keywords whose value holds data, not schemas. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples']);

const partials = new WeakMap<JsonSchema, JsonSchema>();

function partialOf(schema: JsonSchema): JsonSchema {
  const known = partials.get(schema) ?? (relax(schema, true) as JsonSchema);
  partials.set(schema, known);
  return known;
}

function relax(value: Json, isKeywords: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => relax(item, true));
  if (!isSchema(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    if (!isKeywords) return [[key, relax(inner, true)]];
    if (WHOLE.has(key)) return [];
    if (DATA.has(key)) return [[key, inner]];
    // Several alternatives may fit when fields are missing.
    if (key === 'oneOf') return [['anyOf', relax(inner, true)]];
    return [[key, relax(inner, !['properties', 'patternProperties', '$defs'].includes(key))]];
  });
  return Object.fromEntries(entries);
}

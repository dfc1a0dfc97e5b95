import type { JsonSchema } from '@counterpoint/connector-kit';
import { type Json, nearest } from '@counterpoint/core';
import {
  describeType,
  type ExpressionType,
  isAssignable,
  type TemplateCheckResult,
  typeFromJsonSchema,
} from '@counterpoint/expressions';
import { type DocumentNode, entryOf, nodeAt, toJson } from '../document/node.ts';
import type { Position } from '../plan.ts';
import { validateValue } from '../validate.ts';

/** One way in which a map of templates does not fit a schema. */
export type Misfit =
  | { readonly kind: 'unknown'; readonly name: string; readonly position: Position; readonly near: string | undefined }
  | { readonly kind: 'missing'; readonly name: string }
  | {
      readonly kind: 'type';
      readonly name: string;
      readonly position: Position;
      readonly expected: string;
      readonly actual: string;
    }
  | { readonly kind: 'value'; readonly name: string; readonly position: Position; readonly reason: string };

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema of a property; an empty one when it says nothing. */
function propertySchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const properties = schema.properties;
  if (!isSchema(properties) || !Object.hasOwn(properties, name)) return undefined;
  const property = properties[name];
  return isSchema(property) ? property : {};
}

function propertyNames(schema: JsonSchema): readonly string[] {
  return isSchema(schema.properties) ? Object.keys(schema.properties) : [];
}

/** Whether objects of this schema may have fields that it does not name. */
function isOpen(schema: JsonSchema): boolean {
  return !isSchema(schema.properties) || schema.additionalProperties === true || isSchema(schema.additionalProperties);
}

/**
 * How a map of templates does not fit an object schema: names, constants by value, everything else by type.
 *
 * @param node the map, undefined when none was written
 */
export function misfits(
  node: DocumentNode | undefined,
  schema: JsonSchema,
  checked: TemplateCheckResult | undefined,
): readonly Misfit[] {
  if (node && node.kind !== 'map') return [];
  const found: Misfit[] = [];
  for (const { key, keyPosition, value } of node?.entries ?? []) {
    const property = propertySchema(schema, key);
    if (property) found.push(...valueMisfits(key, value, property, checked));
    else if (!isOpen(schema)) {
      found.push({ kind: 'unknown', name: key, position: keyPosition, near: nearest(key, propertyNames(schema)) });
    }
  }
  for (const name of Array.isArray(schema.required) ? schema.required.map(String) : []) {
    const property = propertySchema(schema, name);
    if (!entryOf(node, name) && !(property && 'default' in property)) found.push({ kind: 'missing', name });
  }
  return found;
}

function valueMisfits(
  name: string,
  node: DocumentNode,
  schema: JsonSchema,
  checked: TemplateCheckResult | undefined,
): readonly Misfit[] {
  const inside = checked?.pieces.some((piece) => piece.path[0] === name);
  if (!inside) {
    return validateValue(schema, toJson(node)).map(({ path, reason }) => ({
      kind: 'value',
      name,
      position: nodeAt(node, path).position,
      reason,
    }));
  }
  // A wrong expression has its own finding; its type is a guess.
  if (checked?.findings.some((finding) => finding.path[0] === name)) return [];
  const actual = fieldType(checked?.type, name);
  const expected = typeFromJsonSchema(schema);
  if (!actual || isAssignable(actual, expected)) return [];
  const types = { expected: describeType(expected), actual: describeType(actual) };
  return [{ kind: 'type', name, position: node.position, ...types }];
}

function fieldType(type: ExpressionType | undefined, name: string): ExpressionType | undefined {
  return type?.kind === 'object' && Object.hasOwn(type.fields, name) ? type.fields[name]?.type : undefined;
}

/** Whether a marker (`query`, `untrusted`) stands on the schema at `path`, or on one around it. */
export function isMarked(schema: JsonSchema, path: readonly (string | number)[], marker: string): boolean {
  let current: JsonSchema | undefined = schema;
  for (const part of path) {
    const items: Json | undefined = current.items;
    current = typeof part === 'number' ? (isSchema(items) ? items : undefined) : propertySchema(current, part);
    if (!current) return false;
    if (current[marker] === true) return true;
  }
  return false;
}

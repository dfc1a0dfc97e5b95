import type { JsonSchema } from '@counterpoint/connector-kit';
import type { Json } from '@counterpoint/core';
import { type DocumentNode, entryOf, type MapNode, toJson } from '../document/node.ts';
import type { InputDeclaration } from '../plan.ts';
import { schemaProblem, validateValue } from '../validate.ts';
import type { Part, Reading } from './context.ts';
import { asMap, child, flag, isName } from './fields.ts';

/** A node that must be a JSON Schema. */
export function asSchema(node: DocumentNode, field: string, reading: Reading): JsonSchema | undefined {
  const map = asMap(node, field, reading);
  if (!map) return undefined;
  const schema = toJson(map) as JsonSchema;
  const problem = schemaProblem(schema);
  if (problem) reading.report.add('schema', map.position, { field, reason: problem });
  return problem ? undefined : schema;
}

/** One field of a form or one input: a JSON Schema with `required` (default: there is no `default`) beside it. */
function readDeclaration(node: MapNode, field: string, reading: Reading): InputDeclaration {
  const rest: MapNode = { ...node, entries: node.entries.filter((entry) => entry.key !== 'required') };
  const schema = asSchema(rest, field, reading) ?? {};
  const fallback = entryOf(node, 'default');
  const value: Json | undefined = fallback && toJson(fallback.value);
  if (fallback && value !== undefined) {
    const [problem] = validateValue(schema, value);
    if (problem) {
      reading.report.add('default_value', fallback.value.position, { field, reason: problem.reason });
    }
  }
  const required = flag({ node, name: field }, 'required', value === undefined, reading);
  return { schema, default: value, required };
}

/** `{name: {type, default, required, …}}`. */
export function readDeclarations(
  part: Part,
  field: string,
  reading: Reading,
): Readonly<Record<string, InputDeclaration>> {
  const node = child(part, field);
  const map = node && asMap(node, field, reading);
  const found: [string, InputDeclaration][] = [];
  for (const { key, keyPosition, value } of map?.entries ?? []) {
    if (!isName(key)) reading.report.add('invalid_name', keyPosition, { name: key, field });
    const inner = asMap(value, `${field}.${key}`, reading);
    if (inner) found.push([key, readDeclaration(inner, `${field}.${key}`, reading)]);
  }
  return Object.fromEntries(found);
}

/** A form as one JSON Schema: an object with the declared fields and no others. */
export function readForm(part: Part, field: string, reading: Reading): JsonSchema | undefined {
  if (!child(part, field)) return undefined;
  const fields = Object.entries(readDeclarations(part, field, reading));
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, one]) => [name, one.schema])),
    required: fields.filter(([, one]) => one.required).map(([name]) => name),
    additionalProperties: false,
  };
}

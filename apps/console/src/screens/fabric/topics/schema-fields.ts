import type { Json, JsonObject } from '@counterpoint/core';

/** One field of the data of a topic, in a list with dotted names. */
export interface SchemaField {
  /** Dotted, `[]` behind a list: `hosts[].ip`. */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  /** Its values come from tools or mails. */
  readonly untrusted: boolean;
}

const DEPTH = 6;
const MOST = 300;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeWords(schema: JsonObject): string {
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const { type, format, items } = schema;
  const names = Array.isArray(type)
    ? type.join(' or ')
    : typeof type === 'string'
      ? type
      : isObject(schema.properties)
        ? 'object'
        : 'any';
  if (names === 'array' && isObject(items)) return `list of ${typeWords(items)}`;
  return typeof format === 'string' ? `${names} (${format})` : names;
}

function fieldsIn(schema: JsonObject, prefix: string, depth: number): readonly SchemaField[] {
  if (!isObject(schema.properties) || depth > DEPTH) return [];
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
  return Object.entries(schema.properties).flatMap(([key, inner]): readonly SchemaField[] => {
    if (!isObject(inner)) return [];
    const name = `${prefix}${key}`;
    const field: SchemaField = {
      ...{ name, type: typeWords(inner), required: required.has(key), untrusted: inner.untrusted === true },
      description: typeof inner.description === 'string' ? inner.description : '',
    };
    const items = isObject(inner.items) ? inner.items : undefined;
    const deeper = items ? fieldsIn(items, `${name}[].`, depth + 1) : fieldsIn(inner, `${name}.`, depth + 1);
    return [field, ...deeper];
  });
}

/** The fields that a JSON Schema of an object names, with those inside; none where it names none. At most 300. */
export function fieldsOf(schema: Json): readonly SchemaField[] {
  return isObject(schema) ? fieldsIn(schema, '', 0).slice(0, MOST) : [];
}

import type { JsonSchema } from '@counterpoint/connector-kit';
import type { Json, JsonObject } from '@counterpoint/core';
import { validateValue } from '@counterpoint/playbook';

const DEEPEST = 8;
/** Values of the formats of JSON Schema, from the ranges that are kept for documentation. */
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  hostname: 'host.example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  'uri-reference': '/example',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * A value that a JSON Schema allows: the same for the same schema. Fields that `like` has too take its values where the
 * schema allows them, so that what is simulated is about what was asked. A schema whose demands cannot be met by
 * looking at it (such as a pattern) may get a value that it does not allow.
 *
 * @param name tells strings apart: `example-<name>`
 */
export function exampleOf(schema: JsonSchema, like: JsonObject = {}, name = 'value'): Json {
  return example({ root: schema, like }, schema, name, 0);
}

interface Making {
  readonly root: JsonSchema;
  readonly like: JsonObject;
}

function example(making: Making, schema: JsonSchema, name: string, depth: number): Json {
  const given = [schema.const, schema.default, first(schema.enum), first(schema.examples)].find(
    (value) => value !== undefined,
  );
  if (given !== undefined) return given;
  const alternative = first(schema.anyOf) ?? first(schema.oneOf) ?? referred(making.root, schema.$ref);
  if (isSchema(alternative) && depth < DEEPEST) return example(making, alternative, name, depth + 1);
  if (Array.isArray(schema.allOf)) {
    const parts = schema.allOf.filter(isSchema).map((part) => example(making, part, name, depth + 1));
    if (parts.every(isSchema)) return Object.assign({}, ...parts) as JsonObject;
  }
  return byType(making, schema, name, depth);
}

function byType(making: Making, schema: JsonSchema, name: string, depth: number): Json {
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(making, schema, depth);
    case 'array':
      return arrayOf(making, schema, name, depth);
    case 'string':
      return textOf(schema, name);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function typeOf({ type, properties, items }: JsonSchema): Json | undefined {
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null';
  if (type !== undefined) return type;
  return properties === undefined ? (items === undefined ? 'object' : 'array') : 'object';
}

function objectOf(making: Making, { properties, required }: JsonSchema, depth: number): JsonObject {
  const all = isSchema(properties) ? Object.entries(properties) : [];
  const needed = Array.isArray(required) ? required : [];
  const fields = depth < DEEPEST ? all : all.filter(([name]) => needed.includes(name));
  return Object.fromEntries(
    fields.flatMap(([name, schema]): [string, Json][] => {
      if (!isSchema(schema) || depth > 2 * DEEPEST) return [];
      const like = depth === 0 && Object.hasOwn(making.like, name) ? making.like[name] : undefined;
      const fits = like !== undefined && validateValue(schema, like).length === 0;
      return [[name, fits ? like : example(making, schema, name, depth + 1)]];
    }),
  );
}

function arrayOf(making: Making, { items, minItems }: JsonSchema, name: string, depth: number): Json {
  if (!isSchema(items) || depth >= DEEPEST) return [];
  const length = typeof minItems === 'number' ? Math.max(1, minItems) : 1;
  return Array.from({ length }, () => example(making, items, name, depth + 1));
}

function textOf({ format, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonSchema, name: string): string {
  if (typeof format === 'string' && FORMATS[format] !== undefined) return FORMATS[format];
  return `example-${name}`.padEnd(Number(minLength), '-').slice(0, Number(maxLength));
}

function numberOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: JsonSchema): number {
  const step = typeof multipleOf === 'number' ? multipleOf : 1;
  const lowest = typeof minimum === 'number' ? minimum : undefined;
  const above = typeof exclusiveMinimum === 'number' ? exclusiveMinimum + step : undefined;
  const highest = typeof maximum === 'number' ? maximum : undefined;
  const below = typeof exclusiveMaximum === 'number' ? exclusiveMaximum - step : undefined;
  const value = Math.max(0, lowest ?? above ?? 0);
  const top = highest ?? below ?? value;
  return Math.ceil(Math.min(value, top) / step) * step;
}

function referred(root: JsonSchema, ref: Json | undefined): Json | undefined {
  if (typeof ref !== 'string' || !ref.startsWith('#/')) return undefined;
  return ref
    .slice(2)
    .split('/')
    .reduce<Json | undefined>((value, key) => (isSchema(value) ? value[key] : undefined), root);
}

function first(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? value[0] : undefined;
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

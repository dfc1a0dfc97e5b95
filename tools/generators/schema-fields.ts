import type { JsonSchema } from '@counterpoint/connector-kit';
import { table } from './markdown.ts';

/** One field of a schema, with the fields inside it written as `list[].field` and `map.field`. */
interface Field {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

function isSchema(value: unknown): value is JsonSchema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function fieldsOf(schema: JsonSchema, prefix: string): Field[] {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return properties.flatMap(([name, inner]) => {
    if (!isSchema(inner)) return [];
    const path = prefix + name;
    const items = isSchema(inner.items) ? fieldsOf(inner.items, `${path}[].`) : [];
    return [{ path, schema: inner, required: required.includes(name) }, ...fieldsOf(inner, `${path}.`), ...items];
  });
}

const quoted = (values: readonly unknown[]) => values.map((value) => `\`${String(value)}\``).join(', ');

/** A schema's type in words: `text`, `integer or null`, `one of …`, `list of text`. */
export function typeInWords(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return `one of ${quoted(schema.enum)}`;
  if (schema.const !== undefined) return `always ${quoted([schema.const])}`;
  for (const choice of [schema.anyOf, schema.oneOf])
    if (Array.isArray(choice)) return choice.map((one) => (isSchema(one) ? typeInWords(one) : 'anything')).join(' or ');
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'anything'];
  return kinds
    .map((kind) => {
      if (kind === 'string') return 'text';
      if (kind === 'array') return isSchema(schema.items) ? `list of ${typeInWords(schema.items)}` : 'list';
      return kind === 'object' ? 'map' : String(kind);
    })
    .join(' or ');
}

const BOUNDS: readonly (readonly [keyword: string, words: (value: string) => string])[] = [
  ['minimum', (value) => `at least ${value}`],
  ['maximum', (value) => `at most ${value}`],
  ['minLength', (value) => `at least ${value} characters`],
  ['maxLength', (value) => `at most ${value} characters`],
  ['maxItems', (value) => `at most ${value} items`],
  ['pattern', (value) => `matches \`${value}\``],
  ['default', (value) => `default \`${value}\``],
];

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function remarks({ schema }: Field): string {
  const bounds = BOUNDS.flatMap(([keyword, words]) =>
    schema[keyword] === undefined ? [] : [words(textOf(schema[keyword]))],
  );
  const marks = [
    schema.secret === true ? 'secret: kept in the vault' : '',
    schema.untrusted === true ? 'untrusted: an attacker may have chosen it' : '',
    schema.query === true ? 'a query: nothing may be interpolated into it' : '',
  ];
  return [...bounds, ...marks].filter((text) => text !== '').join('; ');
}

/** The fields of an object schema as a table; `none` is said when there are none. */
export function fieldTable(schema: JsonSchema, none: string): string {
  const fields = fieldsOf(schema, '');
  if (fields.length === 0) return none;
  return table(
    ['field', 'type', 'required', 'meaning', 'remarks'],
    fields.map((field) => [
      `\`${field.path}\``,
      typeInWords(field.schema),
      field.required ? 'yes' : '',
      String(field.schema.description ?? ''),
      remarks(field),
    ]),
  );
}

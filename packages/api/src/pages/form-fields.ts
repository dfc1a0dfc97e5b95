import type { Json, JsonObject } from '@counterpoint/core';

/** How a field is shown. */
export type FieldKind = 'text' | 'area' | 'number' | 'check' | 'choice' | 'lines';

/** One field of a form that is shown as HTML. */
export interface FormField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly title: string;
  readonly description: string;
  readonly required: boolean;
  /** `type` of the input element. */
  readonly input: string;
  readonly step: string;
  readonly choices: readonly Json[];
  readonly fallback: Json | undefined;
}

/** Texts that may be longer than this get several lines. */
const LONG = 200;

const INPUTS: Readonly<Record<string, string>> = { email: 'email', uri: 'url', date: 'date' };

/** The fields of a form: a JSON Schema of an object whose properties are scalars or lists of texts. */
export function fieldsOf(form: JsonObject): readonly FormField[] {
  const properties = (form.properties ?? {}) as Readonly<Record<string, JsonObject>>;
  const required = (form.required ?? []) as readonly string[];
  return Object.entries(properties).map(([name, schema]) => fieldOf(name, schema, required.includes(name)));
}

function fieldOf(name: string, schema: JsonObject, required: boolean): FormField {
  const kind = kindOf(schema);
  return {
    name,
    kind,
    title: textOf(schema.title) ?? name.replaceAll('_', ' '),
    description: textOf(schema.description) ?? '',
    required: required && kind !== 'check',
    input: kind === 'number' ? 'number' : (INPUTS[textOf(schema.format) ?? ''] ?? 'text'),
    step: schema.type === 'integer' ? '1' : 'any',
    choices: Array.isArray(schema.enum) ? schema.enum : [],
    fallback: schema.default,
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function kindOf(schema: JsonObject): FieldKind {
  if (Array.isArray(schema.enum)) return 'choice';
  switch (schema.type) {
    case 'boolean':
      return 'check';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return 'lines';
    default:
      return typeof schema.maxLength === 'number' && schema.maxLength <= LONG ? 'text' : longOrFormat(schema);
  }
}

function longOrFormat({ format, maxLength }: JsonObject): FieldKind {
  return format === undefined && typeof maxLength === 'number' && maxLength > LONG ? 'area' : 'text';
}

/** What was entered, as data of the form; what was left empty is left out. Whether it is valid is for the schema to say. */
export function dataOf(fields: readonly FormField[], entered: URLSearchParams): JsonObject {
  const data: Record<string, Json> = {};
  for (const field of fields) {
    const value = enteredIn(field, entered.get(field.name));
    if (value !== undefined) data[field.name] = value;
  }
  return data;
}

function enteredIn({ kind, choices }: FormField, text: string | null): Json | undefined {
  if (kind === 'check') return text !== null;
  if (text === null || text.trim() === '') return undefined;
  if (kind === 'number') return Number.isFinite(Number(text)) ? Number(text) : text;
  if (kind === 'choice') return choices.find((choice) => String(choice) === text) ?? text;
  if (kind === 'lines') return text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return text;
}

import type { JsonSchema } from '@counterpoint/connector-kit';
import { type Json, loadLater } from '@counterpoint/core';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';

/** One way in which a value does not match a schema. */
export interface Mismatch {
  /** Keys and indexes from the root of the value. */
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

const loadAjv = loadLater<typeof import('ajv/dist/2020.js')>('ajv/dist/2020.js', import.meta.url);
const loadFormats = loadLater<typeof import('ajv-formats')['default']>('ajv-formats', import.meta.url);
const VOCABULARY = ['untrusted', 'secret', 'query'] as const;

/** Patterns run in linear time: a document's author chooses them, and somebody else the text. */
const linearPatterns = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    // Ajv keeps patterns under what toString gives.
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern };
  },
  // Ajv wants to know how standalone code would make one; there is none.
  { code: 'linearPatterns' },
);

let shared: Ajv2020 | undefined;
const compiled = new WeakMap<JsonSchema, ValidateFunction | string>();

function ajv(): Ajv2020 {
  if (!shared) {
    const code = { regExp: linearPatterns };
    shared = new (loadAjv().Ajv2020)({ allErrors: true, strict: false, logger: false, code });
    loadFormats().default(shared, { mode: 'fast' });
    for (const keyword of VOCABULARY) shared.addKeyword({ keyword, schemaType: 'boolean' });
  }
  return shared;
}

function compile(schema: JsonSchema): ValidateFunction | string {
  let result = compiled.get(schema);
  if (result === undefined) {
    try {
      result = '$async' in schema ? '$async is not a keyword of JSON Schema' : compileAlone(schema);
    } catch (error) {
      result = error instanceof Error ? error.message : String(error);
    }
    compiled.set(schema, result);
  }
  return result;
}

/** Compiles without leaving anything in the shared instance, so that equal `$id`s do not meet. */
function compileAlone(schema: JsonSchema): ValidateFunction {
  const { $id: _id, ...rest } = schema;
  try {
    return ajv().compile(rest);
  } finally {
    ajv().removeSchema(rest);
  }
}

/** Why `schema` is not a JSON Schema (2020-12); undefined when it is one. */
export function schemaProblem(schema: JsonSchema): string | undefined {
  const result = compile(schema);
  return typeof result === 'string' ? result : undefined;
}

/** How a value does not match a schema; none when it does, or when the schema itself is not valid. */
export function validateValue(schema: JsonSchema, value: Json): readonly Mismatch[] {
  const validate = compile(schema);
  if (typeof validate === 'string' || holds(validate, value)) return [];
  return (validate.errors ?? []).map((error) => ({ path: pathOf(error.instancePath), reason: reasonOf(error) }));
}

function holds(validate: ValidateFunction, value: Json): boolean {
  try {
    return validate(value);
  } catch (error) {
    // A schema that refers to itself without getting anywhere.
    if (!(error instanceof RangeError)) throw error;
    validate.errors = [
      {
        instancePath: '',
        schemaPath: '',
        keyword: '$ref',
        params: {},
        message: 'cannot be compared: the schema never ends',
      },
    ];
    return false;
  }
}

function pathOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function reasonOf(error: ErrorObject): string {
  const at = error.instancePath === '' ? 'it' : error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'enum') {
    const values = (error.params as { allowedValues: readonly unknown[] }).allowedValues.map((one) =>
      JSON.stringify(one),
    );
    return `${at} must be one of ${values.join(', ')}`;
  }
  if (error.keyword === 'additionalProperties') {
    return `${at} has the unknown field "${(error.params as { additionalProperty: string }).additionalProperty}"`;
  }
  return `${at} ${error.message ?? 'is not valid'}`;
}

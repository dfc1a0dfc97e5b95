import { loadLater } from '@counterpoint/core';
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from './manifest.ts';

const loadAjv = loadLater<typeof import('ajv/dist/2020.js')>('ajv/dist/2020.js', import.meta.url);
const loadFormats = loadLater<typeof import('ajv-formats')['default']>('ajv-formats', import.meta.url);

/** Our own keywords: marks that say something about a field and never refuse a value. */
const MARKS = ['untrusted', 'secret', 'query'];

let compiler: Ajv2020 | undefined;
const validators = new WeakMap<JsonSchema, ValidateFunction>();

function createCompiler(): Ajv2020 {
  const ajv = new (loadAjv().Ajv2020)({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    addUsedSchema: false,
  });
  for (const mark of MARKS) ajv.addKeyword({ keyword: mark, schemaType: 'boolean' });
  loadFormats().default(ajv);
  return ajv;
}

/** Compiles a schema once. @throws Error (Ajv's) when it is not a valid schema. */
export function compileSchema(schema: JsonSchema): ValidateFunction {
  // A keyword of Ajv's own: what it checks is told later, and a refusal that nobody waits for would end the process.
  if ('$async' in schema) throw new TypeError('$async is not a keyword of JSON Schema');
  compiler ??= createCompiler();
  const known = validators.get(schema) ?? compiler.compile(schema);
  validators.set(schema, known);
  return known;
}

/** What is wrong with `value`, such as `/ip must match format "ipv4"`; undefined when it fits the schema. */
export function checkValue(schema: JsonSchema, value: unknown): string | undefined {
  const validate = compileSchema(schema);
  if (validate(value)) return undefined;
  const first = validate.errors?.[0];
  return first ? `${first.instancePath || 'it'} ${first.message ?? 'does not fit'}` : 'it does not fit';
}

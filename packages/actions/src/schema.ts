import type { JsonSchema } from '@counterpoint/connector-kit';
import { type JsonObject, loadLater } from '@counterpoint/core';
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';

const loadAjv = loadLater<typeof import('ajv/dist/2020.js')>('ajv/dist/2020.js', import.meta.url);
const loadFormats = loadLater<typeof import('ajv-formats')['default']>('ajv-formats', import.meta.url);

let compiler: Ajv2020 | undefined;
const validators = new WeakMap<JsonSchema, ValidateFunction>();

function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  if (!compiler) {
    // Manifests were held to the strict mode when they were loaded; here our own keywords are just passed over.
    compiler = new (loadAjv().Ajv2020)({ strict: false, useDefaults: true, coerceTypes: false, addUsedSchema: false });
    loadFormats().default(compiler);
  }
  const validate = compiler.compile(schema);
  validators.set(schema, validate);
  return validate;
}

/** An input with its defaults filled in, or what is wrong with it. */
export type CheckedInput = { readonly input: JsonObject } | { readonly reason: string };

/** Checks an input against its schema (2020-12) and fills in defaults in a copy; converts nothing. */
export function checkInput(schema: JsonSchema, given: JsonObject): CheckedInput {
  const input = structuredClone(given) as JsonObject;
  const validate = validatorOf(schema);
  if (validate(input)) return { input };
  const first = validate.errors?.[0];
  const extra = first?.params.additionalProperty ?? first?.params.allowedValues;
  const hint = extra === undefined ? '' : ` (${[extra].flat().join(', ')})`;
  return {
    reason: first ? `${first.instancePath || 'it'} ${first.message ?? 'does not fit'}${hint}` : 'it does not fit',
  };
}

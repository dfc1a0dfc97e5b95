import type { JsonSchema } from '@counterpoint/connector-kit';
import type { JsonObject } from '@counterpoint/core';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

let compiler: Ajv2020 | undefined;
const validators = new WeakMap<JsonSchema, ValidateFunction>();

function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  if (!compiler) {
    // Manifests were held to the strict mode when they were loaded; here our own keywords are just passed over.
    compiler = new Ajv2020({ strict: false, useDefaults: true, coerceTypes: false, addUsedSchema: false });
    formats.default(compiler);
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

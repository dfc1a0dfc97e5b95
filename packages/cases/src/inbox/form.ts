import { checkValue, type JsonSchema } from '@counterpoint/connector-kit';
import type { Json, JsonObject } from '@counterpoint/core';

/** What was entered into a form, with its defaults; or why it does not fit. */
export type FormResult = { readonly form: JsonObject | null } | { readonly reason: string };

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks what was entered against a form (JSON Schema; null: there is none) and fills in its defaults. */
export function fillForm(schema: Json, given: Json): FormResult {
  if (!isObject(schema)) {
    const nothing = given === null || (isObject(given) && Object.keys(given).length === 0);
    return nothing ? { form: null } : { reason: 'there is no form to fill in' };
  }
  if (given !== null && !isObject(given)) return { reason: 'it is not a map of fields' };
  const properties = isObject(schema.properties) ? schema.properties : {};
  const form: Record<string, Json> = { ...given };
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(form, name) && isObject(property) && property.default !== undefined) {
      form[name] = property.default;
    }
  }
  const reason = checkValue(schema as JsonSchema, form);
  return reason === undefined ? { form } : { reason };
}

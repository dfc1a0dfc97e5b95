import type { CallResult } from '@counterpoint/sdk';

type Inputs = CallResult<'outlinePlaybook'>['inputs'];

const known = new Set(['string', 'integer', 'number', 'boolean', 'array', 'object']);

/** The inputs of a playbook as the JSON Schema of a form; an input of no single type is entered as JSON. */
export function schemaOfInputs(inputs: Inputs): Readonly<Record<string, unknown>> {
  const properties = inputs.map(({ name, type, description, default: fallback }) => [
    name,
    {
      ...(known.has(type) ? { type } : {}),
      ...(description === '' ? {} : { description }),
      ...(fallback === '' ? {} : { default: JSON.parse(fallback) as unknown }),
    },
  ]);
  const required = inputs.filter((input) => input.required && input.default === '').map((input) => input.name);
  return { type: 'object', properties: Object.fromEntries(properties), required };
}

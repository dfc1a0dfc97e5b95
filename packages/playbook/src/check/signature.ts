import type { JsonSchema } from '@counterpoint/connector-kit';
import type { Json } from '@counterpoint/core';
import type { ExpressionType } from '@counterpoint/expressions';
import type { PlaybookSignature } from '../catalogue.ts';
import type { ReadPlan } from '../grammar/playbook.ts';

/** How a playbook is called, from what was found out about it. */
export function signatureOf(
  plan: ReadPlan,
  outputs: ExpressionType,
  calls: ReadonlySet<string>,
  reads: readonly string[][],
): PlaybookSignature {
  const inputs = Object.entries(plan.inputs).map(
    ([name, { schema, required, default: value }]) =>
      [name, { schema, required: required && value === undefined }] as const,
  );
  return {
    inputs: Object.fromEntries(inputs),
    outputs: schemaOfType(outputs),
    calls: [...calls],
    needsEvent: reads.some(([root]) => root === 'event'),
  };
}

/** The JSON Schema that describes a type, untrusted parts marked. */
function schemaOfType(type: ExpressionType): JsonSchema {
  const schema = plainSchema(type);
  return type.untrusted ? { ...schema, untrusted: true } : schema;
}

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  null: { type: 'null' },
  bool: { type: 'boolean' },
  int: { type: 'integer' },
  double: { type: 'number' },
  string: { type: 'string' },
};

function plainSchema(type: ExpressionType): JsonSchema {
  switch (type.kind) {
    case 'list':
      return { type: 'array', items: schemaOfType(type.items) };
    case 'map':
      return { type: 'object', additionalProperties: schemaOfType(type.values) };
    case 'optional':
      return { anyOf: [schemaOfType(type.value), { type: 'null' }] };
    case 'object': {
      const fields = Object.entries(type.fields);
      const properties = fields.map(([name, field]): [string, Json] => {
        const schema = schemaOfType(field.type);
        return [name, field.untrusted ? { ...schema, untrusted: true } : schema];
      });
      return {
        type: 'object',
        properties: Object.fromEntries(properties),
        required: fields.filter(([, field]) => !field.optional).map(([name]) => name),
        additionalProperties: type.open,
      };
    }
    default:
      return SCALARS[type.kind] ?? {};
  }
}

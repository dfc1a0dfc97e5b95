import type { ActionManifest, ConnectorManifest, JsonSchema } from '@counterpoint/connector-kit';
import { observableTypes, severityIds } from '@counterpoint/formats';

type Properties = Readonly<Record<string, JsonSchema>>;

/** A closed object; every property is required but those in `optional`. */
export function object(properties: Properties, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

/** A list. */
export function listOf(items: JsonSchema, extra: JsonSchema = {}): JsonSchema {
  return { type: 'array', items, ...extra };
}

/** Text with a description. */
export function text(description: string, extra: JsonSchema = {}): JsonSchema {
  return { type: 'string', description, ...extra };
}

/** An id that is given. */
export const id = (description: string): JsonSchema => text(description, { minLength: 1, maxLength: 100 });

export const verdict: JsonSchema = {
  type: 'string',
  enum: ['malicious', 'suspicious', 'benign', 'unknown'],
  description: 'What is thought of it',
};
export const alertStatus: JsonSchema = { type: 'string', enum: ['new', 'in_progress', 'suppressed', 'resolved'] };
export const caseStatus: JsonSchema = { type: 'string', enum: ['open', 'in_progress', 'resolved', 'closed'] };
/** An OCSF severity as it goes in: by number or by name. */
export const severityInput: JsonSchema = {
  enum: [0, 1, 2, 3, 4, 5, 6, ...Object.keys(severityIds).filter((name) => name !== 'other')],
  description: 'OCSF severity: 0 unknown, 1 informational, 2 low, 3 medium, 4 high, 5 critical, 6 fatal; or its name',
};
export const severity: JsonSchema = { type: 'integer', minimum: 0, maximum: 6, description: 'OCSF severity_id' };
export const time: JsonSchema = { type: 'integer', description: 'Unix milliseconds' };
export const observableType: JsonSchema = { type: 'string', enum: [...observableTypes] };

/** An observable as it comes out; its value is whatever an attacker chose. */
export const observable: JsonSchema = object({
  id: { type: 'string' },
  type: observableType,
  value: { type: 'string', untrusted: true },
});

/** Observables as they go in: values alone, or with their type. */
export const observablesInput: JsonSchema = listOf(
  {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: 4096 },
      object({ type: observableType, value: { type: 'string', minLength: 1, maxLength: 4096 } }),
    ],
  },
  { maxItems: 500, description: 'Values such as 203.0.113.7, or {type, value}' },
);

/** The severity number of a {@link severityInput}. */
export function severityNumber(input: number | string | undefined): number {
  if (typeof input === 'number') return input;
  return input === undefined ? 0 : severityIds[input as keyof typeof severityIds];
}

/** An action of a built-in connector; idempotent through its key. */
export function action(
  effect: 'read' | 'change',
  title: string,
  input: JsonSchema,
  output: JsonSchema,
): ActionManifest {
  return { title, effect, input, output, idempotent: true };
}

/** The manifest of a built-in connector. */
export function builtinManifest(
  id: string,
  title: string,
  description: string,
  actions: ConnectorManifest['actions'],
): ConnectorManifest {
  return {
    id,
    title,
    vendor: 'Counterpoint',
    description,
    version: '1.0.0',
    documentation: `docs/reference/connectors/${id}.md`,
    builtin: true,
    connection: { type: 'object', additionalProperties: false },
    actions,
  };
}

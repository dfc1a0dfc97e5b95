import type { ActionManifest, ConnectorManifest, JsonSchema } from '@counterpoint/connector-kit';
import type { Json } from '@counterpoint/core';
import type { OfferDeclaration, ParticipantDeclaration } from './participant.ts';

/** Formats whose text has a form of its own, so that it cannot carry a message. */
const FORMAL = new Set(['ipv4', 'ipv6', 'date', 'date-time', 'uuid']);

/** What text of an answer counts as: always untrusted, or only where the declaration does not say. */
export type Distrust = 'always' | 'unless_said';

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mayBeText(schema: JsonSchema): boolean {
  if (schema.enum !== undefined || schema.const !== undefined || FORMAL.has(String(schema.format))) return false;
  if (schema.type === undefined) return schema.properties === undefined && schema.items === undefined;
  return (Array.isArray(schema.type) ? schema.type : [schema.type]).includes('string');
}

/** The schema of an answer with its text marked as what others may have chosen. */
export function distrusted(schema: JsonSchema, how: Distrust): JsonSchema {
  const marked: Record<string, Json> = { ...schema };
  if (mayBeText(schema) && (how === 'always' || schema.untrusted === undefined)) marked.untrusted = true;
  else if (how === 'always') delete marked.untrusted;
  const { properties, items } = schema;
  if (isSchema(properties)) {
    marked.properties = Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, isSchema(field) ? distrusted(field, how) : field]),
    );
  }
  if (isSchema(items)) marked.items = distrusted(items, how);
  return marked;
}

function actionOf({ dxl: _dxl, ...offer }: OfferDeclaration, how: Distrust): ActionManifest {
  // What has not been checked yet may lack it; that is said when it is.
  return isSchema(offer.output) ? { ...offer, output: distrusted(offer.output, how) } : offer;
}

/** The connector that a participant's offers make: its id is the participant's, each offer one of its actions. */
export function manifestOf(declaration: ParticipantDeclaration, how: Distrust): ConnectorManifest {
  const { id, title, description, offers, capabilities } = declaration;
  return {
    id,
    title,
    vendor: 'Participant',
    description: description === '' ? `What ${title} offers on the fabric.` : description,
    version: '1.0.0',
    documentation: `urn:counterpoint:participant:${id}`,
    connection: { type: 'object', properties: {}, additionalProperties: false },
    capabilities,
    actions: Object.fromEntries(Object.entries(offers).map(([name, offer]) => [name, actionOf(offer, how)])),
  };
}

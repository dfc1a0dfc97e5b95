import { type Connector, type ConnectorManifest, checkValue, type JsonSchema } from '@counterpoint/connector-kit';
import { type Json, type JsonObject, nearest } from '@counterpoint/core';
import type { ConnectionRow, Reader } from '@counterpoint/events';
import { errors } from '../errors.ts';

/** The manifest of a product's connector. @throws actions.unknown_connector */
export function manifestOf(connectors: ReadonlyMap<string, Connector>, connector: string): ConnectorManifest {
  const found = connectors.get(connector);
  if (found && !found.manifest.builtin) return found.manifest;
  const near = nearest(connector, connectors.keys());
  throw errors.unknown_connector({ connector, suggestion: near ? `; did you mean ${near}?` : '' });
}

type Properties = Readonly<Record<string, JsonSchema>>;

/** The names of the fields that belong in the vault. */
export function secretFields(manifest: ConnectorManifest): string[] {
  const properties = (manifest.connection.properties ?? {}) as Properties;
  return Object.keys(properties).filter((name) => properties[name]?.secret === true);
}

function withoutSecrets(manifest: ConnectorManifest): JsonSchema {
  const secrets = new Set(secretFields(manifest));
  const properties = Object.entries((manifest.connection.properties ?? {}) as Properties);
  const required = (manifest.connection.required ?? []) as readonly string[];
  return {
    ...manifest.connection,
    properties: Object.fromEntries(properties.filter(([name]) => !secrets.has(name))),
    required: required.filter((name) => !secrets.has(name)),
  };
}

/** A configuration with the defaults of its schema. */
export function withDefaults(manifest: ConnectorManifest, config: JsonObject): JsonObject {
  const filled: Record<string, Json> = { ...config };
  for (const [name, schema] of Object.entries((manifest.connection.properties ?? {}) as Properties)) {
    if (!(name in filled) && schema.default !== undefined) filled[name] = schema.default;
  }
  return filled;
}

/** What is wrong with an address in the configuration: nothing else than http(s) is ever asked, and it is kept in the clear. */
function addressProblem(manifest: ConnectorManifest, config: JsonObject): string | undefined {
  for (const [name, schema] of Object.entries((manifest.connection.properties ?? {}) as Properties)) {
    const url = schema.format === 'uri' ? URL.parse(String(config[name] ?? '')) : null;
    if (!url) continue;
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return `${name} is not an http or https address`;
    if (url.username !== '' || url.password !== '') {
      return `${name} carries a user name or password; credentials belong in secret fields`;
    }
  }
  return undefined;
}

/**
 * Checks a configuration and the names of the secrets that come with it.
 *
 * @throws actions.connection_invalid
 */
export function checkSettings(
  id: string,
  manifest: ConnectorManifest,
  config: JsonObject,
  secretNames: readonly string[],
): void {
  const invalid = (reason: string) => errors.connection_invalid({ id, connector: manifest.id, reason });
  const wrong = checkValue(withoutSecrets(manifest), config);
  if (wrong) throw invalid(wrong);
  const problem = addressProblem(manifest, config);
  if (problem !== undefined) throw invalid(problem);
  const known = secretFields(manifest);
  const unknown = secretNames.find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`it has no secret field ${unknown}`);
  const required = (manifest.connection.required ?? []) as readonly string[];
  const missing = known.find((name) => required.includes(name) && !secretNames.includes(name));
  if (missing !== undefined) throw invalid(`the secret ${missing} is missing`);
}

/** @throws actions.connection_invalid when the site is none */
export async function demandSite(
  store: Reader,
  { id, connector, site }: Pick<ConnectionRow, 'id' | 'connector' | 'site'>,
): Promise<void> {
  if (site === '') return;
  const node = await store.get('participants', site);
  if (node?.kind === 'edge') return;
  throw errors.connection_invalid({ id, connector, reason: `there is no edge node ${site}` });
}

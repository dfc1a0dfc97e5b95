import { allowedHostsOf, baseUrlOf, type ConnectorManifest, judgeDestination } from '@counterpoint/connector-kit';
import { type CounterpointError, isCounterpointError, type JsonObject, newId } from '@counterpoint/core';
import type { ConnectionRow } from '@counterpoint/events';
import { compileTemplate } from '@counterpoint/expressions';
import type { SecretActor } from '@counterpoint/vault';
import { callAction } from '../call.ts';
import type { DoorContext } from '../door-context.ts';
import { errors } from '../errors.ts';
import { checkSettings, manifestOf, secretFields, withDefaults } from './settings.ts';

/** What a connection would be made of. */
export interface ConnectionDraft {
  readonly connector: string;
  readonly config: JsonObject;
  readonly network: ConnectionRow['network'];
  /** Undefined: what the connector derives from the configuration. */
  readonly allowedHosts: readonly string[] | undefined;
  /** The edge node that would call it; empty: this server. */
  readonly site: string;
}

/** Where a connection would send, and what is wrong with it. */
export interface CheckedConnection {
  /** What is wrong with the configuration. */
  readonly problem: string | undefined;
  /** Where its requests begin; undefined when the connector has no such address or it cannot be told. */
  readonly baseUrl: string | undefined;
  readonly allowedHosts: readonly string[];
  /** Why the guard for egress would refuse the address as it is written; names are judged again when they are looked up. */
  readonly refusal: string | undefined;
}

/** How a test call went. */
export interface TriedConnection {
  readonly ok: boolean;
  readonly millis: number;
  readonly error: CounterpointError | undefined;
}

/** Stands for a connection that does not exist, in messages and for the rate limit. */
const UNNAMED = '(new)';

/** Looks at a draft; nothing is sent, and nothing is stored. @throws actions.unknown_connector */
export function checkConnection(context: Pick<DoorContext, 'connectors'>, draft: ConnectionDraft): CheckedConnection {
  const manifest = manifestOf(context.connectors, draft.connector);
  const config = withDefaults(manifest, draft.config);
  const problem = problemOf(() => checkSettings(UNNAMED, manifest, config, secretFields(manifest)));
  const hosts = draft.allowedHosts ?? attempt(() => allowedHostsOf(manifest, config)) ?? [];
  const baseUrl = attempt(() => baseUrlOf(manifest, config));
  const verdict = baseUrl && judgeDestination(baseUrl, { network: draft.network, allowedHosts: hosts });
  return { problem, baseUrl, allowedHosts: hosts, refusal: verdict && !verdict.allowed ? verdict.reason : undefined };
}

function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** The reason of a refusal in its own words, without the sentence around it. */
function problemOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return error.message.replace(/^The connection .*? is not valid: /, '').replace(/\.$/, '');
  }
}

/**
 * Calls the test of a connector with a configuration and secrets that are stored nowhere: a credential is proven before
 * it is kept. Bounded, redacted and held to its hosts and network scope as every call; that it was tried is audited.
 *
 * @throws actions.unknown_connector, actions.connection_invalid, actions.no_test, actions.try_elsewhere, actions.forbidden
 */
export async function tryConnection(
  context: DoorContext,
  draft: ConnectionDraft,
  secrets: Readonly<Record<string, string>>,
  by: SecretActor & { readonly permissions: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<TriedConnection> {
  const { store, clock, connectors } = context;
  const manifest = manifestOf(connectors, draft.connector);
  const connector = connectors.get(draft.connector);
  if (draft.site !== '') throw errors.try_elsewhere({ site: draft.site });
  if (!manifest.test || !connector) throw errors.no_test({ connector: manifest.title });
  const { action: name } = manifest.test;
  const action = manifest.actions[name];
  if (!action) throw errors.no_test({ connector: manifest.title });
  const needed = ['action:read', 'connection:use'].find((permission) => !by.permissions.has(permission));
  if (needed !== undefined) throw errors.forbidden({ principal: by.principal, permission: needed });
  const connection = draftRow(manifest, draft, secrets, clock.now());
  const input = compileTemplate(manifest.test.with).evaluate({ config: connection.config }) as JsonObject;
  const deps = { ...context, openSecret: async (field: string) => secrets[field] ?? '' };
  const started = clock.now();
  const result = await callAction(deps, { connector, name, action, connection, input, key: newId(started), signal });
  const at = clock.now();
  const data = { network: connection.network, allowed_hosts: connection.allowed_hosts, ok: result.ok };
  const object = `connector:${manifest.id}`;
  await store.commit({
    audit: [{ at, principal: by.principal, action: 'connection.tried', object, data, trace: by.trace }],
  });
  return { ok: result.ok, millis: at - started, error: result.ok ? undefined : result.error };
}

/** A row that exists in memory only; its secrets are named after their fields. @throws actions.connection_invalid */
function draftRow(
  manifest: ConnectorManifest,
  draft: ConnectionDraft,
  secrets: Readonly<Record<string, string>>,
  now: number,
): ConnectionRow {
  const config = withDefaults(manifest, draft.config);
  checkSettings(UNNAMED, manifest, config, Object.keys(secrets));
  return {
    id: UNNAMED,
    connector: manifest.id,
    title: manifest.title,
    config,
    secrets: Object.fromEntries(Object.keys(secrets).map((field) => [field, field])),
    network: draft.network,
    allowed_hosts: draft.allowedHosts ?? allowedHostsOf(manifest, config),
    simulated: false,
    site: '',
    enabled: true,
    created_at: now,
    updated_at: now,
    rev: 1,
  };
}

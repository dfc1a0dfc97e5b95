import { allowedHostsOf, type Connector } from '@counterpoint/connector-kit';
import type { Clock, JsonObject } from '@counterpoint/core';
import { type Change, type ConnectionRow, mergeChanges, type Reader, type Store } from '@counterpoint/events';
import type { SecretActor, Vault } from '@counterpoint/vault';
import { errors } from '../errors.ts';
import { checkSettings, demandSite, manifestOf, withDefaults } from './settings.ts';

/** What a connection is configured with. */
export interface ConnectionSettings {
  readonly title: string;
  readonly config: JsonObject;
  /** Secret fields in the clear, on their way into the vault. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly network: ConnectionRow['network'];
  /** Undefined: what the connector derives from the configuration. */
  readonly allowedHosts: readonly string[] | undefined;
  /** The edge node that calls it; undefined on creation: this server. */
  readonly site?: string | undefined;
}

/** A connection that is to be created. */
export interface NewConnection extends ConnectionSettings {
  readonly id: string;
  readonly connector: string;
  readonly simulated: boolean;
}

/** What is to change of a connection; what is undefined stays. */
export type ConnectionPatch = {
  readonly [Field in keyof ConnectionSettings]?: ConnectionSettings[Field] | undefined;
} & {
  readonly enabled?: boolean | undefined;
};

/** Creates, changes and removes connections; their secrets live in the vault. Every function commits. */
export interface Connections {
  /** @throws actions.unknown_connector, actions.connection_exists, actions.connection_invalid, vault.secret_refused */
  create(connection: NewConnection, by: SecretActor): Promise<ConnectionRow>;
  /**
   * Changing hosts or network scope asks for every secret again, so that none is ever sent where it was not meant to go.
   *
   * @throws actions.connection_missing, actions.connection_invalid, actions.secret_required
   */
  update(id: string, patch: ConnectionPatch, by: SecretActor): Promise<ConnectionRow>;
  /** @throws actions.connection_missing, actions.connection_in_use */
  remove(id: string, by: SecretActor): Promise<void>;
}

const IN_FORCE = ['intended', 'held', 'pending', 'performed', 'unknown', 'undoing', 'undo_failed'] as const;

function sealAll(vault: Vault, id: string, secrets: Readonly<Record<string, string>>, by: SecretActor) {
  const refs: Record<string, string> = {};
  const changes: Change[] = [];
  for (const [field, value] of Object.entries(secrets)) {
    const sealed = vault.seal(`${id}.${field}`, value, by);
    refs[field] = sealed.id;
    changes.push(sealed.change);
  }
  return { refs, change: mergeChanges(...changes) };
}

function audited(row: ConnectionRow, action: string, by: SecretActor, now: number): Change {
  const data = {
    connector: row.connector,
    network: row.network,
    site: row.site,
    allowed_hosts: row.allowed_hosts,
    enabled: row.enabled,
  };
  return {
    audit: [{ at: now, principal: by.principal, action, object: `connection:${row.id}`, data, trace: by.trace }],
  };
}

function pointsElsewhere(before: ConnectionRow, after: ConnectionRow): boolean {
  const hosts = (row: ConnectionRow) => JSON.stringify([...row.allowed_hosts].sort());
  // Another site is another machine that its secrets go to.
  return before.network !== after.network || before.site !== after.site || hosts(before) !== hosts(after);
}

/** What {@link createConnections} is made of. */
export interface ConnectionServices {
  readonly store: Store;
  readonly vault: Vault;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly clock: Clock;
}

async function existing({ store }: ConnectionServices, id: string): Promise<ConnectionRow> {
  const row = await store.get('connections', id);
  if (!row) throw errors.connection_missing({ id });
  return row;
}

async function create(services: ConnectionServices, wanted: NewConnection, by: SecretActor): Promise<ConnectionRow> {
  const { store, vault, clock } = services;
  const manifest = manifestOf(services.connectors, wanted.connector);
  if (await store.get('connections', wanted.id)) throw errors.connection_exists({ id: wanted.id });
  const config = withDefaults(manifest, wanted.config);
  checkSettings(wanted.id, manifest, config, Object.keys(wanted.secrets));
  const sealed = sealAll(vault, wanted.id, wanted.secrets, by);
  const now = clock.now();
  const { id, connector, title, network, simulated } = wanted;
  const row: ConnectionRow = {
    ...{ id, connector, title, config, network, simulated },
    secrets: sealed.refs,
    allowed_hosts: wanted.allowedHosts ?? allowedHostsOf(manifest, config),
    site: wanted.site ?? '',
    enabled: true,
    created_at: now,
    updated_at: now,
    rev: 1,
  };
  await demandSite(services.store, row);
  const insert: Change = { rows: [{ op: 'insert', table: 'connections', row }] };
  await store.commit(mergeChanges(sealed.change, insert, audited(row, 'connection.created', by, now)));
  return row;
}

async function update(
  services: ConnectionServices,
  id: string,
  patch: ConnectionPatch,
  by: SecretActor,
): Promise<ConnectionRow> {
  const { store, vault, clock } = services;
  const before = await existing(services, id);
  const manifest = manifestOf(services.connectors, before.connector);
  const config = withDefaults(manifest, patch.config ?? (before.config as JsonObject));
  const secrets = patch.secrets ?? {};
  checkSettings(id, manifest, config, [...new Set([...Object.keys(before.secrets), ...Object.keys(secrets)])]);
  const now = clock.now();
  const sealed = sealAll(vault, id, secrets, by);
  const row: ConnectionRow = {
    ...before,
    title: patch.title ?? before.title,
    config,
    secrets: { ...before.secrets, ...sealed.refs },
    network: patch.network ?? before.network,
    allowed_hosts: patch.allowedHosts ?? (patch.config ? allowedHostsOf(manifest, config) : before.allowed_hosts),
    site: patch.site ?? before.site,
    enabled: patch.enabled ?? before.enabled,
    updated_at: now,
    rev: before.rev + 1,
  };
  if (row.site !== before.site) await demandSite(services.store, row);
  const kept = Object.keys(before.secrets).filter((field) => !(field in secrets));
  if (kept.length > 0 && pointsElsewhere(before, row)) throw errors.secret_required({ id, fields: kept.join(', ') });
  const replaced = Object.keys(secrets).flatMap((field) => before.secrets[field] ?? []);
  const removed = replaced.map((secret) => vault.remove(secret, by));
  const write: Change = { rows: [{ op: 'update', table: 'connections', row }] };
  await store.commit(mergeChanges(sealed.change, ...removed, write, audited(row, 'connection.updated', by, now)));
  return row;
}

/** How many changes made through a connection stand and can be undone through it (counted up to 1,000). */
export async function countInForce(reader: Reader, connection: string): Promise<number> {
  const standing = await reader.find('effects', { where: { connection, state: { in: IN_FORCE } }, limit: 1_000 });
  return standing.filter((effect) => effect.inverse !== null && !effect.preexisting).length;
}

async function remove(services: ConnectionServices, id: string, by: SecretActor): Promise<void> {
  const { store, vault, clock } = services;
  const row = await existing(services, id);
  const count = await countInForce(store, id);
  if (count > 0) throw errors.connection_in_use({ id, count });
  const removed = Object.values(row.secrets).map((secret) => vault.remove(secret, by));
  const gone: Change = {
    rows: [
      { op: 'delete', table: 'connections', id },
      { op: 'delete', table: 'connection_checks', id },
    ],
  };
  await store.commit(mergeChanges(...removed, gone, audited(row, 'connection.removed', by, clock.now())));
}

/** Makes {@link Connections}. */
export function createConnections(services: ConnectionServices): Connections {
  return {
    create: (connection, by) => create(services, connection, by),
    update: (id, patch, by) => update(services, id, patch, by),
    remove: (id, by) => remove(services, id, by),
  };
}

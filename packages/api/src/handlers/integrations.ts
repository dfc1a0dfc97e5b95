import type { Connections, Door } from '@counterpoint/actions';
import type { Connector } from '@counterpoint/connector-kit';
import type { IntegrationEndpointName } from '@counterpoint/contracts';
import { type Clock, type Json, type JsonObject, newId, newTraceId } from '@counterpoint/core';
import type { ConnectionRow, Store } from '@counterpoint/events';
import { compileTemplate } from '@counterpoint/expressions';
import type { Principal } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { pageRows } from '../paging.ts';

/** What the handlers of connectors and connections need. */
export interface IntegrationServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly door: Door;
  readonly connections: Connections;
  /** Connectors by id, the built-in ones among them. */
  readonly connectors: ReadonlyMap<string, Pick<Connector, 'manifest'>>;
}

type ConnectorNames =
  | 'listConnectors'
  | 'getConnector'
  | 'listConnections'
  | 'createConnection'
  | 'updateConnection'
  | 'deleteConnection'
  | 'testConnection';
type Group<Names extends IntegrationEndpointName> = Pick<Handlers<IntegrationEndpointName>, Names>;

function connectionView({ rev: _rev, secrets, allowed_hosts, ...row }: ConnectionRow) {
  return { ...row, secrets: Object.keys(secrets).sort(), allowed_hosts: [...allowed_hosts] };
}

function catalogueHandlers({ connectors }: IntegrationServices): Group<'listConnectors' | 'getConnector'> {
  return {
    async listConnectors() {
      const items = [...connectors.values()].map(({ manifest }) => ({
        id: manifest.id,
        title: manifest.title,
        vendor: manifest.vendor,
        description: manifest.description,
        version: manifest.version,
        builtin: manifest.builtin ?? false,
        capabilities: Object.keys(manifest.capabilities ?? {}),
        actions: Object.entries(manifest.actions).map(([name, { title, effect }]) => ({ name, title, effect })),
      }));
      return { items };
    },
    async getConnector({ params }) {
      const connector = connectors.get(params.id ?? '');
      if (!connector) throw errors.not_found({ kind: 'connector', id: params.id ?? '' });
      return { manifest: connector.manifest as unknown as Json };
    },
  };
}

async function testConnection(services: IntegrationServices, id: string, principal: Principal) {
  const { store, clock, door, connectors } = services;
  const row = await store.get('connections', id);
  if (!row) throw errors.not_found({ kind: 'connection', id });
  const test = connectors.get(row.connector)?.manifest.test;
  if (!test) throw errors.no_test({ connector: row.connector });
  const started = clock.now();
  const outcome = await door.perform(
    {
      connector: row.connector,
      action: test.action,
      connection: id,
      input: compileTemplate(test.with).evaluate({ config: row.config }) as JsonObject,
      key: newId(started),
      run: '',
      address: '',
      generation: 0,
      lease: undefined,
      holder: principal.ref,
      permissions: principal.permissions,
      timeout: undefined,
      causality: { principal: principal.ref, trace: newTraceId(), cause: principal.ref, hop: 0 },
      now: started,
    },
    AbortSignal.timeout(60_000),
  );
  const error =
    'error' in outcome ? { code: outcome.error.code, message: outcome.error.message, help: outcome.error.help } : null;
  return { ok: outcome.status === 'succeeded', millis: clock.now() - started, error };
}

function connectionHandlers(
  services: IntegrationServices,
): Group<Exclude<ConnectorNames, 'listConnectors' | 'getConnector'>> {
  const { store, connections } = services;
  const actor = (principal: Principal) => ({ principal: principal.ref, trace: newTraceId() });
  return {
    async listConnections({ query }) {
      const { rows, next } = await pageRows(store, 'connections', query, { column: 'created_at', key: 'id' });
      return { items: rows.map(connectionView), next };
    },
    async createConnection({ body, principal }) {
      const { allowed_hosts, config, ...rest } = body;
      const wanted = { ...rest, config: config as JsonObject, allowedHosts: allowed_hosts, simulated: false };
      return connectionView(await connections.create(wanted, actor(principal)));
    },
    async updateConnection({ params, body, principal }) {
      const { allowed_hosts, config, ...rest } = body;
      const patch = { ...rest, config: config as JsonObject | undefined, allowedHosts: allowed_hosts };
      return connectionView(await connections.update(params.id ?? '', patch, actor(principal)));
    },
    async deleteConnection({ params, principal }) {
      const id = params.id ?? '';
      await connections.remove(id, actor(principal));
      return { id };
    },
    async testConnection({ params, principal }) {
      return testConnection(services, params.id ?? '', principal);
    },
  };
}

/** Performs the operations on connectors and connections. */
export function connectorHandlers(services: IntegrationServices): Group<ConnectorNames> {
  return { ...catalogueHandlers(services), ...connectionHandlers(services) };
}

import {
  actionsErrors,
  type ConnectionDraft,
  type Connections,
  checkConnection,
  countInForce,
  type Door,
  type DoorContext,
  tryConnection,
} from '@counterpoint/actions';
import type { IntegrationEndpointName } from '@counterpoint/contracts';
import { type CounterpointError, type Json, type JsonObject, newId, newTraceId } from '@counterpoint/core';
import type { ConnectionCheckRow, ConnectionRow, EffectRow } from '@counterpoint/events';
import { compileTemplate } from '@counterpoint/expressions';
import type { Principal } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { causalityOfPrincipal } from '../occasion.ts';
import { conditions, pageRows } from '../paging.ts';
import { type ConnectionHealth, failureView, healthOf, lastEffects } from './connection-health.ts';
import { type UserServices, usersOf } from './connection-users.ts';

/** What the handlers of connections need. */
export interface ConnectionServices extends UserServices {
  readonly context: DoorContext;
  readonly door: Door;
  readonly connections: Connections;
}

type Names = Exclude<IntegrationEndpointName, 'listConnectors' | 'getConnector'>;
type Group<Some extends Names> = Pick<Handlers<IntegrationEndpointName>, Some>;

const LONGEST = 60_000;

function connectionView({ rev: _rev, secrets, allowed_hosts, ...row }: ConnectionRow) {
  return { ...row, secrets: Object.keys(secrets).sort(), allowed_hosts: [...allowed_hosts] };
}

function stateView(row: ConnectionRow, health: ReadonlyMap<string, ConnectionHealth>) {
  const unknown: ConnectionHealth = {
    state: 'untested',
    check: null,
    changes: { succeeded: 0, failed: 0, unknown: 0 },
  };
  return { ...connectionView(row), health: health.get(row.id) ?? unknown };
}

function effectLine({ id, connector, action, target, state, created_at, ended_at, error }: EffectRow) {
  return { id, action: `${connector}.${action}`, target, state, at: created_at, ended_at, error: failureView(error) };
}

function errorView({ code, message, help }: CounterpointError) {
  return { code, message, help };
}

const actor = (principal: Principal) => ({ principal: principal.ref, trace: newTraceId() });

interface DraftBody {
  readonly connector: string;
  readonly config: Readonly<Record<string, Json>>;
  readonly network: ConnectionDraft['network'];
  readonly allowed_hosts?: readonly string[] | undefined;
  readonly site?: string | undefined;
}

function draftOf({ connector, config, network, allowed_hosts, site = '' }: DraftBody): ConnectionDraft {
  return { connector, config, network, allowedHosts: allowed_hosts, site };
}

async function existing({ store }: ConnectionServices, id = ''): Promise<ConnectionRow> {
  const row = await store.get('connections', id);
  if (!row) throw errors.not_found({ kind: 'connection', id });
  return row;
}

function readingHandlers(services: ConnectionServices): Group<'listConnections' | 'getConnection'> {
  const { store, context } = services;
  return {
    async listConnections({ query }) {
      const where = conditions<ConnectionRow>({ connector: query.connector });
      const { rows, next } = await pageRows(store, 'connections', query, { column: 'created_at', key: 'id', where });
      const health = await healthOf(store, rows, context.clock.now());
      return { items: rows.map((row) => stateView(row, health)), next };
    },
    async getConnection({ params }) {
      const row = await existing(services, params.id);
      const { id, connector } = row;
      const capabilities = new Set(Object.keys(context.connectors.get(connector)?.manifest.capabilities ?? {}));
      const [health, in_force, recent, playbooks] = await Promise.all([
        healthOf(store, [row], context.clock.now()),
        countInForce(store, id),
        lastEffects(store, id),
        usersOf(services, { id, connector, capabilities }),
      ]);
      return { ...stateView(row, health), in_force, recent: recent.map(effectLine), playbooks };
    },
  };
}

function changingHandlers({
  connections,
}: ConnectionServices): Group<'createConnection' | 'updateConnection' | 'deleteConnection'> {
  return {
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
  };
}

/** Calls the test of the connector through the door, and remembers how it went. */
async function testConnection(services: ConnectionServices, id: string | undefined, principal: Principal) {
  const { store, context, door } = services;
  const { clock, connectors } = context;
  const row = await existing(services, id);
  const test = connectors.get(row.connector)?.manifest.test;
  if (!test) throw actionsErrors.no_test({ connector: row.connector });
  const now = clock.now();
  const request = {
    ...{ connector: row.connector, action: test.action, connection: row.id },
    input: compileTemplate(test.with).evaluate({ config: row.config }) as JsonObject,
    ...{ key: newId(now), run: '', address: '', generation: 0, lease: undefined, timeout: undefined, now },
    ...{ holder: principal.ref, permissions: principal.permissions, causality: causalityOfPrincipal(principal) },
  };
  const outcome = await door.perform(request, AbortSignal.timeout(LONGEST));
  const error = 'error' in outcome ? errorView(outcome.error) : null;
  const ok = outcome.status === 'succeeded';
  const at = clock.now();
  const check: ConnectionCheckRow = { id: row.id, ok, millis: at - now, error, principal: principal.ref, at };
  // A refusal of the door (disabled, no permission) is no finding about the product.
  if (ok || outcome.status !== 'failed' || error?.code.startsWith('connector.')) {
    await store.commit({ rows: [{ op: 'put', table: 'connection_checks', row: check }] });
  }
  return { ok, millis: check.millis, error };
}

function provingHandlers(services: ConnectionServices): Group<'checkConnection' | 'tryConnection' | 'testConnection'> {
  const { context } = services;
  return {
    async checkConnection({ body }) {
      const { problem, baseUrl, allowedHosts, refusal } = checkConnection(context, draftOf(body));
      return {
        problem: problem ?? null,
        base_url: baseUrl ?? null,
        allowed_hosts: [...allowedHosts],
        refusal: refusal ?? null,
      };
    },
    async tryConnection({ body, principal }) {
      const { secrets, ...draft } = body;
      const by = { ...actor(principal), permissions: principal.permissions };
      const tried = await tryConnection(context, draftOf(draft), secrets, by, AbortSignal.timeout(LONGEST));
      return { ok: tried.ok, millis: tried.millis, error: tried.error ? errorView(tried.error) : null };
    },
    async testConnection({ params, principal }) {
      return testConnection(services, params.id, principal);
    },
  };
}

/** Performs the operations on connections. */
export function connectionHandlers(services: ConnectionServices): Group<Names> {
  return { ...readingHandlers(services), ...changingHandlers(services), ...provingHandlers(services) };
}

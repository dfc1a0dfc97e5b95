import type { ActionManifest, Connector } from '@counterpoint/connector-kit';
import { hashJson, type JsonObject, nearest } from '@counterpoint/core';
import type { ConnectionRow, Reader } from '@counterpoint/events';
import type { ActionRequest } from './door.ts';
import { errors } from './errors.ts';
import { textOf } from './expressions.ts';
import { canonicalTarget } from './guard/target.ts';
import { leaseOf } from './ledger/claims.ts';
import { checkInput } from './schema.ts';

/** A request that names an action of a product, resolved and checked; nothing was asked or sent yet. */
export interface Prepared {
  readonly request: ActionRequest;
  readonly connector: Connector;
  readonly action: ActionManifest;
  readonly connection: ConnectionRow;
  /** The arguments as they will be sent: defaults filled in, the lease put where the vendor wants it. */
  readonly input: JsonObject;
  /** Hash of the arguments without the lease, which may be extended later. */
  readonly argsHash: string;
  /** `<type>:<value>` in canonical form; empty when the action names none. */
  readonly target: string;
}

/** Adds ", did you mean …?" where a known name is near. */
export function suggestion(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** The action of a connector. @throws actions.unknown_action */
export function actionOf(connector: Pick<Connector, 'manifest'>, name: string): ActionManifest {
  const { id, actions } = connector.manifest;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) {
    throw errors.unknown_action({ connector: id, action: name, suggestion: suggestion(name, Object.keys(actions)) });
  }
  return action;
}

/**
 * The connection to act through: the one that is named, or the only enabled one of the connector. A real one comes
 * before those of the lab, so that connecting a product needs no other step.
 *
 * @throws actions.connection_unknown, connection_disabled, no_connection, several_connections
 */
export async function resolveConnection(
  reader: Reader,
  connector: string,
  id: string | undefined,
): Promise<ConnectionRow> {
  if (id !== undefined) {
    const row = await reader.get('connections', id);
    if (row?.connector !== connector) throw errors.connection_unknown({ connection: id, connector });
    if (!row.enabled) throw errors.connection_disabled({ connection: id });
    return row;
  }
  const rows = await reader.find('connections', { where: { connector, enabled: true }, limit: 20 });
  const real = rows.filter((row) => !row.simulated);
  const candidates = real.length > 0 ? real : rows;
  const [only, second] = candidates;
  if (!only) throw errors.no_connection({ connector });
  if (second) throw errors.several_connections({ connector, connections: candidates.map((row) => row.id).join(', ') });
  return only;
}

/** @throws actions.forbidden */
export function demand(request: ActionRequest, permission: string): void {
  if (request.permissions.has(permission)) return;
  throw errors.forbidden({ principal: request.causality.principal, permission });
}

/** The validated input of an action. @throws actions.invalid_input */
export function validInput(connector: string, name: string, action: ActionManifest, given: JsonObject): JsonObject {
  const checked = checkInput(action.input, given);
  if ('reason' in checked) throw errors.invalid_input({ connector, action: name, reason: checked.reason });
  return checked.input;
}

/**
 * Resolves and checks a request for an action of a product.
 *
 * @throws actions.* when it cannot be performed as it stands
 */
export async function prepare(reader: Reader, connector: Connector, request: ActionRequest): Promise<Prepared> {
  const action = actionOf(connector, request.action);
  demand(request, `action:${action.effect}`);
  demand(request, 'connection:use');
  const connection = await resolveConnection(reader, request.connector, request.connection);
  const input = validInput(request.connector, request.action, action, withLease(action, request));
  const target = action.target === undefined ? '' : canonicalTarget(textOf(action.target, { input }));
  return { request, connector, action, connection, input, argsHash: hashJson(withoutLease(action, input)), target };
}

function withoutLease(action: ActionManifest, input: JsonObject): JsonObject {
  if (!action.lease) return input;
  const { [action.lease.argument]: _lease, ...rest } = input;
  return rest;
}

function withLease(action: ActionManifest, request: ActionRequest): JsonObject {
  const lease = leaseOf(request);
  if (action.lease === undefined || lease === undefined) return request.input;
  return { ...request.input, [action.lease.argument]: Math.ceil(lease / 1000) };
}

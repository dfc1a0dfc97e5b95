import type { ActionManifest, Connector } from '@counterpoint/connector-kit';
import { hashJson, type JsonObject, stableId } from '@counterpoint/core';
import { type Causality, type ConnectionRow, causedBy, type EffectRow } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { errors } from '../errors.ts';
import { textOf } from '../expressions.ts';
import { canonicalTarget } from '../guard/target.ts';
import { actionOf, type Prepared } from '../prepare.ts';

/** The action that undoes an effect, resolved, with its frozen arguments. */
export interface Inverse {
  readonly connector: Connector;
  readonly connection: ConnectionRow;
  readonly name: string;
  readonly action: ActionManifest;
  readonly input: JsonObject;
}

async function placeOf(context: DoorContext, row: EffectRow) {
  const impossible = (reason: string) =>
    errors.undo_impossible({ connector: row.connector, action: row.action, reason });
  const connector = context.connectors.get(row.connector);
  if (!connector) throw impossible(`the connector ${row.connector} is gone`);
  const connection = await context.store.get('connections', row.connection);
  if (!connection) throw impossible(`the connection ${row.connection} is gone`);
  return { connector, connection };
}

/** The inverse of an effect. A disabled connection still undoes. @throws actions.undo_impossible, actions.unknown_action */
export async function resolveInverse(context: DoorContext, row: EffectRow): Promise<Inverse> {
  const { connector, connection } = await placeOf(context, row);
  const inverse = row.inverse as { readonly action: string; readonly with: JsonObject };
  const { action: name, with: input } = inverse;
  return { connector, connection, name, action: actionOf(connector, name), input };
}

/** An effect of the ledger as if it were asked for now: to read it back, or to ask after it. @throws actions.undo_impossible */
export async function preparedFrom(context: DoorContext, row: EffectRow): Promise<Prepared> {
  const { connector, connection } = await placeOf(context, row);
  const { key, run, address, generation, action: name, target, args_hash: argsHash } = row;
  const input = row.args as JsonObject;
  const request = {
    connector: row.connector,
    action: name,
    connection: connection.id,
    input,
    key,
    run,
    address,
    generation,
    lease: undefined,
    holder: '',
    permissions: new Set<string>(),
    timeout: undefined,
    causality: row,
    now: context.clock.now(),
  };
  return { request, connector, connection, action: actionOf(connector, name), input, argsHash, target };
}

/** The id of the effect that undoes another. */
export function undoId(effect: string): string {
  return stableId('undo', effect);
}

/** The effect that undoes `row`: part of its story, with a key of its own. */
export function undoRow(
  row: EffectRow,
  { action, name, input }: Inverse,
  wish: { readonly reason: string; readonly causality: Causality },
  now: number,
): EffectRow {
  return {
    ...row,
    ...causedBy({ ...wish.causality, trace: row.trace }, `effect:${row.id}`),
    id: undoId(row.id),
    key: hashJson(['undo', row.id]),
    action: name,
    effect: action.effect,
    target: action.target === undefined ? row.target : canonicalTarget(textOf(action.target, { input })),
    args: input,
    args_hash: hashJson(input),
    state: 'intended',
    receipt: null,
    error: null,
    inverse: null,
    undo_of: row.id,
    preexisting: false,
    lease_until: null,
    wake_at: null,
    attempts: 1,
    decision: { outcome: 'allow', rule: 'guard.undo', reasons: [wish.reason] },
    created_at: now,
    performed_at: null,
    ended_at: null,
    rev: 1,
  };
}

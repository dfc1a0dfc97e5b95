import type { ActionManifest, Connector } from '@counterpoint/connector-kit';
import { isCounterpointError, type JsonObject } from '@counterpoint/core';
import type { ConnectionRow, Reader } from '@counterpoint/events';
import { textOf } from './expressions.ts';
import { canonicalTarget } from './guard/target.ts';
import { STANDING_STATES } from './ledger/effect-row.ts';
import { resolveConnection } from './prepare.ts';

/** What a call would touch if it ran now, as far as that can be known beforehand. */
export interface ForeseenCall {
  readonly action: ActionManifest | undefined;
  /** The connection that it would go through; undefined when there is none, or more than one. */
  readonly connection: ConnectionRow | undefined;
  /** `<type>:<value>`; empty when the action names none or the input does not say. */
  readonly target: string;
  /** How many changes are in force on the target already. */
  readonly standing: number;
  /** How it ends: taken back by us, by the product itself after the lease, not at all, or nothing is left to take back. */
  readonly end: 'undone' | 'expires' | 'stays' | 'nothing';
}

/** A call before anything was checked. */
export interface CallToForesee {
  readonly action: string;
  /** Id; null: the only one that there is. */
  readonly connection: string | null;
  readonly input: JsonObject;
}

/** Foresees a call. What it names may not exist any more; nothing is asked of the product. */
export async function foreseeCall(
  reader: Reader,
  connector: Pick<Connector, 'manifest'> | undefined,
  { action: name, connection: id, input }: CallToForesee,
): Promise<ForeseenCall> {
  const actions = connector?.manifest.actions ?? {};
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!connector || !action) return { action, connection: undefined, target: '', standing: 0, end: 'stays' };
  const target = targetOf(action, input);
  const where = { target, state: { in: [...STANDING_STATES] }, undo_of: '' };
  return {
    action,
    connection: connector.manifest.builtin ? undefined : await connectionOf(reader, connector.manifest.id, id),
    target,
    standing: target === '' ? 0 : await reader.count('effects', where),
    end: endOf(action),
  };
}

function endOf({ effect, inverse, lease }: ActionManifest): ForeseenCall['end'] {
  if (effect === 'read' || effect === 'notify') return 'nothing';
  if (inverse) return 'undone';
  return lease ? 'expires' : 'stays';
}

function targetOf(action: ActionManifest, input: JsonObject): string {
  try {
    return action.target === undefined ? '' : canonicalTarget(textOf(action.target, { input }));
  } catch (error) {
    if (isCounterpointError(error)) return '';
    throw error;
  }
}

async function connectionOf(reader: Reader, connector: string, id: string | null): Promise<ConnectionRow | undefined> {
  try {
    return await resolveConnection(reader, connector, id ?? undefined);
  } catch (error) {
    if (isCounterpointError(error)) return undefined;
    throw error;
  }
}

import { checkValue } from '@counterpoint/connector-kit';
import type { JsonObject } from '@counterpoint/core';
import type { Causality, Change, EffectRow } from '@counterpoint/events';
import { mergeChanges } from '@counterpoint/events';
import type { DoorContext } from './door-context.ts';
import { errors } from './errors.ts';
import { concludeFailed, concludePerformed, effectAudit, updateEffect } from './ledger/conclude.ts';
import { changed } from './ledger/effect-row.ts';
import { getEffect, getOwnEffect } from './ledger/standing.ts';
import { lostError } from './settled.ts';
import { preparedFrom } from './undo/inverse.ts';

/** What a person found out about an effect of unknown outcome. */
export interface Resolution {
  readonly effect: string;
  readonly happened: boolean;
  /** What the product would have answered, when it happened and that is known. */
  readonly output?: JsonObject | undefined;
  readonly causality: Causality;
}

/**
 * Settles an effect of unknown outcome by what a person found out. When it happened it is performed, with its claims;
 * else it failed, and may be asked for again.
 *
 * @throws actions.effect_not_found, actions.effect_elsewhere, actions.not_unknown, actions.invalid_input when the output is not of the action's form
 */
export async function resolveUnknown(context: DoorContext, resolution: Resolution): Promise<Change> {
  const { store, clock } = context;
  const row = await getOwnEffect(store, resolution.effect);
  if (row.state !== 'unknown') throw errors.not_unknown({ id: row.id, state: row.state });
  const now = clock.now();
  if (row.undo_of !== '') return resolveUndo(context, row, resolution);
  const { principal, trace } = resolution.causality;
  const said = { happened: resolution.happened };
  const audit = [{ ...effectAudit(row, 'effect.resolved', now, said), principal, trace }];
  if (!resolution.happened) {
    const { change } = await concludeFailed(store, row, { error: lostError(row), retryAfter: undefined }, now);
    return mergeChanges(change, { audit });
  }
  const prepared = await preparedFrom(context, row);
  const output = resolution.output ?? {};
  const problem = resolution.output && checkValue(prepared.action.output, output);
  if (problem)
    throw errors.invalid_input({ connector: row.connector, action: row.action, reason: `the output ${problem}` });
  const { change } = await concludePerformed(store, prepared, row, output, now);
  return mergeChanges(change, { audit });
}

/** The undo itself is of unknown outcome: when it happened the effect is undone, else it is tried again. */
async function resolveUndo(
  { store, clock }: DoorContext,
  undo: EffectRow,
  { happened, causality: { principal, trace } }: Resolution,
): Promise<Change> {
  const row = await getEffect(store, undo.undo_of);
  const now = clock.now();
  const audit = [{ ...effectAudit(undo, 'effect.resolved', now, { happened }), principal, trace }];
  const done = happened
    ? changed(undo, { state: 'performed', error: null, performed_at: now, ended_at: now })
    : changed(undo, { state: 'failed', wake_at: null, ended_at: now });
  const over = happened
    ? changed(row, { state: 'undone', wake_at: null, ended_at: now, error: null })
    : changed(row, { wake_at: now });
  return mergeChanges(updateEffect(done), row.state === 'undo_failed' ? updateEffect(over) : {}, { audit });
}

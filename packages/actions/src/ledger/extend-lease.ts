import { newId } from '@counterpoint/core';
import { type Causality, causalityOf, type EffectRow } from '@counterpoint/events';
import type { DoorContext } from '../door-context.ts';
import { errors } from '../errors.ts';
import { joinEffect } from '../join-effect.ts';
import { demand } from '../prepare.ts';
import { preparedFrom } from '../undo/inverse.ts';
import { effectAudit } from './conclude.ts';
import { getEffect } from './standing.ts';

/** A person's wish that an effect stays longer. */
export interface LeaseExtension {
  readonly effect: string;
  /** Milliseconds from now on. */
  readonly lease: number;
  readonly reason: string;
  /** Who claims it from now on, beside those who do already: `user:…` or `token:…`. */
  readonly holder: string;
  readonly permissions: ReadonlySet<string>;
  readonly causality: Causality;
}

/**
 * Adds a claim of a person to an effect in force and has the product keep it as long, within what the guard allows. An
 * earlier end than others want, or than was said before, changes nothing.
 *
 * @throws actions.effect_not_found, actions.not_in_force, actions.forbidden, guard.*, and what the product refuses with
 */
export async function extendLease(
  context: DoorContext,
  extension: LeaseExtension,
  signal: AbortSignal,
): Promise<EffectRow> {
  const { store, guard, clock } = context;
  const { effect, lease, reason, holder, permissions, causality } = extension;
  const row = await getEffect(store, effect);
  const notInForce = () => errors.not_in_force({ id: row.id, state: row.state });
  if (row.state !== 'performed' || row.undo_of !== '' || row.ended_at !== null) throw notInForce();
  const prepared = await preparedFrom(context, row);
  const { action, connector } = prepared;
  const key = newId(clock.now());
  const request = { ...prepared.request, key, run: '', address: '', lease, holder, permissions, causality };
  demand(request, `action:${action.effect}`);
  demand(request, 'connection:use');
  if (row.site !== '') return extendThere(context, row, extension, signal);
  const wish = { connector: connector.manifest.id, name: row.action, action, target: row.target, lease };
  const { outcome: decided, error, reasons } = await guard.decide(wish);
  if (error) throw error;
  if (decided === 'hold') throw errors.extension_held({ id: row.id, reason: reasons[0] ?? '' });
  const input = action.lease ? { ...prepared.input, [action.lease.argument]: Math.ceil(lease / 1000) } : prepared.input;
  const admission = await joinEffect(context, { ...prepared, request, input }, row);
  if (!admission) throw notInForce();
  const outcome = admission.kind === 'send' ? await admission.send(signal) : admission.outcome;
  if (outcome.status === 'failed') throw outcome.error;
  const after = await getEffect(store, effect);
  const { principal } = causalityOf(causality);
  const facts = { reason, holder, lease_until: after.lease_until };
  await store.commit({ audit: [{ ...effectAudit(after, 'effect.lease_extended', clock.now(), facts), principal }] });
  return after;
}

/** Its node looks after it, and asks its own guard; the copy here follows with the ledger. */
async function extendThere(
  { sites }: DoorContext,
  row: EffectRow,
  { effect, lease, reason, holder, causality }: LeaseExtension,
  signal: AbortSignal,
): Promise<EffectRow> {
  const { site } = row;
  if (!sites) throw errors.effect_elsewhere({ id: effect, site });
  return { ...row, lease_until: await sites.extend({ site, effect, lease, reason, holder, causality }, signal) };
}

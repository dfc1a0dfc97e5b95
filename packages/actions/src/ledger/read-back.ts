import { entryOf } from '@counterpoint/cases';
import { type ActionManifest, checkValue } from '@counterpoint/connector-kit';
import { isCounterpointError, type JsonObject } from '@counterpoint/core';
import { type Causality, type Change, type EffectRow, mergeChanges, type RowWrite } from '@counterpoint/events';
import { compileExpression } from '@counterpoint/expressions';
import type { DoorContext } from '../door-context.ts';
import { preparedFrom } from '../undo/inverse.ts';
import { type Verification, verifyPrepared } from '../verify-effect.ts';
import { caseOfClaim, claimsOf, isOpen } from './claims.ts';
import { effectAudit, updateEffect } from './conclude.ts';
import { changed } from './effect-row.ts';
import { getEffect } from './standing.ts';

/**
 * What the product says of an effect: still in force as the ledger has it; gone; changed, so that it ends earlier than
 * the ledger says; unclear when it cannot be asked; or over, so that there is nothing to ask.
 */
export type Finding = 'in_force' | 'gone' | 'changed' | 'unclear' | 'over';

/** An effect that was read back. */
export interface ReadBack {
  readonly effect: string;
  readonly finding: Finding;
  readonly reason: string;
}

/** Settles an effect of unknown outcome by what the product says: in the run that waits for it, or in the ledger. */
export type Settle = (
  row: EffectRow,
  said: { readonly happened: boolean; readonly output: JsonObject | undefined },
) => Promise<void>;

/** How much earlier than the ledger says a product may end an effect before that counts as changed, in milliseconds. */
const TOLERANCE = 60_000;
/** Finding that a drifted effect has in the ledger. */
const DRIFTED = 'actions.drifted';

/**
 * Reads an effect back in the product. Drift is written down: on the effect, in the audit log, and in the timeline of each
 * case that claims it, once for each time that it begins or ends. Nothing is done about it: that is for people to say.
 *
 * @throws actions.effect_not_found
 */
export async function readBack(
  context: DoorContext,
  id: string,
  settle: Settle,
  causality: Pick<Causality, 'principal'>,
  signal: AbortSignal,
): Promise<ReadBack> {
  const row = await getEffect(context.store, id);
  if (row.state !== 'performed' && row.state !== 'undo_failed' && row.state !== 'unknown') {
    return { effect: id, finding: 'over', reason: `it is ${row.state}` };
  }
  if (row.ended_at !== null) return { effect: id, finding: 'over', reason: 'nothing of it lasts' };
  const { finding, reason, seen } = await ask(context, row, signal);
  // About what an edge node did only that node writes anything down.
  if (finding === 'unclear' || row.site !== '') return { effect: id, finding, reason };
  if (row.state === 'unknown') await settle(row, { happened: finding !== 'gone', output: seen });
  else await record(context, row, { finding, reason }, causality.principal);
  return { effect: id, finding, reason };
}

interface Answer {
  readonly finding: Exclude<Finding, 'over'>;
  readonly reason: string;
  /** What the product said, as far as it has the form of a receipt. */
  readonly seen: JsonObject | undefined;
}

async function ask(context: DoorContext, row: EffectRow, signal: AbortSignal): Promise<Answer> {
  const unclear = (reason: string): Answer => ({ finding: 'unclear', reason, seen: undefined });
  try {
    const prepared = await preparedFrom(context, row);
    const verification = await verifyPrepared(context, prepared, row.key, signal);
    if (verification.kind === 'impossible') return unclear('its connector declares no way to find out');
    if (verification.kind === 'failed') return unclear(verification.result.error.message);
    const { action } = prepared;
    const seen = checkValue(action.output, verification.output) === undefined ? verification.output : undefined;
    return { ...judge(row, action.verify, verification, context.clock.now()), seen };
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return unclear(error.message);
  }
}

function judge(
  row: EffectRow,
  verify: ActionManifest['verify'],
  { kind, output }: Extract<Verification, { kind: 'holds' | 'gone' }>,
  now: number,
): Pick<Answer, 'finding' | 'reason'> {
  if (kind === 'gone') return { finding: 'gone', reason: 'the product does not have it any more' };
  const end = vendorEndSeen(verify, { input: row.args, output }, now);
  const wanted = row.lease_until ?? Number.POSITIVE_INFINITY;
  return end < wanted - TOLERANCE
    ? { finding: 'changed', reason: `the product ends it at ${new Date(end).toISOString()}` }
    : { finding: 'in_force', reason: 'the product has it' };
}

/** When the product says that it ends the effect by itself (Unix ms); infinity: never, or it does not say. */
function vendorEndSeen(verify: ActionManifest['verify'], scope: JsonObject, now: number): number {
  const seconds = (source: string | undefined): number => {
    const value = source === undefined ? null : compileExpression(source).evaluate(scope);
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.POSITIVE_INFINITY;
  };
  return Math.min(now + seconds(verify?.expires_in) * 1000, seconds(verify?.expires_at) * 1000);
}

function driftOf(row: EffectRow): string {
  const error = row.error as JsonObject | null;
  return error?.code === DRIFTED ? String(error.finding) : 'in_force';
}

async function record(
  { store, clock }: DoorContext,
  row: EffectRow,
  { finding, reason }: Pick<Answer, 'finding' | 'reason'>,
  principal: string,
): Promise<void> {
  if (driftOf(row) === finding || row.state === 'undo_failed') return;
  const now = clock.now();
  const drifted = finding !== 'in_force';
  const error = drifted ? { code: DRIFTED, finding, message: reason, performed: 'no', at: now } : null;
  const after = changed(row, { error });
  const action = drifted ? 'effect.drifted' : 'effect.in_force_again';
  const audit = [{ ...effectAudit(after, action, now, { finding, reason }), principal }];
  const timeline: Change = { rows: await timelineOf(store, after, `${finding}: ${reason}`, now) };
  await store.commit(mergeChanges(updateEffect(after), timeline, { audit }));
}

/** A line about an effect for each case that claims it. */
async function timelineOf(
  store: DoorContext['store'],
  row: EffectRow,
  text: string,
  now: number,
): Promise<readonly RowWrite[]> {
  const open = (await claimsOf(store, row.id)).filter((claim) => isOpen(claim, now));
  const cases = new Set(open.flatMap((claim) => caseOfClaim(claim) ?? []));
  const occasion = { key: `${row.id}/${row.rev}`, causality: row, now };
  const what = `${row.connection} ${row.action} ${row.target}: ${text}`;
  return [...cases].map((id) => {
    const entry = entryOf(occasion, id, 'effect', what, { effect: row.id });
    return { op: 'ensure', table: 'case_entries', row: entry };
  });
}

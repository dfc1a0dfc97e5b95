import { stableId } from '@counterpoint/core';
import { type Change, type EffectRow, mergeChanges } from '@counterpoint/events';
import { callAction, notSent, timeoutOf } from './call.ts';
import { clearTheWay } from './clear-the-way.ts';
import { concludeCall } from './conclude-call.ts';
import type { ActionOutcome, Admission } from './door.ts';
import type { DoorContext } from './door-context.ts';
import type { Decision } from './guard/guard.ts';
import { awaitConsent } from './hold-effect.ts';
import { joinEffect } from './join-effect.ts';
import { claimsOf, claimWishes, claimWrites, lastEnd, leaseOf } from './ledger/claims.ts';
import { conclude, effectAudit, LOST_AFTER, updateEffect } from './ledger/conclude.ts';
import { changed, intendedRow, ledgerDecision, ledgerError, mayHaveHappened } from './ledger/effect-row.ts';
import { effectByKey, effectsOn, isOurs, othersThan } from './ledger/standing.ts';
import { outlast } from './outlast.ts';
import type { Prepared } from './prepare.ts';
import { refusal } from './refusal.ts';
import { lostError, settledFrom } from './settled.ts';
import { undoneBy } from './undo/undone-by.ts';
import { verifyPrepared } from './verify-effect.ts';

/** Whether the effect of a request is something that stays, so that somebody must want it to. */
function lasts({ action, request }: Prepared): boolean {
  return (
    action.effect === 'contain' || action.inverse !== undefined || (request.lease ?? request.whileCase) !== undefined
  );
}

/** Admits an action that changes the world: the ledger first, then the send. */
export async function admitEffect(context: DoorContext, prepared: Prepared): Promise<Admission> {
  const { request } = prepared;
  const standing = await effectByKey(context.store, request.key);
  if (standing) {
    const settled = settledFrom(standing, prepared);
    if (settled) return settled;
  }
  const { connector } = request;
  const { action, target } = prepared;
  const decision = await context.guard.decide({
    connector,
    name: request.action,
    action,
    target,
    lease: leaseOf(request),
    key: request.key,
  });
  if (decision.error) return refusal(request, decision.error, { rule: decision.rule, target });
  const consent = await awaitConsent(context, prepared, decision, standing);
  if (consent) return consent;
  if (standing) return sendAgain(context, prepared, standing, decision);
  const others =
    action.effect === 'contain' && target !== '' ? await effectsOn(context.store, effectPlace(prepared)) : [];
  const current = others.find(({ state }) => state === 'performed' || state === 'intended' || state === 'pending');
  if (current) {
    const joined = await joinEffect(context, prepared, current);
    if (joined) return joined;
  }
  const preexisting = (await isSoAlready(context, prepared)) && !isOurs(others);
  return sendNew(context, prepared, { decision, others, preexisting });
}

/** What was found out about a request before it enters the ledger. */
interface Findings {
  readonly decision: Decision;
  /** Effects of the same action on the target, newest first. */
  readonly others: readonly EffectRow[];
  readonly preexisting: boolean;
}

/** Where effects of the same kind on the same target are found. */
export function effectPlace({ connection, request, target }: Prepared) {
  return { connection: connection.id, action: request.action, target };
}

/** When the keeper looks whether anybody still waits for the answer of a call. */
function watchAt({ request, action }: Prepared): number {
  return request.now + timeoutOf(action, request.timeout) + LOST_AFTER;
}

function sendNew(context: DoorContext, prepared: Prepared, { decision, others, preexisting }: Findings): Admission {
  const { request, target } = prepared;
  // The id follows from the effect that stood last on the target: of two that come at once only one can be written.
  const contains = prepared.action.effect === 'contain' && target !== '';
  const { connection, action } = effectPlace(prepared);
  const id = contains
    ? stableId('effect', ...(context.node ? [context.node] : []), connection, action, target, others[0]?.id ?? '')
    : stableId('effect', request.key);
  const row = { ...intendedRow(id, prepared, decision, watchAt(prepared)), preexisting };
  const claims: Change = lasts(prepared) ? { rows: claimWrites(id, [], claimWishes(request)) } : {};
  const spent: Change = { rows: decision.spends ?? [] };
  const change = mergeChanges({ rows: [{ op: 'insert', table: 'effects', row }] }, claims, spent, {
    audit: [effectAudit(row, 'effect.intended', request.now, { rule: decision.rule })],
  });
  const blocking = others.filter((other) => other.state === 'undoing' || other.state === 'undo_failed');
  return sending(context, prepared, row, change, blocking);
}

async function sendAgain(
  context: DoorContext,
  prepared: Prepared,
  standing: EffectRow,
  decision: Decision,
): Promise<Admission> {
  const { request } = prepared;
  const untouched = standing.state === 'held' || (standing.state === 'failed' && !mayHaveHappened(standing));
  const row = changed(standing, {
    state: 'intended',
    // The same but for the lease, which may be another by now.
    args: prepared.input,
    preexisting: untouched ? await wasBefore(context, prepared, standing) : standing.preexisting,
    // Found under way, the attempt before was cut off by a crash: it may have happened.
    error: standing.state === 'intended' ? ledgerError(lostError(standing), 'maybe') : standing.error,
    decision: ledgerDecision(decision),
    lease_until: lastEnd(request),
    wake_at: watchAt(prepared),
    attempts: standing.attempts + 1,
    ended_at: null,
  });
  const claims = lasts(prepared) ? await claimsOf(context.store, row.id) : [];
  const claim: Change = lasts(prepared) ? { rows: claimWrites(row.id, claims, claimWishes(request)) } : {};
  const change = mergeChanges(
    updateEffect(row),
    claim,
    { rows: decision.spends ?? [] },
    {
      audit: [effectAudit(row, 'effect.intended', request.now, { rule: decision.rule, attempt: row.attempts })],
    },
  );
  return sending(context, prepared, row, change, []);
}

async function wasBefore(context: DoorContext, prepared: Prepared, row: EffectRow): Promise<boolean> {
  return (await isSoAlready(context, prepared)) && !isOurs(await othersThan(context.store, row));
}

function sending(
  context: DoorContext,
  prepared: Prepared,
  row: EffectRow,
  change: Change,
  blocking: readonly EffectRow[],
): Admission {
  const { request, connector, action, connection, input } = prepared;
  const { clock, guard, store } = context;
  return {
    kind: 'send',
    change,
    effect: row.id,
    async send(signal, isMine): Promise<ActionOutcome> {
      const obstacle = await outlast(
        clock,
        async () => (await clearTheWay(context, blocking, request, signal)) ?? guard.stopped(request.connector),
      );
      if (obstacle) return outlast(clock, () => conclude(store, prepared, row, notSent(obstacle), clock.now()));
      const { timeout, key, causality: origin } = request;
      const call = { connector, name: request.action, action, connection, input, key, timeout, signal, isMine, origin };
      const result = await callAction(context, call);
      const outcome = await outlast(clock, () => concludeCall(context, prepared, row, result, signal));
      return outlast(clock, () => undoneBy(context, prepared, row, outcome));
    },
  };
}

/**
 * Looks before a containment enters the ledger whether the target is so already: should the answer be lost, nobody could
 * tell afterwards whether it was us, and what others did would be undone in our name.
 */
async function isSoAlready(context: DoorContext, prepared: Prepared): Promise<boolean> {
  if (prepared.action.effect !== 'contain') return false;
  const { kind } = await verifyPrepared(context, prepared, prepared.request.key, new AbortController().signal);
  return kind === 'holds';
}

import { askPeople, type CoveredCall } from '@counterpoint/cases';
import { type CounterpointError, stableId } from '@counterpoint/core';
import { type Change, type EffectRow, mergeChanges } from '@counterpoint/events';
import type { Admission } from './door.ts';
import type { DoorContext } from './door-context.ts';
import { guardErrors } from './errors.ts';
import { askersOf, consentTo, holdId } from './guard/consent.ts';
import type { Decision } from './guard/guard.ts';
import type { HoldTerms } from './guard/policy.ts';
import { effectAudit, updateEffect } from './ledger/conclude.ts';
import { changed, failedRow, intendedRow, mayHaveHappened } from './ledger/effect-row.ts';
import type { Prepared } from './prepare.ts';
import { refusal } from './refusal.ts';
import { actionOn } from './words/action-words.ts';

/** What people are told where the policy alone would not have asked them. */
const ASKED = 'What asks for it does not act without people.';

/**
 * Asks for the consent of people where the guard or the request itself wants it. Undefined when the action may go on;
 * else it is held (the inbox item, the ledger's `held` and the outcome are one change) or refused.
 */
export async function awaitConsent(
  context: DoorContext,
  prepared: Prepared,
  decision: Decision,
  standing: EffectRow | undefined,
): Promise<Admission | undefined> {
  // What has begun was let go when it did; whether it happened is to be found out, not to be asked of people.
  const begun = standing !== undefined && standing.state !== 'held' && mayHaveBegun(standing);
  const held = (decision.outcome === 'hold' || mustAsk(prepared)) && !begun;
  if (!held && !prepared.request.approval) return undefined;
  const terms = context.guard.holdTerms();
  const consent = await consentTo(context.store, prepared, held, terms);
  switch (consent.kind) {
    case 'given':
      return undefined;
    case 'refused':
      return refused(prepared, decision, standing, consent.error);
    case 'open':
      return heldBy(consent.item.id, consent.item.due_at, standing, {});
    case 'missing':
      return hold(prepared, decision, standing, terms);
  }
}

/** Whether whoever asks for the action wants people to decide about it, whatever the policy says. */
function mustAsk({ request, action }: Prepared): boolean {
  return request.ask === true && action.effect !== 'read' && action.effect !== 'notify';
}

function mayHaveBegun(standing: EffectRow): boolean {
  return standing.state !== 'failed' || mayHaveHappened(standing);
}

function refused(
  prepared: Prepared,
  decision: Decision,
  standing: EffectRow | undefined,
  error: CounterpointError,
): Admission {
  const { request, target } = prepared;
  const admission = refusal(request, error, { rule: decision.rule, target });
  if (admission.kind === 'send' || standing?.state !== 'held') return admission;
  const change = mergeChanges(admission.outcome.change, updateEffect(failedRow(standing, error, request.now)));
  return { kind: 'settled', outcome: { ...admission.outcome, change } };
}

function heldBy(item: string, due: number | null, standing: EffectRow | undefined, change: Change): Admission {
  return { kind: 'settled', outcome: { status: 'held', item, due, effect: standing?.id, change } };
}

function hold(prepared: Prepared, decision: Decision, standing: EffectRow | undefined, terms: HoldTerms): Admission {
  const { request } = prepared;
  const id = stableId('effect', request.key);
  const row: EffectRow = standing
    ? changed(standing, { state: 'held', ended_at: null })
    : { ...intendedRow(id, prepared, decision, null), state: 'held', attempts: 0 };
  const ledger: Change = standing ? updateEffect(row) : { rows: [{ op: 'insert', table: 'effects', row }] };
  const item = holdId(request.key);
  // Whoever calls an action directly may ask again whenever they like; only a run has to go on some time.
  const due = request.run === '' ? null : request.now + terms.wait;
  const audit: Change = { audit: [effectAudit(row, 'effect.held', request.now, { rule: decision.rule, item })] };
  const change = mergeChanges(ledger, askPeople(questionOf(prepared, decision, terms, due)), audit);
  return heldBy(item, due, row, change);
}

function questionOf(prepared: Prepared, { outcome, reasons }: Decision, terms: HoldTerms, due: number | null) {
  const { request, connection, target } = prepared;
  const { connector, action, address, input, lease = null } = request;
  const call: CoveredCall = {
    kind: 'action',
    step: address.slice(address.lastIndexOf('.') + 1),
    address,
    connector,
    action,
    connection: connection.id,
    lease,
    input,
  };
  const [reason = ''] = outcome === 'hold' ? reasons : [ASKED];
  return {
    id: holdId(request.key),
    kind: 'approval',
    run: request.run,
    address,
    playbook: playbookOf(request.causality.principal),
    text: `${actionOn(prepared.action.title, target)} on ${connection.title}? ${reason}`,
    covers: [call],
    role: terms.role,
    users: [],
    excluded: askersOf(prepared, terms),
    quorum: terms.quorum,
    delegable: false,
    form: null,
    via: [],
    due_at: due,
    otherwise: 'deny',
    simulated: connection.simulated,
    causality: request.causality,
    now: request.now,
  } as const;
}

function playbookOf(principal: string): string {
  return /^(?:playbook|reaction):(.*)$/.exec(principal)?.[1] ?? '';
}

/** Ends a held effect, because nobody waits for it any more; nothing when it is not held. */
export function cancelHeld(row: EffectRow | undefined, now: number): Change {
  if (row?.state !== 'held') return {};
  const after = failedRow(row, guardErrors.hold_called_off({ action: `${row.connector}.${row.action}` }), now);
  return mergeChanges(updateEffect(after), { audit: [effectAudit(after, 'effect.failed', now, { held: true })] });
}

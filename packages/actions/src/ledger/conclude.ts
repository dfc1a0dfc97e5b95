import { isOver } from '@counterpoint/cases';
import { type Json, type JsonObject, parseDuration } from '@counterpoint/core';
import {
  type AuditEntry,
  type Change,
  type ClaimRow,
  type EffectRow,
  mergeChanges,
  type Reader,
} from '@counterpoint/events';
import type { CallFailure, CallResult } from '../call.ts';
import type { ActionOutcome } from '../door.ts';
import { errors } from '../errors.ts';
import { holdsSurely, referenceInput } from '../expressions.ts';
import type { Prepared } from '../prepare.ts';
import { caseOfClaim, claimsOf, endedClaim, endsOf, isOpen } from './claims.ts';
import { changed, type Ends, failedRow, mayHaveHappened, performedRow, unknownRow } from './effect-row.ts';
import { isOurs, othersThan } from './standing.ts';

/** How long after a call, or the next question about it, is due to be over the keeper takes it for lost, in milliseconds. */
export const LOST_AFTER = 60_000;

/** How long after a lost answer the keeper asks the vendor what became of it, in milliseconds. */
const VERIFY_AFTER = 30_000;

/** The audit entry of something that happened to an effect. */
export function effectAudit(row: EffectRow, action: string, at: number, data: JsonObject = {}): AuditEntry {
  const { principal, trace, id, connector, connection, target } = row;
  const facts = { connector, action: row.action, connection, target, ...data };
  return { at, principal, action, object: `effect:${id}`, data: facts, trace };
}

/** The write of an effect that stood already. */
export function updateEffect(row: EffectRow): Change {
  return { rows: [{ op: 'update', table: 'effects', row }] };
}

/** The inverse with its arguments frozen; null when there is none or its arguments cannot be made of what is known. */
function frozenInverse(prepared: Prepared, output: JsonObject): Json {
  const { inverse } = prepared.action;
  if (!inverse) return null;
  try {
    return { action: inverse.action, with: referenceInput(inverse, { input: prepared.input, output }) };
  } catch {
    return null;
  }
}

/** Whether it was so before us: seen before it was sent, or said by the answer. */
async function wasSoBefore(reader: Reader, prepared: Prepared, row: EffectRow, output: JsonObject): Promise<boolean> {
  if (row.preexisting) return true;
  const { preexisting } = prepared.action;
  if (preexisting === undefined || mayHaveHappened(row)) return false;
  if (!holdsSurely(preexisting, { input: prepared.input, output })) return false;
  return !isOurs(await othersThan(reader, row));
}

/**
 * The outcome of an effect that was performed. With a lease at the vendor it counts as performed at `sentAt`, before
 * which its call surely did not go out: the vendor's time may run from then on.
 */
export async function concludePerformed(
  reader: Reader,
  prepared: Prepared,
  row: EffectRow,
  output: JsonObject,
  now: number,
  sentAt = row.created_at,
): Promise<ActionOutcome> {
  const inverse = frozenInverse(prepared, output);
  const preexisting = await wasSoBefore(reader, prepared, row, output);
  const claims = await claimsOf(reader, row.id);
  const orphaned = await orphanedClaims(reader, claims);
  const open = claims.filter((claim) => claim.ended_at === null && !orphaned.includes(claim));
  const at = prepared.action.lease ? sentAt : now;
  const after = performedRow(row, { output, inverse, preexisting }, endsNow(claims, open, now), at);
  const change = mergeChanges(updateEffect(after), {
    rows: orphaned.map((claim) => ({ op: 'update', table: 'claims', row: endedClaim(claim, now) }) as const),
    audit: [effectAudit(after, 'effect.performed', now, { preexisting })],
  });
  return { status: 'succeeded', output, effect: row.id, change };
}

/** Open claims of cases that were closed while the effect was under way, and that nobody else may have seen. */
export async function orphanedClaims(reader: Reader, claims: readonly ClaimRow[]): Promise<readonly ClaimRow[]> {
  const orphaned: ClaimRow[] = [];
  for (const claim of claims) {
    const id = claim.ended_at === null ? caseOfClaim(claim) : undefined;
    const row = id === undefined ? undefined : await reader.get('cases', id);
    if (row && isOver(row)) orphaned.push(claim);
  }
  return orphaned;
}

function endsNow(claims: readonly ClaimRow[], open: readonly ClaimRow[], now: number): Ends {
  // What nobody claims does not last: it is over as soon as it is done.
  if (claims.length === 0) return { lease_until: null, wake_at: null, ended_at: now };
  // Released while it was under way: nobody wants it any more.
  if (open.length === 0) return { lease_until: now, wake_at: now, ended_at: null };
  return { ...endsOf(open), ended_at: null };
}

/** The outcome of an attempt that surely did not happen. Its claims end with it. */
export async function concludeFailed(
  reader: Reader,
  row: EffectRow,
  result: Pick<CallFailure, 'error' | 'retryAfter'>,
  now: number,
): Promise<ActionOutcome> {
  const { error, retryAfter } = result;
  const after = failedRow(row, error, now);
  const claims = (await claimsOf(reader, row.id)).filter((claim) => isOpen(claim, now));
  const change: Change = mergeChanges(updateEffect(after), {
    rows: claims.map((claim) => ({ op: 'put', table: 'claims', row: endedClaim(claim, now) }) as const),
    audit: [effectAudit(after, 'effect.failed', now, { error: error.code })],
  });
  return { status: 'failed', error, retryable: error.retryable, retryAfter, performed: 'no', effect: row.id, change };
}

/** The outcome of an attempt whose answer was lost: a failure that may be repeated when that does no harm, else unknown. */
export function concludeLost(
  prepared: Prepared,
  row: EffectRow,
  result: Pick<CallFailure, 'error' | 'retryAfter' | 'output'>,
  now: number,
): ActionOutcome {
  const { error, retryAfter, output } = result;
  const { action, request } = prepared;
  const after = unknownRow(row, error, output, action.verify ? now + VERIFY_AFTER : null);
  const change = mergeChanges(updateEffect(after), {
    audit: [effectAudit(after, 'effect.unknown', now, { error: error.code })],
  });
  if (action.idempotent) {
    return {
      status: 'failed',
      error,
      retryable: error.retryable,
      retryAfter,
      performed: 'maybe',
      effect: row.id,
      change,
    };
  }
  const reason = error.message.replace(/\.$/, '');
  const lost = errors.outcome_unknown(
    { connector: request.connector, action: request.action, reason },
    { cause: error, details: { code: error.code } },
  );
  return { status: 'unknown', error: lost, effect: row.id, change };
}

/** What the pending outcome of an asynchronous action carries from poll to poll. */
export interface Pending extends JsonObject {
  /** What the vendor answered when it was begun. */
  readonly output: JsonObject;
  /** When it was begun, Unix milliseconds. */
  readonly since: number;
}

/** The outcome of a call that began something which the vendor completes later. */
export function concludePending(
  prepared: Prepared,
  row: EffectRow | undefined,
  pending: Pending,
  now: number,
): ActionOutcome {
  const interval = parseDuration(prepared.action.completion?.interval ?? '5s');
  const at = now + interval;
  // Runs poll by themselves, as long as they want it; what nobody journals is polled by the keeper.
  const after =
    row &&
    changed(row, {
      state: 'pending',
      receipt: pending.output,
      wake_at: row.run === '' ? at : at + LOST_AFTER,
      performed_at: pending.since,
    });
  const audit = after && row?.state !== 'pending' ? [effectAudit(after, 'effect.begun', now)] : [];
  return {
    status: 'pending',
    effect: row?.id,
    poll: pending,
    at,
    change: after ? mergeChanges(updateEffect(after), { audit }) : {},
  };
}

/** The outcome of a call, whatever it is, for an effect or (row undefined) a read. */
export async function conclude(
  reader: Reader,
  prepared: Prepared,
  row: EffectRow | undefined,
  result: CallResult,
  now: number,
): Promise<ActionOutcome> {
  if (result.ok) {
    if (prepared.action.completion) return concludePending(prepared, row, { output: result.output, since: now }, now);
    if (row) return concludePerformed(reader, prepared, row, result.output, now, prepared.request.now);
    return { status: 'succeeded', output: result.output, effect: undefined, change: {} };
  }
  const { error, retryAfter, performed } = result;
  if (!row) {
    return {
      status: 'failed',
      error,
      retryable: error.retryable,
      retryAfter,
      performed,
      effect: undefined,
      change: {},
    };
  }
  // An earlier attempt that may have happened does not un-happen because this one was refused.
  if (performed === 'maybe' || mayHaveHappened(row)) return concludeLost(prepared, row, result, now);
  return concludeFailed(reader, row, result, now);
}

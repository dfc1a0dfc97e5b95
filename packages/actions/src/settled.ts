import type { CounterpointError, JsonObject } from '@counterpoint/core';
import type { EffectRow } from '@counterpoint/events';
import type { Admission } from './door.ts';
import { errors } from './errors.ts';
import type { Prepared } from './prepare.ts';
import { refusal } from './refusal.ts';

/** The refusal of a request whose key stands for another effect; undefined when it is the same. */
export function keyMismatch(
  standing: EffectRow,
  { request, argsHash, connection }: Prepared,
): CounterpointError | undefined {
  const same =
    standing.connector === request.connector &&
    standing.action === request.action &&
    standing.connection === connection.id &&
    standing.args_hash === argsHash;
  return same ? undefined : errors.key_reused({ standing: `the effect ${standing.id}` });
}

/** The error of an effect whose answer was lost. */
export function lostError(row: Pick<EffectRow, 'connector' | 'action' | 'error'>): CounterpointError {
  const reason = (row.error as JsonObject | null)?.message ?? 'its answer was lost';
  return errors.outcome_unknown({
    connector: row.connector,
    action: row.action,
    reason: String(reason).replace(/\.$/, ''),
  });
}

/**
 * What is to be said to a request whose effect is in the ledger already: it was done, nobody knows, or it is under way.
 * Undefined when it may be sent (again).
 */
export function settledFrom(standing: EffectRow, prepared: Prepared): Admission | undefined {
  const { request, action } = prepared;
  const mismatch = keyMismatch(standing, prepared);
  if (mismatch) return refusal(request, mismatch);
  const effect = standing.id;
  switch (standing.state) {
    case 'failed':
    case 'held':
      return undefined;
    case 'pending': {
      const poll = { output: standing.receipt as JsonObject, since: standing.performed_at ?? standing.created_at };
      return { kind: 'settled', outcome: { status: 'pending', effect, poll, at: request.now, change: {} } };
    }
    case 'intended':
      if (request.run === '' && (standing.wake_at ?? 0) > request.now) return refusal(request, errors.in_progress());
      break;
    case 'unknown':
      break;
    default:
      return {
        kind: 'settled',
        outcome: { status: 'succeeded', output: standing.receipt as JsonObject, effect, change: {} },
      };
  }
  // Repeating an idempotent action is harmless whatever became of the last attempt; any other is never repeated.
  if (action.idempotent) return undefined;
  return { kind: 'settled', outcome: { status: 'unknown', error: lostError(standing), effect, change: {} } };
}

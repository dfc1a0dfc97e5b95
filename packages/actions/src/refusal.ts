import type { CounterpointError, JsonObject } from '@counterpoint/core';
import type { ActionRequest, Admission } from './door.ts';

/** A request that goes no further: a failed outcome whose change holds the audit entry. */
export function refusal(request: ActionRequest, error: CounterpointError, facts: JsonObject = {}): Admission {
  const { connector, action, connection = null, causality, now } = request;
  const { principal, trace } = causality;
  const denied = error.code.startsWith('guard.');
  const data = { connector, action, connection, code: error.code, reason: error.message, ...facts };
  const entry = {
    at: now,
    principal,
    action: denied ? 'effect.denied' : 'action.refused',
    object: request.run === '' ? `action:${connector}.${action}` : `run:${request.run}/${request.address}`,
    data,
    trace,
  };
  return {
    kind: 'settled',
    outcome: {
      status: 'failed',
      error,
      retryable: error.retryable,
      retryAfter: undefined,
      performed: 'no',
      effect: undefined,
      change: { audit: [entry] },
    },
  };
}

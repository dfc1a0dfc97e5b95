import { escapeControl } from '@counterpoint/core';
import { type Answer, type Complaint, complaintOfStatus, readAnswer, retryAfterOf } from './answer.ts';
import type { ActionCall, EgressResponse } from './connector.ts';
import { redactorFor } from './egress.ts';
import { ConnectorError } from './errors.ts';

const MAX_REASON = 500;

/**
 * The error that a complaint becomes. The reason may hold the vendor's words, and those may repeat the credential or
 * carry control characters: both are removed.
 *
 * @param connector The product's name, for the message.
 */
export function vendorError(
  connector: string,
  call: Pick<ActionCall, 'connection'>,
  { error, reason, performed }: Complaint,
  retryAfter?: number,
): ConnectorError {
  const clean = redactorFor(call.connection.secrets)
    .text(escapeControl(reason))
    .slice(0, MAX_REASON)
    .replace(/\.+$/, '');
  const wait = retryAfter === undefined ? {} : { retryAfter };
  return new ConnectorError(error, { connector, reason: clean }, { performed, ...wait });
}

/**
 * For code actions: reads an answer, and throws what its status means unless it is 200 to 299.
 *
 * @throws ConnectorError
 */
export function requireSuccess(connector: string, call: ActionCall, response: EgressResponse): Answer {
  const answer = readAnswer(response);
  const complaint = complaintOfStatus(answer);
  if (!complaint) return answer;
  throw vendorError(connector, call, complaint, retryAfterOf(answer.headers, call.clock.now()));
}

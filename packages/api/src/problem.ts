import type { Problem } from '@counterpoint/contracts';
import { type CounterpointError, coreErrors, isCounterpointError, newId, type Redactor } from '@counterpoint/core';
import type { FastifyError } from 'fastify';
import { errors } from './errors.ts';

/** The media type of error answers (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

function fromFramework(error: FastifyError, limit: number): CounterpointError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return coreErrors.body_too_large({ limit });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return errors.media_type_unsupported({ type: 'given' });
    default:
      return error.statusCode !== undefined && error.statusCode < 500
        ? errors.request_invalid({ reason: error.message })
        : undefined;
  }
}

/**
 * Turns anything that was thrown into an error that is safe to show. What nobody expected becomes `core.internal`
 * with a reference, and `report` is told the reference and the original.
 */
export function toProblemError(
  thrown: unknown,
  bodyLimit: number,
  report: (reference: string, thrown: unknown) => void,
): CounterpointError {
  if (isCounterpointError(thrown)) return thrown;
  const known = thrown instanceof Error ? fromFramework(thrown as FastifyError, bodyLimit) : undefined;
  if (known) return known;
  const reference = newId();
  report(reference, thrown);
  return coreErrors.internal({ reference });
}

/** The body of an error answer, with known secrets taken out. */
export function problemBody(error: CounterpointError, redactor: Redactor): Problem {
  return redactor.value({
    type: `urn:counterpoint:error:${error.code}`,
    title: error.code,
    status: error.status,
    code: error.code,
    detail: error.message,
    help: error.help,
    retryable: error.retryable,
    ...(Object.keys(error.details).length > 0 ? { details: error.details as NonNullable<Problem['details']> } : {}),
  });
}

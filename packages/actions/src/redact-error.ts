import type { Redactor } from '@counterpoint/core';

interface Leaky {
  message: string;
  stack?: string | undefined;
  details?: unknown;
}

/** Takes known secrets out of an error and of everything that caused it, in place, and gives it back. */
export function redactError<Failure extends Error>(error: Failure, redactor: Redactor): Failure {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const leaky = one as Leaky;
    leaky.message = redactor.text(leaky.message);
    if (leaky.stack !== undefined) leaky.stack = redactor.text(leaky.stack);
    if (leaky.details !== undefined) leaky.details = redactor.value(leaky.details);
  }
  return error;
}

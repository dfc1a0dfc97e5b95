import { isCounterpointError } from '@counterpoint/core';

/** An error in words. */
export interface DescribedError {
  /** What happened, and what was expected. */
  readonly what: string;
  /** What to do next. */
  readonly next: string;
  /** Its code in the reference of errors. */
  readonly code: string;
  /** Whether trying the same again may help. */
  readonly retryable: boolean;
}

/** Any error as the error catalogue words it; a defect of the page says so. */
export function describeError(error: unknown): DescribedError {
  if (isCounterpointError(error, 'sdk.unreachable')) {
    return {
      what: 'The server does not answer.',
      next: 'It may be starting again, or the network is gone. Try again in a moment; once it is back, the page does so by itself.',
      code: error.code,
      retryable: true,
    };
  }
  if (isCounterpointError(error)) {
    return { what: error.message, next: error.help, code: error.code, retryable: error.retryable };
  }
  return {
    what: 'This page met a defect.',
    next: `Reload it; if it comes again, report this: ${error instanceof Error ? error.message : String(error)}`,
    code: 'console.defect',
    retryable: true,
  };
}

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

/** Stands for a part of the console that could not be fetched. */
export const PART_LOST = new Error('a part of the console could not be fetched');

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
  if (error === PART_LOST) {
    return {
      what: 'This screen could not be loaded.',
      next: 'The server does not answer, or it has another version now. As soon as it answers, the page loads itself anew.',
      code: 'console.not_loaded',
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

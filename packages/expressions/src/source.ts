import type { CounterpointError, ErrorExtras } from '@counterpoint/core';

/** A stretch of an expression's source, counted in UTF-16 units. */
export interface Span {
  readonly source: string;
  readonly offset: number;
  readonly length: number;
}

/** Where an error belongs, in the form that error factories take. */
export function at(span: Span, suggestion?: string): ErrorExtras {
  const { source, offset, length } = span;
  return { details: suggestion === undefined ? { source, offset, length } : { source, offset, length, suggestion } };
}

/** A problem found by the checker. `code` is that of the error which evaluating would raise, where there is one. */
export interface ExpressionFinding {
  readonly code: string;
  readonly message: string;
  /** Where it starts in the expression, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  /** What to write instead. */
  readonly suggestion?: string;
}

/** The finding that says the same as `error`. */
export function findingOf(error: CounterpointError): ExpressionFinding {
  const { offset = 0, length = 0, suggestion } = error.details as Partial<ExpressionFinding>;
  const { code, message } = error;
  return suggestion === undefined ? { code, message, offset, length } : { code, message, offset, length, suggestion };
}

/** ` Did you mean "name"?`, or nothing. */
export function didYouMean(name: string | undefined): string {
  return name === undefined ? '' : ` Did you mean "${name}"?`;
}

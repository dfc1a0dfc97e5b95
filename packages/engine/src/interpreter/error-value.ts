import type { CounterpointError } from '@counterpoint/core';

/** An error as playbooks see it (`error`, `outcome.<id>.error`) and as journals keep it. */
export type ErrorValue = {
  /** Stable code, such as `connector.rate_limited`. */
  readonly code: string;
  /** The code without its namespace, such as `rate_limited`. */
  readonly name: string;
  readonly message: string;
  /** Address of the step that failed first; empty when it was no step. */
  readonly step: string;
};

/** Turns an expected error into data. */
export function errorValue(error: CounterpointError, step: string): ErrorValue {
  return { code: error.code, name: error.code.slice(error.code.lastIndexOf('.') + 1), message: error.message, step };
}

/** Whether an error is one of those named by name or code; an empty list names all. */
export function isNamed(error: ErrorValue, names: readonly string[]): boolean {
  return names.length === 0 || names.includes(error.name) || names.includes(error.code);
}

import { isCounterpointError } from '@counterpoint/core';

/** Null for what is not there. @throws every other error */
export function unless404(error: unknown): null {
  if (isCounterpointError(error) && error.status === 404) return null;
  throw error;
}

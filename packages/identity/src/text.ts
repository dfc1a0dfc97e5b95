import { escapeControl } from '@counterpoint/core';
import { errors } from './errors.ts';

const LONGEST = 100;

/**
 * A name or title as it is kept: trimmed, 1 to 100 characters, without control characters.
 *
 * @throws identity.request_invalid
 */
export function requireText(field: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw errors.request_invalid({ field, reason: 'it is empty' });
  if (trimmed.length > LONGEST) throw errors.request_invalid({ field, reason: `it is over ${LONGEST} characters` });
  if (escapeControl(trimmed) !== trimmed || !trimmed.isWellFormed()) {
    throw errors.request_invalid({ field, reason: 'it has control characters' });
  }
  return trimmed;
}

import type { Json, JsonObject } from '@counterpoint/core';
import type { JournalRow } from '@counterpoint/events';
import { readReference } from '../worker/value-reference.ts';

/** Entries whose values are looked at when steps are folded. */
const LOOKED_INTO: ReadonlySet<string> = new Set(['adopted', 'foreach_entered']);

/** Whether an entry must be read with its large values before it is folded. */
export function keepsWhole({ kind, data }: Pick<JournalRow, 'kind' | 'data'>): boolean {
  return LOOKED_INTO.has(kind) && Object.values(data as JsonObject).some((value) => readReference(value) !== undefined);
}

/** Bytes that a stored value takes as JSON: those of the blob for a reference. */
export function storedSize(stored: Json): number {
  const reference = readReference(stored);
  return reference ? reference.size : Buffer.byteLength(JSON.stringify(stored) ?? '');
}

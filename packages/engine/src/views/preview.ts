import type { Json, JsonObject } from '@counterpoint/core';
import type { JournalRow } from '@counterpoint/events';
import { readReference, unescapeValue } from '../worker/value-reference.ts';
import { storedSize } from './journal-values.ts';

/** So many characters of a value are shown in a list. */
const LENGTH = 160;

/** The beginning of a value, and how large all of it is. */
export interface ValuePreview {
  /** The beginning of its JSON; empty when the value is stored apart because it is large. */
  readonly text: string;
  /** Bytes of its JSON. */
  readonly size: number;
}

/** The beginning of a stored value, which is not loaded when it is stored apart. */
export function previewOf(stored: Json | undefined): ValuePreview | null {
  if (stored === undefined) return null;
  const size = storedSize(stored);
  if (readReference(stored)) return { text: '', size };
  const text = JSON.stringify(unescapeValue(stored));
  return { text: text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text, size };
}

/** What an entry says that a step took: the arguments, what it waits for, or the items of a loop. */
export function inputIn({ kind, data }: JournalRow): Json | undefined {
  const { input, conditions, items, carry } = data as JsonObject;
  if (kind === 'wait_began') return conditions;
  if (kind === 'foreach_entered') return items;
  if (kind === 'while_entered') return carry;
  return input ?? undefined;
}

/** What an entry says that a step or round gave. */
export function outputIn({ kind, data }: JournalRow, id: string): Json | undefined {
  const { output, value, carry, outputs } = data as JsonObject;
  if (kind === 'item_ended') return value;
  if (kind === 'round_ended') return carry;
  if (kind === 'adopted') return (outputs as JsonObject | undefined)?.[id];
  return output;
}

import { parseTime } from '@counterpoint/formats';
import type { TargetType } from './targets.ts';

/** The longest text that a field keeps; the raw input keeps all of it. */
export const MAX_TEXT = 8_192;
const MAX_LIST = 100;

/** What a time is read with. */
export interface TimeReading {
  readonly format: string;
  /** Unix milliseconds, for times without a year. */
  readonly now: number;
}

/**
 * Brings what a source says to the type of a field; undefined when it does not fit, so that the next path is tried.
 * Blank text counts as absent. Nothing is guessed: `"443"` is an integer, `"443 tcp"` is none.
 */
export function coerce(value: unknown, type: TargetType, time: TimeReading): unknown {
  switch (type.kind) {
    case 'string':
      return textOf(value);
    case 'strings':
      return textsOf(value);
    case 'integer':
      return integerOf(value, type.min, type.max);
    case 'time':
      return parseTime(Array.isArray(value) ? value[0] : value, time.format, time.now);
    case 'boolean':
      return booleanOf(value);
    case 'any':
      return plainOf(value);
  }
}

/** A scalar as text without blanks around it; the first one of a list. Undefined when there is none. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const text = value.trim();
    return text === '' ? undefined : text.slice(0, MAX_TEXT);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  for (const inner of value.slice(0, MAX_LIST)) {
    const text = Array.isArray(inner) ? undefined : textOf(inner);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** A scalar or a list of them as texts, each once, at most 100; undefined when there is none. */
export function textsOf(value: unknown): readonly string[] | undefined {
  const list = Array.isArray(value) ? value.flat().slice(0, MAX_LIST) : [value];
  const texts = new Set<string>();
  for (const inner of list) {
    const text = Array.isArray(inner) ? undefined : textOf(inner);
    if (text !== undefined) texts.add(text);
  }
  return texts.size === 0 ? undefined : [...texts];
}

function integerOf(value: unknown, min: number, max: number): number | undefined {
  const scalar = Array.isArray(value) ? value[0] : value;
  const number = typeof scalar === 'string' && /^\s*-?\d{1,16}\s*$/.test(scalar) ? Number(scalar) : (scalar as number);
  return Number.isSafeInteger(number) && number >= min && number <= max ? number : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  if (text === 'true' || text === 'yes' || text === '1') return true;
  return text === 'false' || text === 'no' || text === '0' ? false : undefined;
}

/** Scalars and lists of scalars only: whole trees stay in the raw input. */
function plainOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? textsOf(value) : textOf(value);
}

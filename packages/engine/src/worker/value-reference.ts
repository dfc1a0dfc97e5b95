import type { Json } from '@counterpoint/core';

/**
 * How a large value is carried: as `{"$blob": {id, size}}` in its place. Data that looks the same is written with one
 * more `$` (`$$blob`), so that no data can pass for a reference.
 */
export interface ValueReference {
  /** SHA-256 of its bytes, lower-case hex: the id of the blob. */
  readonly id: string;
  /** Bytes of its UTF-8 JSON. */
  readonly size: number;
}

const LOOKALIKE = /^\$+blob$/;
const ESCAPED = /^\$\$+blob$/;
const ID = /^[0-9a-f]{64}$/;

/** The only key of an object, when it has exactly one. */
function onlyKey(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  let only: string | undefined;
  for (const key in value) {
    if (only !== undefined) return undefined;
    only = key;
  }
  return only;
}

/** A reference as it is stored. */
export function writeReference({ id, size }: ValueReference): Json {
  return { $blob: { id, size } };
}

/** The reference that a stored value is; undefined for a value that is stored itself. */
export function readReference(stored: Json | undefined): ValueReference | undefined {
  if (onlyKey(stored) !== '$blob') return undefined;
  const { id, size } = ((stored as { readonly $blob: unknown }).$blob ?? {}) as Partial<ValueReference>;
  return typeof id === 'string' && ID.test(id) && typeof size === 'number' ? { id, size } : undefined;
}

/** A value as it is stored in place; the same object unless it looks like a reference. */
export function escapeValue(value: Json): Json {
  const key = onlyKey(value);
  return key !== undefined && LOOKALIKE.test(key)
    ? { [`$${key}`]: (value as Readonly<Record<string, Json>>)[key] ?? null }
    : value;
}

/** Takes back what {@link escapeValue} did. */
export function unescapeValue(stored: Json): Json {
  const key = onlyKey(stored);
  return key !== undefined && ESCAPED.test(key)
    ? { [key.slice(1)]: (stored as Readonly<Record<string, Json>>)[key] ?? null }
    : stored;
}

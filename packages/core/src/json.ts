import { errors } from './errors.ts';
import { sha256 } from './ids.ts';
import { defaultLimits } from './limits.ts';

/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * How deep the brackets of a JSON text nest, found by scanning and without parsing, so that a bomb is refused before
 * any memory is spent on it. Brackets inside strings do not count.
 */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (inString) {
      if (char === 0x5c) index += 1;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
  return deepest;
}

/**
 * Parses JSON within a depth limit (default 64). A key named `__proto__` becomes an ordinary own property, as
 * `JSON.parse` defines it.
 *
 * @throws core.json_too_deep, core.json_invalid
 */
export function parseJson(text: string, maxDepth: number = defaultLimits.jsonDepth): Json {
  if (jsonDepth(text) > maxDepth) throw errors.json_too_deep({ limit: maxDepth });
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw errors.json_invalid({ reason: cause instanceof Error ? cause.message : String(cause) });
  }
}

/**
 * JSON with object keys sorted by code unit (the ordering of RFC 8785 §3.2.3), for hashes and comparisons. Undefined members are left out;
 * a BigInt within the safe range is written as a number.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return Number(inner);
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    const source = inner as Record<string, unknown>;
    return Object.fromEntries(
      Object.keys(source)
        .sort()
        .map((key) => [key, source[key]]),
    );
  });
}

/** SHA-256 of {@link canonicalJson}: equal data, equal hash. */
export function hashJson(value: unknown): string {
  return sha256(canonicalJson(value));
}

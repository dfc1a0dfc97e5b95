const LAST_CODE_POINT = 0x10ffff;
const SURROGATES = { first: 0xd800, afterLast: 0xe000 };

/**
 * The first text, in the order of UTF-8 bytes, behind all texts that start with `prefix`; undefined when there is
 * none. `prefix <= text < endOfPrefix(prefix)` then means "starts with" and can use an index.
 */
export function endOfPrefix(prefix: string): string | undefined {
  const points = [...prefix].map((char) => char.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  const next = last + 1 === SURROGATES.first ? SURROGATES.afterLast : last + 1;
  return String.fromCodePoint(...points, next);
}

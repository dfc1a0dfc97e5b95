import { errors } from './errors.ts';

const UNIT_MILLIS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const PART = /(\d+(?:\.\d+)?)(ms|min|s|m|h|d|w)/y;

/**
 * Reads a duration such as `500ms`, `2s`, `4h`, `1h30m`, `7d` into milliseconds.
 * Units: ms, s, m or min, h, d (24 h), w (7 d). A bare number is refused: its unit would be a guess.
 *
 * @throws core.duration_invalid
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  let total = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < trimmed.length) {
    const match = PART.exec(trimmed);
    if (!match) throw errors.duration_invalid({ text });
    total += Number(match[1]) * (UNIT_MILLIS[match[2] as string] as number);
  }
  if (trimmed === '' || !Number.isSafeInteger(Math.round(total))) throw errors.duration_invalid({ text });
  return Math.round(total);
}

/** Writes milliseconds for people: `1 h 30 min`, `7 d`, `250 ms`; at most the two largest units. */
export function formatDuration(millis: number): string {
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  const parts: string[] = [];
  let rest = Math.floor(millis / 1_000);
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(`${count} ${unit}`);
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

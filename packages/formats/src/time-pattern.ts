import { errors } from './errors.ts';
import { type Fields, fieldsToMs, monthOf } from './time-fields.ts';

type Part = keyof Fields | 'monthName' | 'year2' | 'half' | 'fraction';

const TOKENS: Readonly<Record<string, readonly [part: Part, source: string]>> = {
  YYYY: ['year', '\\d{4}'],
  YY: ['year2', '\\d{2}'],
  MMMM: ['monthName', '[A-Za-z]{3,9}'],
  MMM: ['monthName', '[A-Za-z]{3}'],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  DD: ['day', '\\d{2}'],
  D: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  hh: ['hour', '\\d{2}'],
  h: ['hour', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  ss: ['second', '\\d{2}'],
  SSS: ['fraction', '\\d{1,9}'],
  A: ['half', '[AaPp][Mm]'],
  Z: ['zone', 'Z|[+-]\\d{2}:?\\d{2}'],
};
// Quoted text first, then tokens from long to short.
const PIECE = /'([^']*)'|YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|SSS|A|Z|[A-Za-z]+|[^A-Za-z']/g;

/** A compiled time pattern. */
export type TimePattern = (text: string) => number | undefined;

const compiled = new Map<string, TimePattern>();

/**
 * Compiles a pattern such as `DD/MMM/YYYY:HH:mm:ss Z`. Tokens: `YYYY YY MMMM MMM MM M DD D HH H hh h mm ss SSS A Z`;
 * `SSS` takes 1 to 9 digits of a fraction. Other letters stand in single quotes. Without `Z` the time is UTC.
 *
 * @throws formats.time_pattern_invalid
 */
export function timePattern(pattern: string): TimePattern {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern);
  if (compiled.size < 256) compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): TimePattern {
  const refuse = (reason: string) => errors.time_pattern_invalid({ pattern, reason });
  const parts: Part[] = [];
  let source = '';
  for (const [piece, quoted] of pattern.matchAll(PIECE)) {
    const token = TOKENS[piece];
    if (quoted !== undefined) source += literal(quoted);
    else if (token === undefined && /[A-Za-z]/.test(piece)) throw refuse(`"${piece}" is not a token`);
    else if (token === undefined) source += literal(piece);
    else if (parts.includes(token[0])) throw refuse(`"${piece}" says again what another token says`);
    else {
      parts.push(token[0]);
      source += `(${token[1]})`;
    }
  }
  const needed = ['year', 'month', 'day'] as const;
  const has = {
    year: parts.includes('year') || parts.includes('year2'),
    month: hasMonth(parts),
    day: parts.includes('day'),
  };
  const missing = needed.filter((name) => !has[name]);
  if (missing.length > 0) throw refuse(`it has no ${missing.join(', no ')}`);
  const expression = new RegExp(`^${source}$`);
  return (text) => {
    const match = text.length > 100 ? null : expression.exec(text);
    return match === null ? undefined : toMs(parts, match);
  };
}

const hasMonth = (parts: readonly Part[]) => parts.includes('month') || parts.includes('monthName');
const literal = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function toMs(parts: readonly Part[], match: RegExpExecArray): number | undefined {
  const get = (part: Part) => {
    const index = parts.indexOf(part);
    return index === -1 ? undefined : match[index + 1];
  };
  const year2 = get('year2');
  // The century as POSIX strptime reads it.
  const year = year2 === undefined ? Number(get('year')) : Number(year2) + (Number(year2) < 69 ? 2000 : 1900);
  const name = get('monthName');
  const month = name === undefined ? Number(get('month')) : monthOf(name);
  if (month === undefined) return undefined;
  const hour = hourOf(Number(get('hour') ?? 0), get('half'));
  const time = { hour, minute: Number(get('minute') ?? 0), second: Number(get('second') ?? 0) };
  return fieldsToMs({ year, month, day: Number(get('day')), ...time, fraction: get('fraction'), zone: get('zone') });
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

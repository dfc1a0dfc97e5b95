import { fieldsToMs, monthOf } from './time-fields.ts';
import { timePattern } from './time-pattern.ts';

/** The formats that have a name; anything else is a pattern, see `timePattern`. */
export type TimeFormat = 'auto' | 'iso' | 'epoch' | 'epoch_ms' | 'rfc2822' | 'filetime' | 'syslog';

const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:(?:[T_]|\s+)(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const SLASHED =
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})[ T-](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const RFC2822 =
  /^(?:[a-z]{3,9},?\s+)?(\d{1,2})\s+([a-z]{3,9})\s+(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s+([+-]\d{4}|[a-z]{1,4}))?(?:\s*\([^)]*\))?$/i;
const SYSLOG = /^([a-z]{3})\s+(\d{1,2})\s+(?:(\d{4})\s+)?(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/i;
const APACHE = /^\[?(\d{2})\/([a-z]{3})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-]\d{4})\]?$/i;
const NUMBER = /^-?\d{1,19}(?:\.\d{1,9})?$/;
const DAY = 86_400_000;
/** 1601-01-01 in milliseconds: where FILETIME begins (Windows, [MS-DTYP] §2.3.3). */
const FILETIME_EPOCH = -11_644_473_600_000;

/**
 * Reads a timestamp to milliseconds since 1970 (UTC), cutting off what is finer; undefined when it is none.
 *
 * `auto` understands ISO 8601 with any offset and up to nine decimals, `YYYY/MM/DD HH:mm:ss`, RFC 2822, Apache's
 * `[10/Oct/2000:13:55:36 -0700]`, syslog (RFC 3164), and numbers as epoch seconds, milli-, micro- or nanoseconds or a
 * FILETIME by their magnitude. A time without an offset is UTC.
 *
 * @param format a name, or a pattern such as `DD.MM.YYYY HH:mm:ss`
 * @param reference "now" in milliseconds, for syslog, which writes no year: the year is chosen that puts the time
 * nearest to it, at most one day ahead. Without it such a time is not read.
 * @throws formats.time_pattern_invalid
 */
export function parseTime(
  value: unknown,
  format: TimeFormat | (string & {}) = 'auto',
  reference?: number,
): number | undefined {
  if (value instanceof Date) return checked(value.getTime());
  if (typeof value === 'bigint') return parseTime(value.toString(), format, reference);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = (typeof value === 'number' ? plain(value) : value).trim();
  if (text === '' || text.length > 100) return undefined;
  return checked(read(text, format, reference));
}

/** Numbers beyond 2^53 lose their last digits, which are far below a millisecond. */
function plain(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e19 ? BigInt(value).toString() : String(value);
}

function checked(ms: number | undefined): number | undefined {
  return ms !== undefined && Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? Math.floor(ms) : undefined;
}

function read(text: string, format: string, reference: number | undefined): number | undefined {
  switch (format) {
    case 'auto':
      return auto(text, reference);
    case 'iso':
      return numeric(text, ISO);
    case 'epoch':
      return NUMBER.test(text) ? seconds(text) : undefined;
    case 'epoch_ms':
      return NUMBER.test(text) ? Number(text) : undefined;
    case 'rfc2822':
      return rfc2822(text);
    case 'filetime':
      return /^\d{1,19}$/.test(text) ? filetime(text) : undefined;
    case 'syslog':
      return syslog(text, reference);
    default:
      return timePattern(format)(text);
  }
}

function auto(text: string, reference: number | undefined): number | undefined {
  // Eight bare digits are a date more often than a second of 1970.
  if (NUMBER.test(text) && !/^(?:19|20)\d{6}$/.test(text)) return byMagnitude(text);
  return numeric(text, ISO) ?? numeric(text, SLASHED) ?? rfc2822(text) ?? apache(text) ?? syslog(text, reference);
}

/** Epoch seconds reach the year 5138 before the next unit begins; the units never overlap for times after 1973. */
function byMagnitude(text: string): number | undefined {
  const size = Math.abs(Number(text));
  if (size < 1e11) return seconds(text);
  if (size < 1e14) return Number(text);
  // 1e17 in units of 100 ns since 1601 is 1917, as microseconds it is the year 5138.
  if (size < 1e17) return Number(text) / 1e3;
  return size < 3e17 ? filetime(text) : Number(text) / 1e6;
}

/** By digits and not by arithmetic, so that 1700000000.123 has exactly 123 ms. */
function seconds(text: string): number {
  const [whole = '0', fraction = ''] = text.split('.');
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return Number(whole) * 1000 + (text.startsWith('-') ? -ms : ms);
}

function filetime(text: string): number | undefined {
  const ticks = text.split('.')[0] ?? '';
  return /^\d+$/.test(ticks) && ticks !== '0' ? Number(BigInt(ticks) / 10_000n) + FILETIME_EPOCH : undefined;
}

function numeric(text: string, form: RegExp): number | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction, zone] = match;
  return fieldsToMs({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction,
    zone,
  });
}

function rfc2822(text: string): number | undefined {
  const match = RFC2822.exec(text);
  const month = monthOf(match?.[2] ?? '');
  if (match === null || month === undefined) return undefined;
  const [, day, , year, hour, minute, second = 0, zone] = match;
  return fieldsToMs({
    year: Number(year),
    month,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    zone,
  });
}

function apache(text: string): number | undefined {
  const match = APACHE.exec(text);
  const month = monthOf(match?.[2] ?? '');
  if (match === null || month === undefined) return undefined;
  const [, day, , year, hour, minute, second, zone] = match;
  return fieldsToMs({
    year: Number(year),
    month,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    zone,
  });
}

function syslog(text: string, reference: number | undefined): number | undefined {
  const match = SYSLOG.exec(text);
  const month = monthOf(match?.[1] ?? '');
  if (match === null || month === undefined) return undefined;
  const [, , day, year, hour, minute, second, fraction] = match;
  const rest = {
    month,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    fraction,
  };
  if (year !== undefined) return fieldsToMs({ year: Number(year), ...rest });
  if (reference === undefined) return undefined;
  const now = new Date(reference).getUTCFullYear();
  const candidates = [now + 1, now, now - 1, now - 2, now - 3, now - 4].map((guess) =>
    fieldsToMs({ year: guess, ...rest }),
  );
  return candidates.find((time) => time !== undefined && time <= reference + DAY);
}

import { type Fields, fieldsToMs, monthOf } from './time-fields.ts';
import { timePattern } from './time-pattern.ts';

/** The formats that have a name; anything else is a pattern, see `timePattern`. */
export type TimeFormat = 'auto' | 'iso' | 'epoch' | 'epoch_ms' | 'rfc2822' | 'filetime' | 'syslog';

const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:(?:[T_]|\s+)(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const SLASHED =
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})[ T-](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const RFC2822 =
  /^(?:[a-z]{3,9},?\s+)?(?<day>\d{1,2})\s+(?<month>[a-z]{3,9})\s+(?<year>\d{4})\s+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?(?:\s+(?<zone>[+-]\d{4}|[a-z]{1,4}))?(?:\s*\([^)]*\))?$/i;
const APACHE =
  /^\[?(?<day>\d{2})\/(?<month>[a-z]{3})\/(?<year>\d{4}):(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2}) (?<zone>[+-]\d{4})\]?$/i;
const CTIME =
  /^[a-z]{3} (?<month>[a-z]{3}) {1,2}(?<day>\d{1,2}) (?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})(?: (?<zone>[a-z]{1,4}|[+-]\d{4}))? (?<year>\d{4})$/i;
const SYSLOG =
  /^(?<month>[a-z]{3})\s+(?<day>\d{1,2})\s+(?:(?<year>\d{4})\s+)?(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?$/i;
const NUMBER = /^-?\d{1,19}(?:\.\d{1,9})?$/;
const DAY = 86_400_000;
/** 1601-01-01 in milliseconds: where FILETIME begins (Windows, [MS-DTYP] §2.3.3). */
const FILETIME_EPOCH = -11_644_473_600_000;

/**
 * Reads a timestamp to milliseconds since 1970 (UTC), cutting off what is finer; undefined when it is none.
 *
 * `auto` understands ISO 8601 with any offset and up to nine decimals, `YYYY/MM/DD HH:mm:ss`, RFC 2822, Apache's
 * `[10/Oct/2000:13:55:36 -0700]`, C's `Sun Nov 22 04:34:56 2026`, syslog (RFC 3164), and numbers as epoch seconds, milli-, micro- or nanoseconds or a
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
      return named(text, RFC2822);
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
  return (
    numeric(text, ISO) ??
    numeric(text, SLASHED) ??
    named(text, RFC2822) ??
    named(text, APACHE) ??
    named(text, CTIME) ??
    syslog(text, reference)
  );
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

/** The fields of a form that names the month in English. */
function namedFields(text: string, form: RegExp): Fields | undefined {
  const groups = form.exec(text)?.groups;
  const month = monthOf(groups?.month ?? '');
  if (groups === undefined || month === undefined) return undefined;
  return {
    year: Number(groups.year),
    month,
    day: Number(groups.day),
    hour: Number(groups.hour),
    minute: Number(groups.minute),
    second: Number(groups.second ?? 0),
    fraction: groups.fraction,
    zone: groups.zone,
  };
}

function named(text: string, form: RegExp): number | undefined {
  const fields = namedFields(text, form);
  return fields === undefined ? undefined : fieldsToMs(fields);
}

function syslog(text: string, reference: number | undefined): number | undefined {
  const fields = namedFields(text, SYSLOG);
  if (fields === undefined) return undefined;
  if (!Number.isNaN(fields.year)) return fieldsToMs(fields);
  if (reference === undefined) return undefined;
  const thisYear = new Date(reference).getUTCFullYear();
  // Four years back, for 29 February.
  const years = [thisYear + 1, thisYear, thisYear - 1, thisYear - 2, thisYear - 3, thisYear - 4];
  return years
    .map((year) => fieldsToMs({ ...fields, year }))
    .find((time) => time !== undefined && time <= reference + DAY);
}

/** The date and time of day at an instant in a time zone. `weekday` is 1 (Monday) to 7. `offset` is in minutes. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly weekday: number;
  readonly offset: number;
}

const DAY = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat | undefined>();

function formatterFor(zone: string): Intl.DateTimeFormat | undefined {
  if (formatters.has(zone)) return formatters.get(zone);
  let formatter: Intl.DateTimeFormat | undefined;
  try {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    formatter = undefined;
  }
  if (formatters.size < 100) formatters.set(zone, formatter);
  return formatter;
}

/** Minutes that a zone (IANA name) is ahead of UTC at an instant; undefined for an unknown zone. */
function offsetAt(time: number, zone: string): number | undefined {
  if (zone === 'UTC') return 0;
  const formatter = formatterFor(zone);
  if (!formatter) return undefined;
  const parts = Object.fromEntries(formatter.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - time) / 60_000);
}

/** The local time at an instant (Unix milliseconds) in an IANA zone; undefined for an unknown zone. */
export function localTime(time: number, zone: string): LocalTime | undefined {
  const offset = offsetAt(time, zone);
  if (offset === undefined) return undefined;
  const local = new Date(time + offset * 60_000);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
    weekday: local.getUTCDay() || 7,
    offset,
  };
}

/** The instant `days` calendar days later at the same local time of day. */
function addDays(time: number, days: number, zone: string): number {
  const before = offsetAt(time, zone) ?? 0;
  const moved = time + days * DAY;
  return moved + (before - (offsetAt(moved, zone) ?? before)) * 60_000;
}

/**
 * The instant `count` business days (Monday to Friday) later, or earlier when negative, at the same local time of day.
 * From a weekend, counting starts at its edge. Public holidays are not known.
 */
export function addBusinessDays(time: number, count: number, zone: string): number {
  const direction = Math.sign(count);
  const weekday = (at: number): number => localTime(at, zone)?.weekday ?? 1;
  let day = 0;
  let left = Math.abs(count);
  while (left > 0) {
    day += direction;
    if (weekday(addDays(time, day, zone)) < 6) left -= 1;
  }
  return addDays(time, day, zone);
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** Writes a local time by a pattern of YYYY MM MMM DD ddd HH mm ss SSS and Z (offset). */
export function formatLocal(local: LocalTime, pattern: string): string {
  const written: Readonly<Record<string, string>> = {
    YYYY: pad(local.year, 4),
    MMM: MONTHS[local.month - 1] ?? '',
    MM: pad(local.month),
    DD: pad(local.day),
    ddd: WEEKDAYS[local.weekday - 1] ?? '',
    HH: pad(local.hour),
    mm: pad(local.minute),
    ss: pad(local.second),
    SSS: pad(local.millisecond, 3),
    Z: offsetText(local.offset),
  };
  return pattern.replace(/YYYY|MMM|MM|DD|ddd|HH|mm|SSS|ss|Z/g, (token) => written[token] ?? token);
}

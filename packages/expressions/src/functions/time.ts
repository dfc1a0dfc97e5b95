import { isCounterpointError, parseDuration } from '@counterpoint/core';
import { errors } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import { addBusinessDays, formatLocal, type LocalTime, localTime } from './calendar.ts';
import { invalidValue } from './helpers.ts';
import type { FunctionSpec } from './spec.ts';

const group = 'time';
const ISO = 'YYYY-MM-DDTHH:mm:ssZ';
/** The years 0000 to 9999, which four digits can write. */
const EARLIEST = -62_167_219_200_000;
const LATEST = 253_402_300_799_999;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

function inRange(time: number, value: unknown, runtime: Runtime): number {
  if (!(time >= EARLIEST && time <= LATEST))
    throw invalidValue(String(value), 'a time between the years 0 and 9999', runtime);
  return Math.trunc(time);
}

function timestamp(value: unknown, runtime: Runtime): number {
  if (typeof value === 'number')
    return inRange(Math.abs(value) < 100_000_000_000 ? value * 1_000 : value, value, runtime);
  const text = (value as string).trim();
  if (!RFC_3339.test(text) && !DATE.test(text)) {
    throw invalidValue(value, 'a time such as 2026-01-05T09:30:00Z', runtime);
  }
  const iso = text
    .replace(' ', 'T')
    .replace(',', '.')
    .replace(/([+-]\d\d)(\d\d)$/, '$1:$2');
  return inRange(Date.parse(iso.toUpperCase()), value, runtime);
}

function local(time: unknown, zone: unknown, runtime: Runtime): LocalTime {
  const found = localTime(inRange(time as number, time, runtime), zone as string);
  if (!found) throw invalidValue(zone, 'a time zone such as Europe/Zurich', runtime);
  return found;
}

function duration(text: string, runtime: Runtime): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (isCounterpointError(error)) throw invalidValue(text, 'a duration such as 30s, 15m, 4h or 7d', runtime);
    throw error;
  }
}

const SAMPLE = 'timestamp("2026-01-09T16:00:00Z")';

/** Functions on time. A time is Unix milliseconds, a duration is milliseconds: both are whole numbers. */
export const timeFunctions: readonly FunctionSpec[] = [
  {
    name: 'now',
    group,
    signatures: ['now() -> int'],
    method: false,
    summary: 'The time of the event being decided, as Unix milliseconds: the same however often it is evaluated.',
    examples: [{ expression: 'now()', error: 'expressions.now_unavailable' }],
    run: (_args, runtime) => {
      if (runtime.options.now === undefined) throw errors.now_unavailable({}, runtime.where());
      return runtime.options.now;
    },
  },
  {
    name: 'duration',
    group,
    signatures: ['duration(text: string) -> int'],
    method: false,
    summary: 'The milliseconds of a duration written as 500ms, 30s, 15m, 4h, 1h30m, 7d or 2w.',
    examples: [
      { expression: 'duration("1h30m")', result: 5_400_000 },
      { expression: 'duration("soon")', error: 'expressions.invalid_value' },
    ],
    run: ([text], runtime) => duration(text as string, runtime),
  },
  {
    name: 'timestamp',
    group,
    cost: 10,
    signatures: ['timestamp(text: string) -> int', 'timestamp(number: number) -> int'],
    method: false,
    summary:
      'A time as Unix milliseconds: from text (RFC 3339 with its zone, or a date in UTC), or from a number of seconds or milliseconds, told apart by size.',
    examples: [
      { expression: 'timestamp("2026-01-05T09:30:00+01:00")', result: 1_767_601_800_000 },
      { expression: 'timestamp(1767601800)', result: 1_767_601_800_000 },
      { expression: 'timestamp("yesterday")', error: 'expressions.invalid_value' },
    ],
    run: ([value], runtime) => timestamp(value, runtime),
  },
  {
    name: 'format_time',
    group,
    cost: 100,
    signatures: ['format_time(time: int, pattern?: string, zone?: string) -> string'],
    method: true,
    summary:
      'A time as text, by a pattern of YYYY MM MMM DD ddd HH mm ss SSS Z (default ISO 8601), in a time zone (default UTC).',
    examples: [
      { expression: `format_time(${SAMPLE})`, result: '2026-01-09T16:00:00Z' },
      { expression: `format_time(${SAMPLE}, "ddd DD MMM HH:mm", "Europe/Zurich")`, result: 'Fri 09 Jan 17:00' },
    ],
    run: ([time, pattern = ISO, zone = 'UTC'], runtime) => formatLocal(local(time, zone, runtime), pattern as string),
  },
  {
    name: 'hour_of_day',
    group,
    cost: 80,
    signatures: ['hour_of_day(time: int, zone?: string) -> int'],
    method: true,
    trusted: true,
    summary: 'The hour, 0 to 23, in a time zone (default UTC).',
    examples: [{ expression: `hour_of_day(${SAMPLE}, "America/New_York")`, result: 11 }],
    run: ([time, zone = 'UTC'], runtime) => local(time, zone, runtime).hour,
  },
  {
    name: 'day_of_week',
    group,
    cost: 80,
    signatures: ['day_of_week(time: int, zone?: string) -> int'],
    method: true,
    trusted: true,
    summary: 'The day of the week, 1 (Monday) to 7 (Sunday), in a time zone (default UTC).',
    examples: [{ expression: `day_of_week(${SAMPLE})`, result: 5 }],
    run: ([time, zone = 'UTC'], runtime) => local(time, zone, runtime).weekday,
  },
  {
    name: 'add_business_days',
    group,
    cost: 100,
    signatures: ['add_business_days(time: int, days: int, zone?: string) -> int'],
    method: true,
    summary:
      'The time so many days from Monday to Friday later (earlier when negative), at the same time of day in a zone (default UTC). Holidays are not known.',
    examples: [{ expression: `format_time(add_business_days(${SAMPLE}, 1))`, result: '2026-01-12T16:00:00Z' }],
    run: ([time, days, zone = 'UTC'], runtime) => {
      if (Math.abs(days as number) > 1_000) throw invalidValue(String(days), 'at most 1,000 days', runtime);
      runtime.charge(Math.abs(days as number) * 300);
      local(time, zone, runtime);
      return inRange(addBusinessDays(time as number, days as number, zone as string), time, runtime);
    },
  },
];

import { parseDuration } from '@counterpoint/core';
import { Cron } from 'croner';
import { z } from 'zod';
import { errors } from '../errors.ts';
import { isName } from '../grammar/fields.ts';
import { readYaml } from './read-yaml.ts';

/** A change window: times at which `wait: {window}` lets a run go on. A file of `content/calendars/`. */
export interface Calendar {
  readonly id: string;
  readonly title: string;
  /** IANA name, such as `Europe/Zurich`. */
  readonly timeZone: string;
  /** It is open from each moment that a cron line names, for so many milliseconds. */
  readonly windows: readonly { readonly open: string; readonly length: number }[];
  /** Days in its time zone, `YYYY-MM-DD`, on which it is not open at all. */
  readonly closed: readonly string[];
}

/** The longest time that one window may stay open: longer ones are two windows, or none. */
const LONGEST = 31 * 24 * 3_600_000;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const shape = z.strictObject({
  kind: z.literal('calendar/v1'),
  id: z.string().refine(isName, 'not a snake_case name'),
  title: z.string().min(1),
  description: z.string().optional(),
  time_zone: z.string().refine(isTimeZone, 'not a time zone such as Europe/Zurich'),
  windows: z
    .array(z.strictObject({ open: z.string().min(1), for: z.string().min(1) }))
    .min(1)
    .max(100),
  closed: z.array(z.string().refine(isDate, 'not a day such as 2026-12-25')).max(1_000).default([]),
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * Reads one calendar. A cron line has five fields (minute, hour, day of the month, month, day of the week) and is read
 * in the calendar's time zone.
 *
 * @param now a window must open at some time after it; Unix milliseconds
 * @throws playbook.calendar_invalid, also for a window that never opens
 */
export function parseCalendar(text: string, now: number): Calendar {
  try {
    const { id, title, time_zone: timeZone, windows, closed } = readYaml(text, shape);
    const calendar: Calendar = {
      id,
      title,
      timeZone,
      windows: windows.map(({ open, for: length }) => ({ open, length: lengthOf(length) })),
      closed,
    };
    for (const { open } of calendar.windows) demandOpening(open, timeZone, now);
    if (createChangeWindows(new Map([[id, calendar]])).next(id, now) === null) {
      throw new RangeError('closed: it is never open, since all of its windows are on closed days');
    }
    return calendar;
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
    throw errors.calendar_invalid({ reason }, { cause });
  }
}

function lengthOf(text: string): number {
  const length = parseDuration(text);
  if (length > 0 && length <= LONGEST) return length;
  throw new RangeError(`for: ${text} is not a duration of at most 31 days`);
}

function demandOpening(open: string, timeZone: string, now: number): void {
  if (cronOf(open, timeZone).nextRun(new Date(now)) === null) {
    throw new RangeError(`windows: "${open}" never opens`);
  }
}

function cronOf(pattern: string, timezone: string): Cron {
  return new Cron(pattern, { timezone, paused: true, mode: '5-part' });
}

/** When change windows are open. */
export interface ChangeWindows {
  /**
   * When the window `name` is open next: `at` itself when it is open then. Null when it does not open any more,
   * undefined when there is none of that name. Unix milliseconds.
   */
  next(name: string, at: number): number | null | undefined;
}

/** How many closed days and windows one question goes through at most; 20 years of daily windows. */
const LOOK_AHEAD = 8_000;

/** Puts calendars together. What it answers depends on the question alone. */
export function createChangeWindows(calendars: ReadonlyMap<string, Calendar>): ChangeWindows {
  const openers = new Map<string, (at: number) => number | null>();
  return {
    next(name, at) {
      const calendar = calendars.get(name);
      if (!calendar) return undefined;
      const opener = openers.get(name) ?? openerOf(calendar);
      openers.set(name, opener);
      return opener(at);
    },
  };
}

function openerOf({ timeZone, windows, closed }: Calendar): (at: number) => number | null {
  const starts = windows.map(({ open, length }) => ({ cron: cronOf(open, timeZone), length }));
  const midnight = cronOf('0 0 * * *', timeZone);
  const closedDays = new Set(closed);
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (at) => {
    let moment: number | null = at;
    for (let looked = 0; moment !== null && looked < LOOK_AHEAD; looked++) {
      const open = opening(starts, moment);
      if (open !== moment) moment = open;
      else if (closedDays.has(dayOf.format(moment))) moment = following(midnight, moment);
      else return moment;
    }
    return null;
  };
}

/** `at` when one of the windows is open then, else when the next one opens. */
function opening(starts: readonly { readonly cron: Cron; readonly length: number }[], at: number): number | null {
  let earliest: number | null = null;
  for (const { cron, length } of starts) {
    // The first opening whose window has not ended at `at`.
    const start = following(cron, at - length);
    if (start === null) continue;
    if (start <= at) return at;
    earliest = earliest === null ? start : Math.min(earliest, start);
  }
  return earliest;
}

function following(cron: Cron, after: number): number | null {
  return cron.nextRun(new Date(after))?.getTime() ?? null;
}

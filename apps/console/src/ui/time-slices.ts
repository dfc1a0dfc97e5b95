import { localDay, localMinute } from './times.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A slice of time, unmistakably, in the time of whoever looks: `Sun 2026-11-22 14:00`. */
export function sliceName(at: number, width: number): string {
  const day = `${DAYS[new Date(at).getDay()]} ${localDay(at)}`;
  return width >= DAY ? day : `${day} ${localMinute(at)}`;
}

/** A slice under an axis: the hour within a day, the day within longer times. */
export function sliceTick(at: number, width: number): string {
  const date = new Date(at);
  return width >= 3 * HOUR ? `${DAYS[date.getDay()]} ${date.getDate()}` : localMinute(at);
}

/** Marks of an axis of counts from 0 on: at most six, evenly apart, whole and round; the last is not under `most`. */
export function countTicks(most: number): readonly number[] {
  const least = Math.max(1, most) / 5;
  const tens = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  const step = [1, 2, 5, 10].map((factor) => factor * tens).find((one) => one >= least) ?? tens * 10;
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, index) => index * step);
}

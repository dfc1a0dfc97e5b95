import { Cron } from 'croner';

/**
 * The first moment after `after` (Unix milliseconds) that a cron line of five fields names in a time zone; undefined when
 * there is none. A time of day that the change to summer time leaves out is taken as the moment after the gap; one that
 * comes twice in autumn is taken the first time, while lines that repeat within the hour take both.
 *
 * @throws TypeError for a line or a time zone that cannot be read
 */
export function nextFire(cron: string, timeZone: string, after: number): number | undefined {
  const line = new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true });
  return line.nextRun(new Date(after))?.getTime();
}

import { nextFire } from '@counterpoint/playbook';
import type { ScheduleTrigger } from '../playbooks/published.ts';

const HOUR = 3_600_000;

/** A moment is on time when it is noticed within so many milliseconds; later, it counts as missed. */
export const ON_TIME = 60_000;

/** At most so many missed moments are made up for; the most recent ones. */
export const MOST_MISSED = 1_000;

/**
 * The moments for which a schedule is to start a run now: those after `last` up to `now`, as far as its policy for missed
 * ones lets them. `skip` takes only one that is on time, `once` only the most recent, `all` each, up to the last thousand.
 * All times are Unix milliseconds.
 */
export function dueFires(trigger: ScheduleTrigger, last: number, now: number): readonly number[] {
  const due = recentFires(trigger, last, now, trigger.missed === 'all' ? MOST_MISSED : 1);
  if (trigger.missed !== 'skip') return due;
  return due.filter((at) => now - at <= ON_TIME);
}

/** The most recent moments in (`last`, `now`], found from the end, so that a long downtime costs no more than a short one. */
function recentFires({ cron, timeZone }: ScheduleTrigger, last: number, now: number, most: number): readonly number[] {
  for (let span = HOUR; ; span *= 2) {
    const from = Math.max(last, now - span);
    const found: number[] = [];
    for (let at = nextFire(cron, timeZone, from); at !== undefined && at <= now; at = nextFire(cron, timeZone, at)) {
      found.push(at);
    }
    if (found.length >= most || from === last) return found.slice(-most);
  }
}

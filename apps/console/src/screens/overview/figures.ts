import { savedTime } from '../../ui/saved-time.ts';
import { shortDuration } from '../../ui/times.ts';
import type { Overview } from './matters.ts';

type RunSlice = NonNullable<Overview['runs']>['day']['slices'][number];

/** How runs ended, over some slices. */
export interface Ended {
  readonly ended: number;
  readonly failed: number;
  /** Share of failures, as a whole percentage; null when nothing ended. */
  readonly rate: number | null;
}

/** Adds slices up. Cancelled runs are neither successes nor failures. */
export function endedIn(slices: readonly RunSlice[]): Ended {
  const sum = (name: 'succeeded' | 'failed' | 'cancelled') => slices.reduce((all, slice) => all + slice[name], 0);
  const failed = sum('failed');
  const judged = failed + sum('succeeded');
  return { ended: judged + sum('cancelled'), failed, rate: judged === 0 ? null : percent(failed / judged) };
}

/** A share as a whole percentage; what is there at all is never shown as 0, and what is not all never as 100. */
function percent(share: number): number {
  const rounded = Math.round(share * 100);
  if (share > 0 && rounded === 0) return 1;
  return share < 1 && rounded === 100 ? 99 : rounded;
}

/** How much of saved time is not real, as words; undefined when all of it is real. @param how `simulated`, `on simulated events` */
export function simulatedShare(
  { minutes, simulated }: { readonly minutes: number; readonly simulated: number },
  how: string,
): string | undefined {
  if (simulated <= 0) return undefined;
  return simulated >= minutes ? `all of it ${how}` : `${savedTime(simulated)} of it ${how}`;
}

/** How long something took, over many; null: there was none. */
export type Spread = NonNullable<Overview['alerts']>['resolve'];
/** What was taken in hand, by people and by others. */
export type Acknowledged = NonNullable<Overview['alerts']>['acknowledge'];

/** What the times mean; the same words wherever one of them is shown. */
export const TIMES_MEAN = {
  alertTaken:
    'MTTA: from when an alert came in to when a person first took it in hand: set its status, judged it, or put it into a case. Of alerts taken in hand in the last 7 days. What playbooks put into a case first, and what API tokens took, is counted, not timed.',
  alertResolved: 'MTTR: from when an alert came in to when it was resolved. Of alerts resolved in the last 7 days.',
  caseTaken:
    'From when a playbook opened a case to when a person first took it in hand: became its owner, set its status, or judged it. Of cases taken in hand in the last 7 days. What somebody opens themselves waits for nobody.',
  caseClosed: 'From when a case was opened to when it was resolved or closed. Of cases that ended in the last 7 days.',
  decided:
    'From when people were asked to their decision or answer. Of the last 7 days; what ran out of time is left out.',
} as const;

/** The mean, and of how many: `mean 9 min of 23`. */
export function meanWords({ mean, count }: { readonly mean: number; readonly count: number }): string {
  return `mean ${shortDuration(mean)} of ${count.toLocaleString('en')}`;
}

/** Who took things in hand before people could: `5 by playbooks or tokens`; empty: nobody. */
export function othersWords({ others }: Acknowledged): string {
  return others === 0 ? '' : `${others.toLocaleString('en')} by playbooks or tokens`;
}

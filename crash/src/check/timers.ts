import type { JournalRow } from '@counterpoint/events';
import type { Downtime } from '../driver/session.ts';
import type { Evidence } from './evidence.ts';
import { type Violation, violation } from './violation.ts';

/** How late what is due may be after the server is up, in milliseconds. */
export const LATENESS = 1_000;

/** How much of a time no server was up, in milliseconds. */
export function downtimeIn(downtimes: readonly Downtime[], from: number, to: number): number {
  let sum = 0;
  for (const down of downtimes) sum += Math.max(0, Math.min(to, down.to) - Math.max(from, down.from));
  return sum;
}

interface Waiting {
  readonly for: string;
  readonly due: number;
}

/** What a timer sets going, by what the step waits for; where it is not written down, it is not judged for lateness. */
const WAKES: Readonly<Record<string, string>> = { retry: 'step_started', wait: 'step_ended' };

function checkWaiting(run: string, entry: JournalRow, next: JournalRow | undefined, evidence: Evidence): Violation[] {
  const waiting = entry.data as unknown as Waiting;
  if (!next || typeof waiting.due !== 'number') return [];
  const where = `the step ${entry.address} of the run ${run}`;
  if (next.at < waiting.due && next.kind === (WAKES[waiting.for] ?? next.kind)) {
    return [violation(6, `${where} went on ${waiting.due - next.at} ms early`, entry, next)];
  }
  if (next.kind !== WAKES[waiting.for]) return [];
  const { downtimes, stalls } = evidence.facts;
  const late = next.at - waiting.due;
  const excuse = downtimeIn(downtimes, waiting.due, next.at) + downtimeIn(stalls, waiting.due, next.at);
  if (late <= excuse + LATENESS) return [];
  return [violation(6, `${where} went on ${late} ms late, with no server for ${excuse} ms`, entry, next)];
}

/** Guarantee 6: what waits for a time goes on once, not before it, and soon after it. */
export function checkTimers(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const [run, entries] of evidence.journal) {
    for (const [index, entry] of entries.entries()) {
      if (entry.kind !== 'step_waiting') continue;
      const next = entries.slice(index + 1).find(({ address }) => address === entry.address);
      found.push(...checkWaiting(run, entry, next, evidence));
    }
  }
  return found;
}

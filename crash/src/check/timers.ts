import type { JournalRow } from '@counterpoint/events';
import type { Downtime } from '../driver/session.ts';
import type { Evidence } from './evidence.ts';
import { type Violation, violation } from './violation.ts';

/** How late what is due may be after the server is up, in milliseconds. */
const LATENESS = 1_000;

/** What goes unnoticed of the times in which the machine let nobody run, in milliseconds. */
const UNNOTICED = 200;

/**
 * The longest time without interruption in which a server was up, between two moments, in milliseconds. A server that is
 * killed before it had its second need not have done what is due; the next one has a second of its own.
 *
 * @param away times in which none was up, or in which the machine let nobody run
 */
export function longestUptime(away: readonly Downtime[], from: number, to: number): number {
  let longest = 0;
  let up = from;
  for (const down of away.filter((one) => one.to > from && one.from < to).toSorted((a, b) => a.from - b.from)) {
    longest = Math.max(longest, down.from - up);
    up = Math.max(up, down.to);
  }
  return Math.max(longest, to - up);
}

/** A time that a step waits for, and the kinds of entry with which it goes on. */
interface Awaited {
  readonly due: number;
  readonly wakes: readonly string[];
  /** What is written down then is an answer, which may take any time. */
  readonly asks: boolean;
}

/** What an entry waits for. Of waits those that have nothing but a moment to wait for. */
function awaitedBy({ kind, data }: JournalRow): Awaited | undefined {
  if (kind === 'step_waiting') {
    const waiting = data as { readonly for: string; readonly due: number };
    const { due } = waiting;
    if (waiting.for === 'retry') return { due, wakes: ['step_started'], asks: false };
    return { due, wakes: ['step_ended', 'step_waiting'], asks: true };
  }
  if (kind !== 'wait_began') return undefined;
  const { conditions } = data as { readonly conditions: Readonly<Record<string, { kind: string; due: number }>> };
  const [only, second] = Object.values(conditions);
  return only?.kind === 'moment' && !second ? { due: only.due, wakes: ['step_ended'], asks: false } : undefined;
}

function checkAwaited(run: string, entry: JournalRow, next: JournalRow | undefined, evidence: Evidence): Violation[] {
  const awaited = awaitedBy(entry);
  // A branch that lost, or a step that ran out of time, ends in another way.
  if (!awaited || !next || !awaited.wakes.includes(next.kind) || statusOf(next) === 'cancelled') return [];
  const where = `the step ${entry.address} of the run ${run}`;
  const late = next.at - awaited.due;
  if (late < 0) return [violation(6, `${where} went on ${-late} ms early`, entry, next)];
  if (awaited.asks) return [];
  const { downtimes, stalls } = evidence.facts;
  const idle = longestUptime([...downtimes, ...stalls], awaited.due, next.at);
  if (idle <= LATENESS + UNNOTICED) return [];
  return [violation(6, `${where} went on ${late} ms late, with a server up for ${idle} ms of it`, entry, next)];
}

function statusOf({ data }: JournalRow): string | undefined {
  return (data as { readonly status?: string }).status;
}

/** Guarantee 6: what waits for a time goes on once, not before it, and soon after it. */
export function checkTimers(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const [run, entries] of evidence.journal) {
    for (const [index, entry] of entries.entries()) {
      if (!awaitedBy(entry)) continue;
      const next = entries.slice(index + 1).find(({ address }) => address === entry.address);
      found.push(...checkAwaited(run, entry, next, evidence));
    }
  }
  return found;
}

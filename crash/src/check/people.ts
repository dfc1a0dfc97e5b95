import type { JournalRow } from '@counterpoint/events';
import type { Evidence } from './evidence.ts';
import { type Violation, violation } from './violation.ts';

interface Decided {
  readonly item: string;
  readonly status: string;
  readonly hash: string;
}

function of(entries: readonly JournalRow[], kind: string): readonly JournalRow[] {
  return entries.filter((entry) => entry.kind === kind);
}

/** What one matter of the inbox did to its run: decided once, by what people saw, and nothing covered before it. */
function checkAsked(run: string, asked: JournalRow, entries: readonly JournalRow[], evidence: Evidence): Violation[] {
  const { item, covers } = asked.data as { item: string; covers: Readonly<Record<string, string>> | null };
  const found: Violation[] = [];
  const decided = of(entries, 'people_decided').filter(({ data }) => (data as unknown as Decided).item === item);
  const [first] = decided;
  if (!first || decided.length > 1) {
    return [
      violation(7, `the matter ${item} of the run ${run} was decided ${decided.length} times`, asked, ...decided),
    ];
  }
  const row = evidence.inbox.get(item);
  if (!row) found.push(violation(7, `the matter ${item} of the run ${run} has vanished`, asked, first));
  const { status, hash } = first.data as unknown as Decided;
  if (row && (row.status === 'open' || (status !== 'expired' && row.status !== status) || row.covers_hash !== hash)) {
    const { status: shown, covers_hash } = row;
    found.push(violation(7, `the matter ${item} of the run ${run} says ${shown}`, first, { shown, covers_hash }));
  }
  for (const start of of(entries, 'step_started')) {
    if (covers?.[start.address] === undefined || start.seq > first.seq) continue;
    found.push(violation(7, `the step ${start.address} of the run ${run} began before it was approved`, start, first));
  }
  return found;
}

/** Guarantee 7: what people decided is there, applied once, and bound to what they saw. */
export function checkPeople(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const [run, entries] of evidence.journal) {
    for (const asked of of(entries, 'people_asked')) found.push(...checkAsked(run, asked, entries, evidence));
  }
  for (const said of evidence.facts.person.decisions) {
    const entries = of(evidence.journal.get(said.run) ?? [], 'people_decided');
    if (entries.some(({ data }) => (data as unknown as Decided).item === said.item)) continue;
    found.push(violation(7, `a decision about ${said.item} of the run ${said.run} was taken and has vanished`, said));
  }
  return found;
}

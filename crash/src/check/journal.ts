import type { JournalRow, RunRow } from '@counterpoint/events';
import type { Evidence } from './evidence.ts';
import { type Violation, violation } from './violation.ts';

function checkRun(run: RunRow, entries: readonly JournalRow[]): Violation[] {
  const found: Violation[] = [];
  const bad = (what: string, ...rows: readonly (JournalRow | undefined)[]) =>
    found.push(violation('journal', `the run ${run.id} of ${run.playbook}: ${what}`, ...rows));
  let epoch = 0;
  let ended: JournalRow | undefined;
  for (const [index, entry] of entries.entries()) {
    if (entry.seq !== index + 1) {
      bad(`entry ${index + 1} is missing`, entry);
      return found;
    }
    if (entry.epoch < epoch) bad('an entry of an earlier owner follows one of a later', entries[index - 1], entry);
    if (ended) bad('an entry follows its end', ended, entry);
    if (entry.kind === 'run_ended') ended = entry;
    epoch = Math.max(epoch, entry.epoch);
  }
  if (run.seq !== entries.length) bad(`its row stands at ${run.seq}, its journal at ${entries.length}`, entries.at(-1));
  if (epoch > run.epoch) bad(`its journal knows epoch ${epoch}, its row ${run.epoch}`);
  const status = (ended?.data as { status?: string } | undefined)?.status;
  if (ended && status !== run.status) bad(`its journal says ${status}, its row ${run.status}`, ended);
  return found;
}

/** The journal of every run: no gap, no step back, one owner after the other, nothing after the end, and as the row says. */
export function checkJournals({ runs, journal }: Evidence): Violation[] {
  return [...runs.values()].flatMap((run) => checkRun(run, journal.get(run.id) ?? []));
}

/** Guarantee 3, from inside: no step ends twice. */
export function checkStepEnds({ journal }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const [run, entries] of journal) {
    const ends = new Map<string, JournalRow>();
    for (const entry of entries) {
      if (entry.kind !== 'step_ended') continue;
      const before = ends.get(entry.address);
      if (before) found.push(violation(3, `the step ${entry.address} of the run ${run} ended twice`, before, entry));
      ends.set(entry.address, entry);
    }
  }
  return found;
}

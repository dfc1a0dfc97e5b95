import type { RunRow } from '@counterpoint/events';
import type { Evidence } from './evidence.ts';
import { type Violation, violation } from './violation.ts';

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** Guarantee 2: after everything had its time, every run has come to its end, and nothing is left to do. */
export function checkEnded({ runs, journal, left, facts }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const run of runs.values()) {
    const last = (journal.get(run.id) ?? []).slice(-3);
    const { id, playbook, status, owner, epoch } = run;
    if (!ENDS.has(status)) {
      found.push(violation(2, `the run ${id} of ${playbook} is stuck: it is ${status}`, { owner, epoch }, ...last));
    } else if (status !== 'succeeded') {
      found.push(violation(2, `the run ${id} of ${playbook} ${status}, although nothing stood in its way`, run.error));
    }
  }
  for (const [table, count] of Object.entries(left)) {
    if (count > 0) found.push(violation(2, `${count} rows are left in ${table} after every run ended`));
  }
  for (const how of facts.world.failures) found.push(violation(2, how));
  if (facts.acknowledged.length === 0) found.push(violation(1, 'nothing was acknowledged: the suite proves nothing'));
  return found;
}

/** Guarantee 9: an end that anybody was shown stays what it was. */
export function checkEnds({ runs, facts }: Evidence): Violation[] {
  const found: Violation[] = [];
  if (facts.sampler.seen.size === 0) found.push(violation('suite', 'no end of a run was shown to anybody'));
  for (const seen of facts.sampler.seen.values()) {
    const run: RunRow | undefined = runs.get(seen.run);
    if (!run) {
      // Runs of shipped playbooks are not looked at.
      continue;
    }
    const result = JSON.stringify([run.outputs, run.error]);
    if (run.status === seen.status && run.ended_at === seen.endedAt && result === seen.result) continue;
    const now = { status: run.status, endedAt: run.ended_at, result };
    found.push(violation(9, `the end of the run ${seen.run} changed after it was shown`, seen, now));
  }
  return found;
}

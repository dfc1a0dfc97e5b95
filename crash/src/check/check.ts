import type { Figures, SessionFacts } from '../scenarios/scenario.ts';
import { checkAcknowledged } from './acknowledged.ts';
import { checkCalls, checkOnce } from './calls.ts';
import { checkEnded, checkEnds } from './ended.ts';
import { type Evidence, gather } from './evidence.ts';
import { checkJournals, checkStepEnds } from './journal.ts';
import { checkLeases } from './leases.ts';
import { checkPeople } from './people.ts';
import { checkTimers } from './timers.ts';
import type { Violation } from './violation.ts';

const checks: readonly ((evidence: Evidence) => Violation[])[] = [
  checkAcknowledged,
  checkEnded,
  checkStepEnds,
  checkCalls,
  checkTimers,
  checkLeases,
  checkPeople,
  checkEnds,
  checkJournals,
];

/** Those that compare the times of the server with those of others, which says nothing after its clock was set. */
const timed: ReadonlySet<unknown> = new Set([checkCalls, checkTimers, checkLeases]);

/**
 * Holds everything that was seen from outside against the store, after the last server has stopped.
 *
 * @param clockWasSet leaves out what can only be judged by a clock that nobody set
 */
export async function checkSession(
  facts: SessionFacts,
  clockWasSet = false,
): Promise<{ violations: Violation[]; figures: Figures }> {
  const evidence = await gather(facts);
  const applicable = clockWasSet ? [...checks.filter((check) => !timed.has(check)), checkOnce] : checks;
  const violations = applicable.flatMap((check) => check(evidence));
  return { violations, figures: figuresOf(evidence, violations) };
}

function figuresOf({ facts, calls, callsOf, runs }: Evidence, violations: readonly Violation[]): Figures {
  const changes = [...callsOf.values()].filter(([first]) => first?.action !== 'look');
  return {
    kills: facts.kills.length,
    runs: runs.size,
    effects: calls.filter(({ done }) => done).length,
    repeats: changes.reduce((sum, group) => sum + group.length - 1, 0),
    duplicates: violations.filter(({ guarantee }) => guarantee === 3 || guarantee === 4 || guarantee === 5).length,
    losses: violations.filter(({ guarantee }) => guarantee === 1 || guarantee === 2).length,
    recoveries: facts.recoveries,
  };
}

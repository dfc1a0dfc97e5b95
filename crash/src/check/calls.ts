import { sha256 } from '@counterpoint/core';
import type { JournalRow } from '@counterpoint/events';
import type { OracleCall } from '../oracle/call.ts';
import { type Evidence, stepKey } from './evidence.ts';
import { type Violation, violation } from './violation.ts';

/** Clocks of several processes on one machine agree to about this, in milliseconds. */
const SLACK = 20;

/** What the journal says of one step. */
interface StepStory {
  readonly starts: readonly JournalRow[];
  readonly end: JournalRow | undefined;
}

const NOTHING: StepStory = { starts: [], end: undefined };

/** The journal's story of every step, by run and address. */
export function storiesOf({ journal }: Evidence): Map<string, StepStory> {
  const stories = new Map<string, { starts: JournalRow[]; end: JournalRow | undefined }>();
  for (const [run, entries] of journal) {
    for (const entry of entries) {
      if (entry.kind !== 'step_started' && entry.kind !== 'step_ended') continue;
      const key = stepKey(run, entry.address);
      const story = stories.get(key) ?? { starts: [], end: undefined };
      if (entry.kind === 'step_started') story.starts.push(entry);
      else story.end ??= entry;
      stories.set(key, story);
    }
  }
  return stories;
}

/** Guarantee 3, from outside: no call for a step whose end is durable. */
function afterEnd(step: string, calls: readonly OracleCall[], { end }: StepStory): Violation[] {
  const late = end && calls.find(({ at }) => at > end.at + SLACK);
  return late ? [violation(3, `the step ${step} was called again after it had ended`, end, late)] : [];
}

/** Guarantee 4: first the journal, then the call; one key; and no more calls than attempts and crashes explain. */
function counted(
  step: string,
  calls: readonly OracleCall[],
  { starts }: StepStory,
  kills: readonly number[],
): Violation[] {
  const [first] = calls;
  const last = calls.at(-1);
  if (!first || !last) return [];
  const found: Violation[] = [];
  const begun = starts[0];
  if (!begun) return [violation(4, `the step ${step} was called, and the journal does not know that it began`, first)];
  if (first.at < begun.at - SLACK) {
    found.push(violation(4, `the step ${step} was called before its intention was durable`, first, begun));
  }
  const key = sha256(`${step}#0`);
  const strange = calls.find((call) => call.key !== key);
  if (strange) found.push(violation(4, `the step ${step} was called with another key than ${key}`, strange));
  const crashes = kills.filter((at) => at >= first.at - SLACK && at <= last.at + SLACK).length;
  if (calls.length > starts.length + crashes) {
    const what = `the step ${step} was called ${calls.length} times in ${starts.length} attempts and ${crashes} crashes`;
    found.push(violation(4, what, ...calls, ...starts));
  }
  return found;
}

/** Actions that happen again each time they are called. */
const ONCE: ReadonlySet<string> = new Set(['post', 'post_checked']);
/** Answers that say for sure that nothing happened. */
const REFUSED: ReadonlySet<string> = new Set(['limit', 'refuse']);

function happenedOnce(step: string, calls: readonly OracleCall[]): Violation[] {
  const done = calls.filter((call) => call.done);
  return done.length > 1 ? [violation(5, `the step ${step} happened ${done.length} times`, ...done)] : [];
}

/** Guarantee 5, as far as it can be judged without comparing times. */
export function checkOnce({ callsOf }: Evidence): Violation[] {
  return [...callsOf].flatMap(([step, calls]) => happenedOnce(step, calls));
}

/** Guarantee 5: between two calls of what may not be repeated, somebody found out that the first did not happen. */
function blind(step: string, calls: readonly OracleCall[], evidence: Evidence): Violation[] {
  const found = happenedOnce(step, calls);
  for (const [index, call] of calls.entries()) {
    const next = calls[index + 1];
    if (!next || REFUSED.has(call.behaviour)) continue;
    const between = (at: number): boolean => at >= call.at - SLACK && at <= next.at + SLACK;
    const read = evidence.reads.get(call.key)?.some((one) => one.told === 'false' && between(one.at));
    const said = evidence.facts.person.resolutions.some(
      (one) => stepKey(one.run, one.address) === step && !one.happened && between(one.at),
    );
    if (!read && !said) found.push(violation(5, `the step ${step} was sent again and nobody had looked`, call, next));
  }
  return found;
}

/** Guarantees 3, 4 and 5: the calls that reached the oracle against what the journals say. */
export function checkCalls(evidence: Evidence): Violation[] {
  const stories = storiesOf(evidence);
  const keys = new Set(evidence.effects.map(({ key }) => key));
  return [...evidence.callsOf].flatMap(([step, calls]) => {
    const story = stories.get(step) ?? NOTHING;
    const [first] = calls;
    const unwritten = first && first.action !== 'look' && !keys.has(first.key);
    return [
      ...afterEnd(step, calls, story),
      ...counted(step, calls, story, evidence.facts.kills),
      ...(ONCE.has(first?.action ?? '') ? blind(step, calls, evidence) : []),
      ...(unwritten ? [violation(4, `the ledger does not know what the step ${step} did`, first)] : []),
    ];
  });
}

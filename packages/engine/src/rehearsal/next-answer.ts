import type { RunRecord } from './record.ts';
import type { Stub } from './test-file.ts';

/** Hands out the answers of a test's stubs; what is asked for and not there is a problem. */
export type NextAnswer<Answer> = (name: string) => Answer | undefined;

/** Makes the {@link NextAnswer} of one test. */
export function nextAnswers<Answer>(
  stubs: ReadonlyMap<string, Stub<Answer>>,
  what: 'action' | 'playbook',
  record: RunRecord,
): NextAnswer<Answer> {
  const given = new Map<string, number>();
  return (name) => {
    const stub = stubs.get(name);
    const count = given.get(name) ?? 0;
    given.set(name, count + 1);
    const answer = stub?.answers[stub.mode === 'always' ? 0 : count];
    if (!stub) record.problems.add(`The ${what} ${name} was called, and the test has no stub for it.`);
    else if (answer === undefined) {
      record.problems.add(`The ${what} ${name} was called more often than its ${stub.answers.length} answers.`);
    }
    return answer;
  };
}

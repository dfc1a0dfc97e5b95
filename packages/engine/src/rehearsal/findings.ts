import type { Finding, Position } from '@counterpoint/playbook';

/** What is said about one kind of finding. `{name}` in the message is filled from parameters. */
interface FindingSpec {
  readonly message: string;
  /** What the author can do. */
  readonly help: string;
}

/** What can be wrong with a test file, by name; the code is `playbook_test.<name>`. All of them are errors. */
export const testFindings = {
  kind: {
    message: 'The kind must be playbook_test/v1; this is {actual}.',
    help: 'Begin the file with `kind: playbook_test/v1`.',
  },
  unknown_field: {
    message: '"{field}" is not a field of {where}.',
    help: 'Correct the name, or take it out.',
  },
  missing_field: {
    message: '"{field}" is missing in {where}.',
    help: 'Add it; the reference page of test files describes every field.',
  },
  wrong_type: {
    message: '{what} must be {expected}; this is {actual}.',
    help: 'Write it in the expected form; quote text that looks like a number or a date.',
  },
  wrong_word: {
    message: '{what} must be one of {known}; "{word}" is none of them.',
    help: 'Use one of the words that are named.',
  },
  name: {
    message: '"{name}" is not {expected}.',
    help: 'Actions are written alias.action, as the playbook calls them; playbooks by their id.',
  },
  answer: {
    message: '{what} needs exactly one of {known}.',
    help: 'Give `output` for a success, `error` for a failure, or `answers` for several in order.',
  },
  no_answers: {
    message: 'The list of answers is empty.',
    help: 'Give an answer for each call that is expected.',
  },
  no_tests: {
    message: 'There is no test.',
    help: 'Add at least one item to `tests`.',
  },
  same_name: {
    message: 'There is a test of this name on line {line} already.',
    help: 'Name each test by what makes it different.',
  },
  expects_nothing: {
    message: 'This test expects nothing, so that it cannot fail.',
    help: 'Say at least with which status the run ends.',
  },
  other_playbook: {
    message: 'The test is for the playbook "{named}", but lies beside "{beside}".',
    help: 'Correct the id, or move the file beside its playbook.',
  },
  reaction: {
    message: '"{id}" is a {kind}.',
    help: 'Name a playbook under `playbook:`, and a reaction under `reaction:`.',
  },
  one_subject: {
    message: 'A test file is about one playbook or one reaction.',
    help: 'Give it either `playbook:` or `reaction:`.',
  },
  only_reactions: {
    message: '"{field}" is for tests of reactions.',
    help: 'Take it out: an event starts a playbook, or it does not (`status: not_started`).',
  },
  unknown_trigger: {
    message: 'The playbook has no trigger "{trigger}" that an event can start.',
    help: 'Name one of its topic, alert or webhook triggers, or leave it out.',
  },
  unknown_step: {
    message: 'The playbook has no step "{step}".',
    help: 'Correct the id; a step in a round of a loop is written loop[0].step.',
  },
  unknown_action: {
    message: 'The playbook never calls the action "{action}".',
    help: 'Correct the name (alias.action, as in the playbook), or take it out.',
  },
  unknown_playbook: {
    message: 'The playbook never calls the playbook "{playbook}".',
    help: 'Correct the id, or take it out.',
  },
  unknown_topic: {
    message: 'The playbook never publishes on the topic "{topic}".',
    help: 'Correct the name, or take it out.',
  },
  no_topic: {
    message: 'There is no topic "{topic}".',
    help: 'Correct the name; the reference lists every topic.',
  },
  unknown_table: {
    message: 'There is no table "{table}".',
    help: 'Correct the name, or declare the table in content/tables/.',
  },
  unknown_input: {
    message: 'The playbook has no input "{input}".',
    help: 'Correct the name, or declare it in the playbook.',
  },
  unknown_value: {
    message: '"{field}" is not a field of {what}.',
    help: 'Correct the name; the schema of what is stood in for does not know it.',
  },
  wrong_value: {
    message: 'This contradicts {what}: {reason}.',
    help: 'Give a value that the schema of what is stood in for allows.',
  },
} as const satisfies Record<string, FindingSpec>;

/** The name of a kind of finding. */
export type TestFindingName = keyof typeof testFindings;

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Params<Name extends TestFindingName> = {
  readonly [Param in Names<(typeof testFindings)[Name]['message']>]: string | number;
};

/** Collects findings about a test file. */
export interface TestReport {
  readonly findings: readonly Finding[];
  add<Name extends TestFindingName>(
    name: Name,
    position: Position,
    params: Params<Name>,
    suggestion?: string | undefined,
  ): void;
}

/** Makes an empty {@link TestReport}. */
export function createTestReport(): TestReport {
  const findings: Finding[] = [];
  return {
    findings,
    add(name, position, params, suggestion) {
      const values: Readonly<Record<string, string | number>> = params;
      const message = testFindings[name].message.replace(/\{(\w+)\}/g, (hole, key: string) =>
        key in values ? String(values[key]) : hole,
      );
      findings.push({ code: `playbook_test.${name}`, severity: 'error', message, suggestion, position });
    },
  };
}

/** Findings in the order of the document. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => a.position.from - b.position.from);
}

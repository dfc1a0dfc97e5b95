import { checkPlaybook } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { checkTestFile } from './check-test-file.ts';
import { testFindings } from './findings.ts';
import { parseTestFile } from './read-test-file.ts';
import { rehearsalCatalogue as catalogue } from './testing/catalogue.ts';

const PLAYBOOK = `kind: playbook/v1
id: p
title: P
uses: { fw: firewall }
on: [{ topic: scan.done.v1 }]
inputs: { limit: { type: integer, default: 1 } }
steps:
  - { id: look, action: fw.lookup, with: { ip: 192.0.2.1 } }
  - { id: ticket, call: close_ticket, with: { id: T1 } }
  - { id: say, publish: scan.done.v1, data: { ips: [] } }
`;
const REACTION = `kind: reaction/v1
id: p
title: R
mode: act
uses: { fw: firewall }
subscribe: { topic: scan.done.v1 }
do: [{ id: look, action: fw.lookup, with: { ip: 192.0.2.1 } }]
`;
const HEAD = 'kind: playbook_test/v1\nplaybook: p\n';
const ONE = 'tests: [{ name: t, expect: { status: succeeded } }]\n';

/** The findings of a test file as `line:column code suggestion`. */
function findingsOf(text: string, playbook = PLAYBOOK): string[] {
  const { plan, findings: faults } = checkPlaybook(playbook, catalogue);
  if (!plan) throw new Error(faults.map(({ message }) => message).join('\n'));
  const { file, findings } = parseTestFile(text);
  const all = file ? checkTestFile(file, { plan, catalogue }) : findings;
  return all.map(({ code, position: { line, column }, suggestion }) =>
    [`${line}:${column}`, code, suggestion].filter((part) => part !== undefined).join(' '),
  );
}

/** What is wrong, in which document, and what is found. */
const faulty: readonly (readonly [what: string, text: string, finding: string, playbook?: string])[] = [
  ['another kind', `kind: playbook/v1\nplaybook: p\n${ONE}`, '1:7 playbook_test.kind playbook_test/v1'],
  ['a misspelt field', `${HEAD}test: []\n${ONE}`, '3:1 playbook_test.unknown_field tests'],
  [
    'a misspelt expectation',
    `${HEAD}tests: [{ name: t, expect: { stauts: failed } }]`,
    '3:30 playbook_test.unknown_field status',
  ],
  ['no playbook', `kind: playbook_test/v1\n${ONE}`, '1:1 playbook_test.missing_field'],
  ['a list where a map belongs', `${HEAD}given: [1]\n${ONE}`, '3:8 playbook_test.wrong_type'],
  ['a time without a zone', `${HEAD}given: { now: "2026-01-01 10:00" }\n${ONE}`, '3:15 playbook_test.wrong_type'],
  [
    'a lease without a unit',
    `${HEAD}tests: [{ name: t, expect: { calls: [{ action: fw.lookup, lease: "24" }] } }]`,
    '3:66 playbook_test.wrong_type',
  ],
  [
    'a status that no run has',
    `${HEAD}tests: [{ name: t, expect: { status: suceeded } }]`,
    '3:38 playbook_test.wrong_word succeeded',
  ],
  [
    'an error that no connector has',
    `${HEAD}given: { actions: { fw.lookup: { error: unavailble } } }\n${ONE}`,
    '3:41 playbook_test.wrong_word unavailable',
  ],
  [
    'an action without its alias',
    `${HEAD}given: { actions: { lookup: { error: forbidden } } }\n${ONE}`,
    '3:21 playbook_test.name',
  ],
  [
    'a stub with two answers',
    `${HEAD}given: { actions: { fw.lookup: { error: forbidden, output: {} } } }\n${ONE}`,
    '3:32 playbook_test.answer',
  ],
  [
    'an empty list of answers',
    `${HEAD}given: { actions: { fw.lookup: { answers: [] } } }\n${ONE}`,
    '3:43 playbook_test.no_answers',
  ],
  ['no test', `${HEAD}tests: []`, '3:8 playbook_test.no_tests'],
  [
    'two tests of one name',
    `${HEAD}tests:\n  - { name: t, expect: { status: failed } }\n  - { name: t, expect: { status: failed } }`,
    '5:13 playbook_test.same_name',
  ],
  ['a test that cannot fail', `${HEAD}tests: [{ name: t, expect: {} }]`, '3:28 playbook_test.expects_nothing'],
  ['a test of another playbook', `kind: playbook_test/v1\nplaybook: q\n${ONE}`, '2:11 playbook_test.other_playbook p'],
  ['a reaction that is named as a playbook', `${HEAD}${ONE}`, '2:11 playbook_test.reaction', REACTION],
  ['both a playbook and a reaction', `${HEAD}reaction: p\n${ONE}`, '3:1 playbook_test.one_subject'],
  [
    'an outcome of a playbook',
    `${HEAD}tests: [{ name: t, expect: { outcome: held } }]`,
    '3:39 playbook_test.only_reactions',
  ],
  ['an origin for a playbook', `${HEAD}given: { from: { hop: 1 } }\n${ONE}`, '3:16 playbook_test.only_reactions'],
  [
    'an unknown trigger',
    `${HEAD}given: { trigger: "topic:scan.don.v1" }\n${ONE}`,
    '3:19 playbook_test.unknown_trigger topic:scan.done.v1',
  ],
  [
    'an unknown step',
    `${HEAD}tests: [{ name: t, expect: { steps: { "all[0].lok": failed } } }]`,
    '3:39 playbook_test.unknown_step look',
  ],
  [
    'a stub of an action that is never called',
    `${HEAD}given: { actions: { fw.lokup: { output: {} } } }\n${ONE}`,
    '3:21 playbook_test.unknown_action fw.lookup',
  ],
  [
    'an action that is never called among those not to be called',
    `${HEAD}tests: [{ name: t, expect: { not_called: [fw.block] } }]`,
    '3:43 playbook_test.unknown_action',
  ],
  [
    'a stub of a playbook that is never called',
    `${HEAD}given: { playbooks: { close_tickt: { output: {} } } }\n${ONE}`,
    '3:23 playbook_test.unknown_playbook close_ticket',
  ],
  [
    'a topic that is never published on',
    `${HEAD}tests: [{ name: t, expect: { published: [{ topic: scan.don.v1 }] } }]`,
    '3:51 playbook_test.unknown_topic scan.done.v1',
  ],
  ['an unknown input', `${HEAD}given: { inputs: { limt: 1 } }\n${ONE}`, '3:20 playbook_test.unknown_input limit'],
  ['an input of the wrong type', `${HEAD}given: { inputs: { limit: many } }\n${ONE}`, '3:27 playbook_test.wrong_value'],
  [
    'an output with a field that its schema does not know',
    `${HEAD}given: { actions: { fw.lookup: { output: { scor: 1 } } } }\n${ONE}`,
    '3:44 playbook_test.unknown_value score',
  ],
  [
    'an output that contradicts its schema',
    `${HEAD}given: { actions: { fw.lookup: { output: { score: high } } } }\n${ONE}`,
    '3:51 playbook_test.wrong_value',
  ],
  [
    'a playbook output that contradicts its schema',
    `${HEAD}given: { playbooks: { close_ticket: { output: { closed: 1 } } } }\n${ONE}`,
    '3:57 playbook_test.wrong_value',
  ],
  [
    'an event that contradicts its topic',
    `${HEAD}given: { event: { ips: [7] } }\n${ONE}`,
    '3:25 playbook_test.wrong_value',
  ],
  [
    'an expected argument that the action does not take',
    `${HEAD}tests: [{ name: t, expect: { calls: [{ action: fw.lookup, with: { ipp: x } }] } }]`,
    '3:67 playbook_test.unknown_value ip',
  ],
  [
    'a topic that there is not',
    `${HEAD}given: { events: [{ topic: scan.don.v1 }] }\n${ONE}`,
    '3:28 playbook_test.no_topic scan.done.v1',
  ],
  [
    'a table that there is not',
    `${HEAD}given: { tables: { sen: {} } }\n${ONE}`,
    '3:20 playbook_test.unknown_table seen',
  ],
  [
    'a row that contradicts its table',
    `${HEAD}given: { tables: { seen: { a: { times: x } } } }\n${ONE}`,
    '3:40 playbook_test.wrong_value',
  ],
  [
    'an approval that does not say what is decided',
    `${HEAD}given: { approvals: { look: { by: "user:ada" } } }\n${ONE}`,
    '3:29 playbook_test.missing_field',
  ],
  ['YAML that cannot be read', `${HEAD}tests: [`, '3:9 playbook.yaml'],
];

describe('checkTestFile', () => {
  for (const [what, text, finding, playbook] of faulty) {
    it(`finds ${what}`, () => {
      expect(findingsOf(text, playbook)).toContain(finding);
    });
  }

  it('finds nothing in a test file that says only what matters to it', () => {
    expect(findingsOf(`${HEAD}given: { actions: { fw.lookup: { output: {} } } }\n${ONE}`)).toEqual([]);
  });

  it('says what is given to all tests once', () => {
    const tests = 'tests: [{ name: a, expect: { status: failed } }, { name: b, expect: { status: failed } }]\n';
    expect(findingsOf(`${HEAD}given: { inputs: { limt: 1 } }\n${tests}`)).toHaveLength(1);
  });

  it('has a faulty document for every finding', () => {
    const codes = new Set(faulty.map(([, , finding]) => finding.split(' ')[1]));
    expect(Object.keys(testFindings).filter((name) => !codes.has(`playbook_test.${name}`))).toEqual([]);
  });
});

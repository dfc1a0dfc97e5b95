import { checkPlaybook, type Plan } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { checkTestFile } from './check-test-file.ts';
import { parseTestFile } from './read-test-file.ts';
import { rehearse, type TestResult } from './rehearse.ts';
import { rehearsalCatalogue as catalogue } from './testing/catalogue.ts';

function planOf(steps: string, head = ''): Plan {
  const uses = steps.includes('fw.') ? 'uses: { fw: firewall }\n' : '';
  const source = `kind: playbook/v1\nid: p\ntitle: P\n${uses}on: [{ manual: {} }]\n${head}\nsteps:\n${steps}\n`;
  const { plan, findings } = checkPlaybook(source, catalogue);
  if (!plan) throw new Error(findings.map((one) => `${one.position.line}: ${one.message}`).join('\n'));
  return plan;
}

function read(plan: Plan, tests: string) {
  const { file, findings } = parseTestFile(`kind: playbook_test/v1\nplaybook: p\n${tests}`);
  if (!file) throw new Error(findings.map((one) => `${one.position.line}: ${one.message}`).join('\n'));
  return { file, codes: checkTestFile(file, { plan, catalogue }).map(({ code, message }) => `${code} ${message}`) };
}

async function run(plan: Plan, tests: string): Promise<readonly string[][]> {
  const { file, codes } = read(plan, tests);
  expect(codes).toEqual([]);
  return (await rehearse({ file, plan, catalogue })).map(told);
}

const told = ({ problems, differences }: TestResult): string[] => [
  ...problems,
  ...differences.map(({ about, expected, actual }) => `${about}: ${expected} / ${actual}`),
];

const APPROVAL = `  - id: decision
    approval: Block?
    covers: [block]
    by: { role: analyst }
    form: { note: { type: string, default: none } }
    timeout: { after: 4h, then: deny }
  - { id: block, if: steps.decision.approved, action: fw.block, with: { ip: 192.0.2.1 }, lease: { for: 1h } }`;

describe('rehearse: people', () => {
  it('decides approvals as the test says, and by the time-out where it says nothing', async () => {
    const plan = planOf(
      APPROVAL,
      `outputs: { approved: "\${{ steps.decision.approved }}", by: "\${{ steps.decision.by }}", note: "\${{ steps.decision.form.note }}" }`,
    );
    const results = await run(
      plan,
      `given: { actions: { fw.block: { output: {} } } }
tests:
  - name: approved
    approvals: { decision: { approve: true, by: "user:ada", form: { note: sure } } }
    expect:
      status: succeeded
      calls: [{ action: fw.block, with: { ip: 192.0.2.1 } }]
      outputs: { approved: true, by: ["user:ada"], note: sure }
  - name: denied
    approvals: { decision: { approve: false } }
    expect: { status: succeeded, steps: { block: skipped }, outputs: { approved: false, note: none } }
  - name: nobody decides
    expect: { status: succeeded, not_called: [fw.block], outputs: { approved: false } }
`,
    );
    expect(results).toEqual([[], [], []]);
  });

  it('answers questions', async () => {
    const plan = planOf(
      `  - id: question
    ask: Which one?
    of: { role: analyst }
    form: { ip: { type: string } }
  - { id: seen, set: { ip: "\${{ steps.question.form.ip }}" } }`,
      `outputs: { ip: "\${{ steps.seen.ip }}" }`,
    );
    const results = await run(
      plan,
      `tests:
  - { name: answered, answers: { question: { form: { ip: 192.0.2.7 } } }, expect: { outputs: { ip: 192.0.2.7 } } }
  - { name: not answered, expect: { status: succeeded } }
`,
    );
    expect(results).toEqual([[], ['status: succeeded / unfinished']]);
  });

  it('names what the playbook does not ask, know or keep', () => {
    const { codes } = read(
      planOf(APPROVAL),
      `tests:
  - name: wrong
    approvals: { desicion: { approve: true }, decision: { approve: true, form: { note: 5 } } }
    events: [{ topic: scan.dune.v1 }, { topic: scan.done.v1, data: { ips: 1 } }]
    expect: { status: succeeded }
`,
    );
    expect(codes).toEqual([
      'playbook_test.unknown_step The playbook has no step "desicion".',
      expect.stringMatching(/^playbook_test.wrong_value This contradicts the form of decision: .*note must be string/),
      'playbook_test.no_topic There is no topic "scan.dune.v1".',
      expect.stringMatching(
        /^playbook_test.wrong_value This contradicts an event of scan.done.v1: .*ips must be array/,
      ),
    ]);
  });
});

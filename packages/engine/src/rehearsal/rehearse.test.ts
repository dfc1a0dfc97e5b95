import { checkPlaybook, type Plan } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { checkTestFile } from './check-test-file.ts';
import { parseTestFile } from './read-test-file.ts';
import { rehearse, type TestResult } from './rehearse.ts';
import { rehearsalCatalogue as catalogue } from './testing/catalogue.ts';

function planOf(steps: string, head = 'on: [{ manual: {} }]'): Plan {
  const uses = steps.includes('fw.') ? 'uses: { fw: firewall }\n' : '';
  const source = `kind: playbook/v1\nid: p\ntitle: P\n${uses}${head}\nsteps:\n${steps}\n`;
  const { plan, findings } = checkPlaybook(source, catalogue);
  if (!plan) throw new Error(findings.map((one) => `${one.position.line}: ${one.message}`).join('\n'));
  return plan;
}

async function run(plan: Plan, tests: string): Promise<readonly TestResult[]> {
  const { file, findings } = parseTestFile(`kind: playbook_test/v1\nplaybook: p\n${tests}`);
  if (!file) throw new Error(findings.map((one) => `${one.position.line}: ${one.message}`).join('\n'));
  expect(checkTestFile(file, { plan, catalogue })).toEqual([]);
  return rehearse({ file, plan, catalogue });
}

const told = (result: TestResult | undefined): string[] => [
  ...(result?.problems ?? []),
  ...(result?.differences ?? []).map(({ about, expected, actual }) => `${about}: ${expected} / ${actual}`),
];

const LOOK = `  - id: look
    action: fw.lookup
    with: { ip: "\${{ inputs.ip }}" }
    retry: { attempts: 3, delay: 1h, on: [unavailable] }
  - id: block
    if: steps.look.score > 50
    action: fw.block
    with: { ip: "\${{ valid.ip(inputs.ip) }}" }
    lease: { for: 24h }
`;
const INPUT = `on: [{ manual: {} }]
inputs: { ip: { type: string, default: 192.0.2.1 } }
outputs: { score: "\${{ steps.look.score }}" }`;

describe('rehearse', () => {
  it('passes a test that sees what it expects, on stubs that are not complete', async () => {
    const [result] = await run(
      planOf(LOOK, INPUT),
      `tests:
  - name: blocks
    actions: { fw.lookup: { output: { score: 90 } }, fw.block: { output: {} } }
    expect:
      status: succeeded
      steps: { look: succeeded, block: succeeded }
      calls: [{ action: fw.block, with: { ip: 192.0.2.1 }, lease: 1d }]
      outputs: { score: 90 }
`,
    );
    expect(told(result)).toEqual([]);
    expect(result).toMatchObject({ passed: true, name: 'blocks', line: 4 });
  });

  it('gives up what is left when its time is over, without holding up anybody meanwhile', async () => {
    const round = planOf(`  - id: rounds
    while: index < 10000
    max_iterations: 10000
    do: [{ id: inner, while: index < 10000, max_iterations: 10000, do: [{ id: x, set: { n: 1 } }] }]`);
    const { file } = parseTestFile(
      'kind: playbook_test/v1\nplaybook: p\ntests:\n  - { name: a, expect: { status: succeeded } }\n  - { name: b, expect: { status: succeeded } }\n',
    );
    if (!file) throw new Error('no file');
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const results = await rehearse({ file, plan: round, catalogue, until: performance.now() + 50 });
    clearInterval(turning);
    expect(results.map(({ passed, run: { status }, problems }) => [passed, status, problems.length])).toEqual([
      [false, 'unfinished', 1],
      [false, 'unfinished', 1],
    ]);
    expect(results[0]?.problems[0]).toMatch(/^Given up: .* took too long/);
    expect(turns).toBeGreaterThan(0);
  });

  it('tells what is not as expected, one line for each thing', async () => {
    const [result] = await run(
      planOf(LOOK, INPUT),
      `given: { inputs: { ip: 192.0.2.9 }, actions: { fw.block: { output: {} } } }
tests:
  - name: wrong in every way
    actions: { fw.lookup: { output: { score: 90 } } }
    expect:
      status: failed
      steps: { look: failed, block: skipped }
      calls:
        - { action: fw.block, with: { ip: 192.0.2.1 }, lease: 1h }
        - { action: fw.lookup }
        - { action: fw.lookup }
      not_called: [fw.block]
      outputs: { score: 91 }
`,
    );
    expect(told(result)).toEqual([
      'status: failed / succeeded',
      'step look: failed / succeeded',
      'step block: skipped / succeeded',
      'call fw.block (block) with.ip: "192.0.2.1" / "192.0.2.9"',
      'call fw.block (block) lease: 1 h / 1 d',
      'call fw.lookup: called once more / called 1×',
      'call fw.block: not called / called by block with {"ip":"192.0.2.9"}',
      'outputs.score: 91 / 90',
    ]);
    expect(result?.differences.map(({ position }) => position.line)).toEqual([8, 9, 9, 11, 11, 13, 14, 15]);
  });

  it('lets retries pass at once, and gives answers in order', async () => {
    const [first, second] = await run(
      planOf(LOOK, INPUT),
      `tests:
  - name: third time lucky
    actions:
      fw.lookup: { answers: [{ error: unavailable }, { error: unavailable }, { output: { score: 1 } }] }
    expect: { status: succeeded, steps: { block: skipped }, not_called: [fw.block] }
  - name: too few answers
    actions: { fw.lookup: { answers: [{ error: unavailable }] } }
    expect: { status: failed }
`,
    );
    expect(told(first)).toEqual([]);
    expect(first?.calls).toHaveLength(3);
    expect(told(second)).toEqual(['The action fw.lookup was called more often than its 1 answers.']);
  });

  it('fails a test whose run calls what has no stub, also when the playbook goes on', async () => {
    const plan = planOf(LOOK.replace('    lease', '    on_failure: continue\n    lease'), INPUT);
    const [result] = await run(
      plan,
      `tests:
  - name: forgets one
    actions: { fw.lookup: { output: { score: 90 } } }
    expect: { status: succeeded }
`,
    );
    expect(told(result)).toEqual(['The action fw.block was called, and the test has no stub for it.']);
    expect(result?.passed).toBe(false);
  });

  it('refuses arguments that the action would refuse', async () => {
    const plan = planOf(
      `  - { id: look, action: fw.lookup, with: { ip: "\${{ event.ip }}" } }`,
      'on: [{ webhook: hook }]',
    );
    const [result] = await run(
      plan,
      `tests:
  - name: refused
    event: { ip: 5 }
    actions: { fw.lookup: { output: { score: 1 } } }
    expect: { status: failed, error: invalid_request }
`,
    );
    expect(told(result)).toEqual(['Step look calls fw.lookup with arguments that it refuses: /ip must be string.']);
  });

  it('starts nothing when no trigger is met', async () => {
    const plan = planOf(
      `  - { id: n, set: { n: "\${{ size(event.ips) }}" } }`,
      `on: [{ topic: scan.done.v1, when: "size(event.ips) > 1" }]\noutputs: { n: "\${{ steps.n.n }}" }`,
    );
    const results = await run(
      plan,
      `tests:
  - { name: one, event: { ips: [a] }, expect: { status: not_started } }
  - { name: two, event: { ips: [a, b] }, expect: { status: succeeded, outputs: { n: 2 } } }
  - { name: wrong, event: { ips: [a] }, expect: { status: succeeded } }
`,
    );
    expect(results.map(told)).toEqual([
      [],
      [],
      ['status: succeeded / not_started (engine.not_started: topic:scan.done.v1: `size(event.ips) > 1` does not hold)'],
    ]);
  });

  it('knows the rounds of a loop by address, and all of them by id', async () => {
    const plan = planOf(
      `  - id: all
    foreach: event.ips
    as: ip
    on_item_error: skip
    do: [{ id: look, action: fw.lookup, with: { ip: "\${{ ip }}" } }]`,
      'on: [{ topic: scan.done.v1 }]',
    );
    const results = await run(
      plan,
      `given:
  event: { ips: [a, b] }
  actions: { fw.lookup: { answers: [{ output: { score: 1 } }, { error: not_found }] } }
tests:
  - { name: by address, expect: { steps: { "all[0].look": succeeded, "all[1].look": failed } } }
  - { name: by id, expect: { steps: { look: succeeded } } }
`,
    );
    expect(results.map(told)).toEqual([
      [],
      [expect.stringMatching(/^step all\[1\]\.look: succeeded \/ failed \(connector\.not_found: /)],
    ]);
  });

  it('stands in for playbooks that are called, whose inputs it checks', async () => {
    const plan = planOf(
      '  - { id: ticket, call: close_ticket, with: { id: T1 } }',
      `on: [{ manual: {} }]\noutputs: { closed: "\${{ steps.ticket.closed }}" }`,
    );
    const results = await run(
      plan,
      `tests:
  - name: closed
    playbooks: { close_ticket: { output: { closed: true } } }
    expect: { outputs: { closed: true }, calls: [{ playbook: close_ticket, with: { id: T1 } }] }
  - name: failed
    playbooks: { close_ticket: { error: no such ticket } }
    expect: { status: failed, error: call_failed, not_called: [close_ticket] }
  - name: no stub
    expect: { status: failed }
`,
    );
    expect(results.map(told)).toEqual([
      [],
      ['call close_ticket: not called / called by ticket with {"id":"T1"}'],
      ['The playbook close_ticket was called, and the test has no stub for it.'],
    ]);
  });

  it('sees what is published and what is undone', async () => {
    const plan = planOf(`  - { id: block, action: fw.block, with: { ip: 192.0.2.1 }, lease: { for: 1h } }
  - { id: lift, undo: block }
  - { id: say, publish: scan.done.v1, data: { ips: [a] } }`);
    const results = await run(
      plan,
      `given: { actions: { fw.block: { output: {} } } }
tests:
  - name: right
    expect: { undone: [block], published: [{ topic: scan.done.v1, data: { ips: [a] } }] }
  - name: wrong
    actions: { fw.block: { error: forbidden } }
    expect: { status: failed, undone: [block], published: [{ topic: scan.done.v1 }] }
`,
    );
    expect(results.map(told)).toEqual([
      [],
      ['step block: undone / not undone', 'event scan.done.v1: published / not published'],
    ]);
  });

  it('settles an unknown outcome as the test says, and leaves it open where nobody can tell', async () => {
    const plan = planOf('  - { id: block, action: fw.block, with: { ip: 192.0.2.1 }, lease: { for: 1h } }');
    const results = await run(
      plan,
      `tests:
  - name: it happened
    actions: { fw.block: { unknown: { happened: true, output: { rule: r1 } } } }
    expect: { status: succeeded, steps: { block: succeeded } }
  - name: it did not
    actions: { fw.block: { unknown: { happened: false } } }
    expect: { status: failed, error: timeout }
  - name: nobody knows
    actions: { fw.block: { unknown: {} } }
    expect: { status: succeeded }
`,
    );
    expect(results.map(told)).toEqual([[], [], ['status: succeeded / unfinished']]);
  });

  it('takes the time that is given for now', async () => {
    const plan = planOf(
      `  - { id: t, set: { at: "\${{ now() }}" } }`,
      `on: [{ manual: {} }]\noutputs: { at: "\${{ steps.t.at }}" }`,
    );
    const [result] = await run(
      plan,
      'tests:\n  - { name: t, now: "2026-05-04T03:02:01Z", expect: { outputs: { at: 1777863721000 } } }\n',
    );
    expect(told(result)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { apply } from '../interpreter/apply.ts';
import { approvalOf } from '../interpreter/approval-of.ts';
import { decide } from '../interpreter/decide.ts';
import type { Entry } from '../interpreter/entries.ts';
import type { Target } from '../interpreter/fan-out.ts';
import type { Command, Happening } from '../interpreter/happening.ts';
import { newState } from '../interpreter/state.ts';
import { planOf, playbookText } from '../testing/rig.ts';

const facts = {
  id: 'run-1',
  playbook: 'p',
  cause: 'user:ada',
  trace: 'a'.repeat(32),
  simulated: false,
  created_at: 0,
  inputs: { ip: '203.0.113.7' },
  event: null,
};

/** A run that is told what happens, and remembers what it decided. */
function play(text: string, inputs: typeof facts.inputs = facts.inputs, targets?: () => readonly Target[]) {
  const plan = planOf(text);
  const state = newState({ ...facts, inputs });
  const entries: Entry[] = [];
  const commands: Command[] = [];
  return {
    state,
    entries,
    commands,
    tell(happening: Happening, at = 1_000) {
      const decision = decide(plan, state, happening, { at, jitter: 0, targets });
      entries.push(...decision.entries);
      commands.push(...decision.commands);
      return decision;
    },
    command<Kind extends Command['kind']>(kind: Kind) {
      return commands.findLast((one) => one.kind === kind) as Extract<Command, { kind: Kind }>;
    },
    decided(patch: Partial<Extract<Happening, { kind: 'decided' }>> = {}) {
      const { address, item } = this.command('ask_people');
      const by = ['user:ben'];
      return this.tell({
        kind: 'decided',
        address,
        item,
        status: 'approved',
        by,
        reason: '',
        form: null,
        hash: 'h',
        ...patch,
      });
    },
  };
}

const inputs = 'inputs: { ip: { type: string } }';
const block = `  - id: block
    action: fake.block
    with: { ip: "\${{ inputs.ip }}" }`;
const decision = `  - id: decision
    approval: Block \${{ inputs.ip }}?
    covers: [block]
    by: { role: analyst, exclude: run.started_by }
    timeout: { after: 4h, then: deny }`;
const guarded = `${block}
    if: steps.decision.approved`;
const approval = playbookText(`${decision}\n${guarded}`, inputs);

describe('an approval', () => {
  it('freezes what the covered steps will do, before anything is performed', () => {
    const run = play(approval);
    run.tell({ kind: 'start' });
    expect(run.command('ask_people').question).toEqual({
      kind: 'approval',
      text: 'Block 203.0.113.7?',
      covers: [{ step: 'block', address: 'block', input: { ip: '203.0.113.7' }, target: undefined }],
      role: 'analyst',
      users: [],
      excluded: ['user:ada'],
      quorum: 1,
      delegable: false,
      form: null,
      via: [],
      due: 1_000 + 4 * 3_600_000,
      otherwise: 'deny',
    });
    expect(run.command('perform')).toBeUndefined();
    expect(run.command('set_timer')).toMatchObject({ address: 'decision', timer: 'deadline' });
  });

  it('lets the covered steps run once it was given', () => {
    const run = play(approval);
    run.tell({ kind: 'start' });
    run.decided();
    expect(run.state.root.outputs.decision).toEqual({ approved: true, by: ['user:ben'], reason: '' });
    expect(run.command('perform').call.input).toEqual({ ip: '203.0.113.7' });
    expect(run.command('clear_timer')).toMatchObject({ timer: 'deadline' });
    expect(run.decided().entries).toEqual([]);
  });

  it('skips what is guarded by it when it was denied, and the run goes on', () => {
    const run = play(approval);
    run.tell({ kind: 'start' });
    run.decided({ status: 'denied', reason: 'ours' });
    expect(run.state.root.outputs.decision).toEqual({ approved: false, by: ['user:ben'], reason: 'ours' });
    expect(run.command('perform')).toBeUndefined();
    expect(run.state.ending?.status).toBe('succeeded');
  });

  it('stops what it covers also where the playbook forgot to ask whether it was given', () => {
    const careless = playbookText(
      `${decision}\n${block}\n    if: size(inputs.ip) > 0 || steps.decision.approved`,
      inputs,
    );
    for (const status of ['denied', 'expired'] as const) {
      const run = play(careless);
      run.tell({ kind: 'start' });
      run.decided({ status });
      expect(run.state.ending).toMatchObject({
        status: 'failed',
        error: { code: 'engine.not_approved', step: 'block' },
      });
      expect(run.command('perform')).toBeUndefined();
    }
  });

  it('stops what it covers when it was never asked for', () => {
    const text = playbookText(
      `  - id: when_late
    if: inputs.ip == "none"
    then:
${decision.replaceAll(/^/gm, '    ')}
${block}
    if: steps.?decision.?approved.orValue(true)`,
      inputs,
    );
    const run = play(text);
    run.tell({ kind: 'start' });
    expect(run.state.ending).toMatchObject({ error: { code: 'engine.not_approved' } });
  });

  it('counts for nothing but the arguments that people saw', () => {
    const text = playbookText(
      `  - { id: first, set: { ip: "\${{ inputs.ip }}" } }
${decision}
${block.replace('inputs.ip', 'steps.first.ip')}
    if: steps.decision.approved`,
      inputs,
    );
    const run = play(text);
    run.tell({ kind: 'start' });
    (run.state.root.outputs as Record<string, unknown>).first = { ip: '198.51.100.1' };
    run.decided();
    expect(run.state.ending).toMatchObject({ error: { code: 'engine.arguments_changed', step: 'block' } });
    expect(run.command('perform')).toBeUndefined();
  });

  it('fails when what it covers cannot be known yet', () => {
    const text = playbookText(
      `  - { id: maybe, if: inputs.ip == "none", set: { ip: "\${{ inputs.ip }}" } }
${decision}
${block.replace('inputs.ip', 'steps.?maybe.?ip.value()')}
    if: steps.decision.approved`,
      inputs,
    );
    const run = play(text);
    run.tell({ kind: 'start' });
    expect(run.state.ending).toMatchObject({ error: { code: 'engine.cannot_freeze', step: 'decision' } });
  });

  it('asks anew in every round of a loop, for that round', () => {
    const text = playbookText(`  - id: each
    foreach: '["a", "b"]'
    as: one
    max_items: 5
    do:
      - id: decision
        approval: Block?
        covers: [block]
        by: { role: analyst }
      - { id: block, if: steps.decision.approved, action: fake.block, with: { ip: "\${{ one }}" } }`);
    const run = play(text);
    run.tell({ kind: 'start' });
    run.decided();
    expect(run.command('perform').call).toMatchObject({ address: 'each[0].block', input: { ip: 'a' } });
    run.tell({ kind: 'settled', address: 'each[0].block', attempt: 1, settled: { status: 'succeeded', output: {} } });
    const second = run.command('ask_people');
    expect(second).toMatchObject({ address: 'each[1].decision', question: { covers: [{ input: { ip: 'b' } }] } });
    run.decided({ status: 'denied' });
    expect(run.commands.filter(({ kind }) => kind === 'perform')).toHaveLength(1);
  });

  it('refuses to ask nobody', () => {
    const text = approval.replace('role: analyst,', `users: "\${{ [] }}",`);
    const run = play(text);
    run.tell({ kind: 'start' });
    expect(run.state.ending).toMatchObject({ error: { code: 'engine.nobody_to_ask' } });
  });

  it('goes by the row when its time is over, and closes the matter when the run is cancelled', () => {
    const run = play(approval);
    run.tell({ kind: 'start' });
    const { item } = run.command('ask_people');
    run.tell({ kind: 'timer_due', address: 'decision', timer: 'deadline' });
    expect(run.command('expire_inbox')).toEqual({ kind: 'expire_inbox', address: 'decision', item });
    expect(run.state.open.has('decision')).toBe(true);
    run.tell({ kind: 'cancel', principal: 'user:ada', reason: 'enough' });
    expect(run.command('close_inbox')).toMatchObject({ address: 'decision', item });
    expect(run.decided().entries).toEqual([]);
  });

  it('fails the step when nobody decides and the playbook says so', () => {
    const run = play(approval.replace('then: deny', 'then: fail'));
    run.tell({ kind: 'start' });
    run.decided({ status: 'expired', by: [] });
    expect(run.state.ending).toMatchObject({ error: { code: 'engine.not_decided', step: 'decision' } });
  });

  it('is the same when its journal is folded', () => {
    const run = play(approval);
    run.tell({ kind: 'start' });
    const fold = (): typeof run.state => {
      const folded = newState(facts);
      for (const entry of run.entries) apply(folded, entry);
      return folded;
    };
    expect(fold()).toEqual(run.state);
    run.decided();
    expect(fold()).toEqual(run.state);
  });

  it('covers every target of a step that acts on several, and those only', () => {
    const text = approval
      .replace('uses: { fake: fake }', 'uses: { fake: { capability: block_ip, targets: all } }')
      .replace('action: fake.block', 'action: fake.block_ip');
    const fw = (connection: string) => ({ connector: 'firewall', action: 'ban', connection });
    const first = play(text, facts.inputs, () => [fw('fw1'), fw('fw2')]);
    first.tell({ kind: 'start' });
    expect(first.command('ask_people').question.covers).toMatchObject([
      { address: 'block[0].block', target: fw('fw1') },
      { address: 'block[1].block', target: fw('fw2') },
    ]);
    first.decided();
    expect(first.commands.filter(({ kind }) => kind === 'perform')).toHaveLength(2);
    expect(approvalOf(planOf(text), first.state, 'block[1].block')).toMatchObject({ hash: 'h' });
    let targets = [fw('fw1')];
    const second = play(text, facts.inputs, () => targets);
    second.tell({ kind: 'start' });
    targets = [fw('fw1'), fw('fw2')];
    second.decided();
    expect(second.state.ending).toMatchObject({ error: { code: 'engine.arguments_changed' } });
    expect(second.command('perform')).toBeUndefined();
  });
});

describe('a question', () => {
  const ask = playbookText(`  - id: expected
    ask: Was this sign-in yours?
    of: { users: [ben] }
    form: { mine: { type: boolean } }
    timeout: { after: 1h, then: continue }
  - { id: after, set: { value: "\${{ steps.expected.answered }}" } }`);

  it('gives who answered, and what', () => {
    const run = play(ask);
    run.tell({ kind: 'start' });
    expect(run.command('ask_people').question).toMatchObject({ kind: 'question', users: ['ben'], covers: [] });
    run.decided({ status: 'answered', form: { mine: true } });
    expect(run.state.root.outputs.expected).toEqual({ answered: true, by: 'user:ben', form: { mine: true } });
  });

  it('goes on without an answer, or fails, as the playbook says', () => {
    const patient = play(ask);
    patient.tell({ kind: 'start' });
    patient.decided({ status: 'expired', by: [] });
    expect(patient.state.root.outputs.after).toEqual({ value: false });
    const strict = play(ask.replace('then: continue', 'then: fail'));
    strict.tell({ kind: 'start' });
    strict.decided({ status: 'expired', by: [] });
    expect(strict.state.ending).toMatchObject({ error: { code: 'engine.not_decided' } });
  });
});

describe('an action that the guard holds', () => {
  const held: Happening = {
    kind: 'settled',
    address: 'block',
    attempt: 1,
    settled: { status: 'held', item: 'item-1', due: 5_000 },
  };
  const answer: Happening = {
    kind: 'decided',
    address: 'block',
    item: 'item-1',
    status: 'approved',
    by: ['user:ben'],
    reason: '',
    form: null,
    hash: 'h',
  };

  it('waits for people, and asks the door again with what they decided', () => {
    const run = play(playbookText(`${block}\n    timeout: 10s`, inputs));
    run.tell({ kind: 'start' });
    run.tell(held);
    expect(run.state.busy).toBe(0);
    expect(run.commands.slice(-2)).toMatchObject([
      { kind: 'clear_timer', timer: 'timeout' },
      { kind: 'set_timer', timer: 'deadline', due: 5_000 },
    ]);
    run.tell(answer);
    expect(run.state.open.get('block')).toMatchObject({ attempts: 1, approval: { item: 'item-1', hash: 'h' } });
    expect(run.commands.filter(({ kind }) => kind === 'perform')).toHaveLength(2);
    expect(run.tell(answer).commands).toEqual([]);
  });

  it('is called off with its run', () => {
    const run = play(playbookText(block, inputs));
    run.tell({ kind: 'start' });
    run.tell(held);
    run.tell({ kind: 'cancel', principal: 'user:ada', reason: 'enough' });
    expect(run.command('close_inbox')).toMatchObject({ address: 'block', item: 'item-1', generation: 0 });
  });
});

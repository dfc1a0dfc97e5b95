import { describe, expect, it } from 'vitest';
import { planOf, playbookText } from '../testing/rig.ts';
import { type Answer, failed, simulate } from '../testing/simulate.ts';

const outputs = (template: string) => `outputs: { out: "\${{ ${template} }}" }`;
const out = (steps: string, template: string, simulation: Parameters<typeof simulate>[1] = {}, head = '') => {
  const { state } = simulate(planOf(playbookText(steps, `${head}\n${outputs(template)}`)), simulation);
  return state.ending?.error ? state.ending.error.code : (state.ending?.outputs as { out: unknown } | null)?.out;
};

const echo: Answer = ({ input }) => ({ status: 'succeeded', output: input });
const items = 'inputs: { list: { type: array, items: { type: integer } } }';
const inputs = { list: [1, 2, 3] };

describe('if, switch and guards', () => {
  const branch = `  - id: choice
    if: inputs.n == 1
    then: [{ id: one, set: { v: one } }]
    elif: [{ if: inputs.n == 2, then: [{ id: two, set: { v: two } }] }]
    else: [{ id: other, set: { v: other } }]`;
  const value = 'coalesce(steps.?one.?v, steps.?two.?v, steps.?other.?v)';
  const head = 'inputs: { n: { type: integer } }';

  it('takes the first branch whose condition holds', () => {
    for (const [n, v] of [
      [1, 'one'],
      [2, 'two'],
      [3, 'other'],
    ] as const) {
      expect(out(branch, value, { inputs: { n } }, head)).toBe(v);
    }
  });

  it('compares the value of a switch as text', () => {
    const steps = `  - id: choice
    switch: inputs.n
    cases: { "1": [{ id: one, set: { v: one } }], "2": [{ id: two, set: { v: two } }] }
    default: [{ id: other, set: { v: other } }]`;
    expect(out(steps, value, { inputs: { n: 2 } }, head)).toBe('two');
    expect(out(steps, value, { inputs: { n: 9 } }, head)).toBe('other');
  });

  it('skips a step whose guard does not hold, and leaves its output absent', () => {
    const steps = '  - { id: a, if: inputs.n > 5, set: { v: 1 } }';
    expect(out(steps, '[outcome.a.status, has(steps.a.v)]', { inputs: { n: 1 } }, head)).toEqual(['skipped', false]);
  });

  it('fails the step when a condition is no condition, or cannot be evaluated', () => {
    expect(out('  - { id: a, if: inputs.n, set: { v: 1 } }', '1', { inputs: { n: 1 } }, head)).toBe(
      'engine.condition_not_boolean',
    );
    expect(out(`  - { id: a, set: { v: "\${{ inputs.m }}" } }`, '1', { inputs: { n: 1 } }, head)).toBe(
      'expressions.no_such_field',
    );
  });
});

describe('foreach', () => {
  const each = (more = '', inner = `{ id: x, action: fake.get, with: { v: "\${{ item * 10 + index }}" } }`) =>
    `  - id: all\n    foreach: inputs.list\n    as: item\n    max_items: 10\n${more}    do: [${inner}]`;
  const bad: Answer = ({ address, input }) =>
    address === 'all[1].x' ? failed('not_found') : { status: 'succeeded', output: input };

  it('gives what its items give, in their order, whichever ends first', () => {
    const last = (waiting: readonly unknown[]) => waiting.length - 1;
    const steps = each(`    max_parallel: 3\n    yield: "\${{ steps.x.v }}"\n`);
    expect(out(steps, 'steps.all.items', { inputs, answer: echo, choose: last }, items)).toEqual([10, 21, 32]);
    expect(out(each(), 'steps.all.items.map(i, i.v)', { inputs, answer: echo }, items)).toEqual([10, 21, 32]);
  });

  it('keeps at most max_parallel items under way', () => {
    const text = (width: number) => playbookText(each(`    max_parallel: ${width}\n`), items);
    const list = Array.from({ length: 10 }, (_, n) => n);
    expect(simulate(planOf(text(3)), { inputs: { list } }).widest).toBe(3);
    expect(simulate(planOf(text(1)), { inputs: { list } }).widest).toBe(1);
  });

  it('fails with the first item that fails, and cancels the others', () => {
    const { state, entries } = simulate(planOf(playbookText(each('    max_parallel: 3\n'), items)), {
      inputs,
      answer: bad,
    });
    expect(state.ending).toMatchObject({ status: 'failed', error: { code: 'connector.not_found' } });
    const ended = entries.flatMap((one) => (one.kind === 'step_ended' ? [`${one.address} ${one.data.status}`] : []));
    expect(ended).toEqual(['all[0].x succeeded', 'all[1].x failed', 'all[2].x cancelled', 'all failed']);
    expect(state.open.size).toBe(0);
  });

  it('collects what failed, or skips it', () => {
    const collect = each('    on_item_error: collect\n');
    const collected = 'steps.all.errors.map(e, [e.index, e.item, e.name])';
    expect(out(collect, collected, { inputs, answer: bad }, items)).toEqual([[1, 2, 'not_found']]);
    expect(out(collect, 'size(steps.all.items)', { inputs, answer: bad }, items)).toBe(2);
    expect(out(each('    on_item_error: skip\n'), 'size(steps.all.items)', { inputs, answer: bad }, items)).toBe(2);
  });

  it('refuses more than max_items, and what is no list', () => {
    expect(out(each(), '1', { inputs: { list: Array(11).fill(1) } }, items)).toBe('engine.too_many_items');
    expect(out(each(), '1', { inputs: { list: 'text' } }, items)).toBe('engine.not_a_list');
  });

  it('gives an empty list for an empty list', () => {
    expect(out(each(), 'steps.all.items', { inputs: { list: [] } }, items)).toEqual([]);
  });

  it('sees the steps of its own round first and those around it after', () => {
    const steps = `  - { id: base, set: { v: 100 } }
  - id: outer
    foreach: inputs.list
    as: a
    do:
      - { id: first, set: { v: "\${{ steps.base.v + a }}" } }
      - id: inner
        foreach: inputs.list
        as: b
        do: [{ id: second, set: { v: "\${{ steps.first.v * 10 + b }}" } }]
        yield: "\${{ steps.second.v }}"
    yield: "\${{ steps.inner.items }}"`;
    expect(out(steps, 'steps.outer.items', { inputs: { list: [1, 2] } }, items)).toEqual([
      [1011, 1012],
      [1021, 1022],
    ]);
  });
});

describe('while and until', () => {
  it('carries values from round to round', () => {
    const steps = `  - id: count
    while: carry.left > 0
    max_iterations: 5
    carry: { left: { from: 3, next: "\${{ carry.left - 1 }}" }, sum: { from: 0, next: "\${{ carry.sum + steps.tick.v }}" } }
    do: [{ id: tick, set: { v: "\${{ carry.left * 10 + index }}" } }]`;
    expect(out(steps, 'steps.count')).toEqual({ left: 0, sum: 63, iterations: 3 });
  });

  it('asks until after the round, with its steps and the new carry', () => {
    const steps = `  - id: poll
    until: steps.again.n >= 2 && carry.n == 3
    max_iterations: 9
    carry: { n: { from: 0, next: "\${{ carry.n + 1 }}" } }
    do: [{ id: again, set: { n: "\${{ index }}" } }]`;
    expect(out(steps, 'steps.poll')).toEqual({ n: 3, iterations: 3 });
  });

  it('does not run a while that does not hold, and ends one that never stops with an error', () => {
    const loop = (condition: string) =>
      `  - { id: l, while: "${condition}", max_iterations: 4, do: [{ id: x, set: { v: 1 } }] }`;
    expect(out(loop('index > 5'), 'steps.l.iterations')).toBe(0);
    expect(out(loop('index >= 0'), '1')).toBe('engine.too_many_iterations');
  });
});

describe('parallel', () => {
  const both = (more = '') => `  - id: both
    parallel:
      left: [{ id: a, action: fake.get, with: { v: 1 } }, { id: a2, action: fake.get, with: { v: 3 } }]
      right: [{ id: b, action: fake.get, with: { v: 2 } }]
${more}`;
  const bad: Answer = (call) => (call.address === 'b' ? failed('unavailable') : echo(call));

  it('runs its branches at once and shows their steps afterwards', () => {
    const { widest } = simulate(planOf(playbookText(both())), { answer: echo });
    expect(widest).toBe(2);
    expect(out(both(), '[steps.a.v, steps.b.v, steps.a2.v]', { answer: echo })).toEqual([1, 2, 3]);
  });

  it('cancels the other branches when one fails', () => {
    const { state, performed } = simulate(planOf(playbookText(both())), { answer: bad });
    expect(state.ending?.error).toMatchObject({ code: 'connector.unavailable' });
    expect(performed).toEqual(['a#1', 'b#1', 'a2#1']);
    expect(state.root.outcomes.a2).toEqual({ status: 'cancelled' });
  });

  it('collects errors, so that a branch that failed does not count as an answer', () => {
    const template = '[steps.both.errors.map(e, e.branch), [steps.a2.v], [outcome.b.error.name]]';
    expect(out(both('    on_branch_error: collect'), template, { answer: bad })).toEqual([
      ['right'],
      [3],
      ['unavailable'],
    ]);
  });
});

describe('try, catch and finally', () => {
  const attempt = (on: string, extra = '') => `  - id: careful
    try: [{ id: a, action: fake.get }]
    catch: [{ ${on} do: [{ id: handled, set: { why: "\${{ error.name + ' at ' + error.step }}" }${extra} }] }]
    finally: [{ id: always, set: { status: "\${{ outcome.a.status }}" } }]`;
  const bad: Answer = () =>
    ({
      ...failed('rate_limited'),
      error: { code: 'connector.rate_limited', name: 'rate_limited', message: '', step: 'a' },
    }) as never;

  it('handles an error that it names, by name or code, and then runs finally', () => {
    for (const on of ['on: [rate_limited],', 'on: [connector.rate_limited],', '']) {
      expect(out(attempt(on), '[steps.handled.why, steps.always.status]', { answer: bad })).toEqual([
        'rate_limited at a',
        'failed',
      ]);
    }
  });

  it('passes on what it does not name, after finally', () => {
    const { state } = simulate(planOf(playbookText(attempt('on: [not_found],'))), { answer: bad });
    expect(state.ending?.error?.code).toBe('connector.rate_limited');
    expect(state.root.outputs.always).toEqual({ status: 'failed' });
  });

  it('runs finally when nothing went wrong', () => {
    expect(out(attempt(''), '[steps.always.status, has(steps.handled.why)]')).toEqual(['succeeded', false]);
  });
});

describe('fail, succeed and the lists of the playbook', () => {
  const lists = `on_error: [{ id: told, set: { what: "\${{ error.message }}" } }]
finally: [{ id: last, set: { told: "\${{ has(steps.told.what) }}" } }]`;

  it('fails with its reason, tells on_error, and runs finally', () => {
    const text = playbookText(`  - { id: no, fail: "because \${{ 1 + 1 }}" }\n  - { id: never, set: { v: 1 } }`, lists);
    const { state } = simulate(planOf(text));
    expect(state.ending).toMatchObject({
      status: 'failed',
      error: { code: 'engine.failed_by_playbook', message: 'because 2' },
    });
    expect(state.root.outputs).toEqual({ told: { what: 'because 2' }, last: { told: true } });
  });

  it('ends the whole run well with succeed, from inside blocks', () => {
    const text = playbookText(
      `  - id: both
    parallel:
      a: [{ id: slow, action: fake.get }]
      b: [{ id: done, succeed: enough }]
  - { id: never, set: { v: 1 } }`,
      `${lists}\noutputs: { v: "\${{ steps.never.v }}" }`,
    );
    const { state } = simulate(planOf(text));
    expect(state.ending).toEqual({ status: 'succeeded', outputs: null, error: null });
    expect(state.root.outcomes).toMatchObject({ slow: { status: 'cancelled' }, last: { status: 'succeeded' } });
    expect(state.root.outcomes.never).toBeUndefined();
  });

  it('goes on behind a step that may fail', () => {
    const steps = '  - { id: a, action: fake.get, on_failure: continue }\n  - { id: b, set: { v: 1 } }';
    expect(out(steps, '[outcome.a.status, outcome.a.error.name]', { answer: () => failed('not_found') })).toEqual([
      'failed',
      'not_found',
    ]);
  });

  it('fails when the outputs cannot be made, and when finally fails', () => {
    expect(out('  - { id: a, set: { v: 1 } }', 'inputs.nothing')).toBe('expressions.no_such_field');
    const spoilt = 'finally: [{ id: bad, fail: spoilt }]';
    expect(out('  - { id: a, set: { v: 1 } }', '1', {}, spoilt)).toBe('engine.failed_by_playbook');
  });

  it('runs on_cancel and finally when it is cancelled', () => {
    const head = `on_cancel: [{ id: back, set: { v: 1 } }]\n${lists}`;
    const inject = { 2: { kind: 'cancel', principal: 'user:ada', reason: 'false alarm' } } as const;
    const { state } = simulate(planOf(playbookText('  - { id: a, action: fake.get }', head)), { inject });
    expect(state.ending).toMatchObject({ status: 'cancelled', error: { message: 'false alarm (user:ada)' } });
    expect(Object.keys(state.root.outcomes)).toEqual(['a', 'back', 'last']);
  });
});

import type { RunRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ProductAnswer } from '../testing/fake-door.ts';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';

const by = (reason = 'because', request?: string) => ({ principal: 'user:ada', reason, request });
/** Two steps; the answers of the first are given by the test. */
const text = playbookText(
  `  - { id: a, action: fake.read_a, with: { host: "\${{ inputs.host }}" }, retry: { attempts: 3, delay: 10s } }
  - { id: b, action: fake.read_b }
  - { id: c, set: { a: "\${{ outcome.a.status }}" } }`,
  `inputs: { host: { type: string, default: h1 } }\noutputs: { a: "\${{ steps.c.a }}" }`,
);

let rig: Rig;
let answers: ((answer: ProductAnswer) => void)[];
let run: string;
const rowOf = async (id = run) => (await rig.store.get('runs', id)) as RunRow;
const sent = () =>
  rig.door.sent.map(({ address, generation, input }) => `${address}#${generation} ${input.host ?? ''}`);
const kinds = async () => {
  const rows = await rig.store.find('journal', { where: { run }, orderBy: [{ column: 'seq' }] });
  return rows.map(({ kind }) => kind);
};
const answer = async (given: ProductAnswer) => {
  answers.shift()?.(given);
  await settled();
};
const hanging = { code: 'connector.unavailable', retryable: true };

beforeEach(async () => {
  answers = [];
  rig = await createRig(createMemoryStore(), {
    product: { behave: () => new Promise((resolve) => answers.push(resolve)) },
  });
  await rig.publish(text);
  run = await rig.run();
  await settled();
});

describe('operate: pause and resume', () => {
  it('lets the call under way end, begins nothing, and goes on when told', async () => {
    expect(await rig.engine.operate.pause(run, by('maintenance'))).toEqual({ run, decided: true });
    await answer({ output: { ok: true } });
    expect(await rowOf()).toMatchObject({ status: 'waiting', paused: true });
    expect(sent()).toEqual(['a#0 h1']);
    await rig.engine.operate.resume(run, by());
    await settled();
    expect(sent()).toEqual(['a#0 h1', 'b#0 ']);
    await answer({ output: {} });
    expect(await rowOf()).toMatchObject({ status: 'succeeded', paused: false, outputs: { a: 'succeeded' } });
    const audit = await rig.store.find('audit', { where: { object: `run:${run}` } });
    expect(audit.map(({ action, principal }) => [action, principal])).toEqual([
      ['run.paused', 'user:ada'],
      ['run.resumed', 'user:ada'],
    ]);
  });

  it('has no second effect, and says so without writing', async () => {
    await rig.engine.operate.pause(run, by());
    await rig.engine.operate.pause(run, by());
    await rig.engine.operate.resume(run, by());
    await rig.engine.operate.resume(run, by());
    expect(await rig.store.count('audit', { object: `run:${run}` })).toBe(2);
  });

  it('repeats nothing for the same request, although the run has gone on since', async () => {
    await rig.engine.operate.pause(run, by('x', 'request-1'));
    await rig.engine.operate.resume(run, by());
    await rig.engine.operate.pause(run, by('x', 'request-1'));
    expect(await rowOf()).toMatchObject({ paused: false });
  });

  it('holds timers that are due until it goes on', async () => {
    await answer({ error: { ...hanging } as never, retryable: true });
    await rig.engine.operate.pause(run, by());
    await rig.settle(60_000);
    expect(sent()).toEqual(['a#0 h1']);
    await rig.engine.operate.resume(run, by());
    await settled();
    expect(sent()).toEqual(['a#0 h1', 'a#0 h1']);
  });

  it('survives a restart', async () => {
    await rig.engine.operate.pause(run, by());
    await answer({ output: {} });
    await rig.engine.stop(0);
    const again = await rig.restart({ workerId: 'w2' });
    await rig.settle(5_000, 3);
    expect(sent()).toEqual(['a#0 h1']);
    await again.operate.resume(run, by());
    await settled();
    expect(sent()).toEqual(['a#0 h1', 'b#0 ']);
  });
});

describe('operate: retry and skip of an open step', () => {
  it('breaks off a call that hangs, and makes it anew with other arguments under another key', async () => {
    await rig.engine.operate.retry(run, { address: 'a', input: { host: 'h2' } }, by('it hangs'));
    await settled();
    expect(sent()).toEqual(['a#0 h1', 'a#1 h2']);
    expect(new Set(rig.door.sent.map(({ key }) => key)).size).toBe(2);
    // What the first call still answers decides nothing.
    await answer({ error: { ...hanging } as never });
    expect(await rowOf()).toMatchObject({ status: 'running' });
    await answer({ output: {} });
    await answer({ output: {} });
    expect(await rowOf()).toMatchObject({ status: 'succeeded' });
  });

  it('counts attempts from the beginning', async () => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      await answer({ error: { ...hanging } as never, retryable: true });
      await rig.settle(10_000, 2);
    }
    expect(sent()).toHaveLength(3);
    await rig.engine.operate.retry(run, { address: 'a' }, by());
    await settled();
    answers.shift();
    await answer({ error: { ...hanging } as never, retryable: true });
    expect(await rowOf()).toMatchObject({ status: 'waiting' });
    await rig.settle(10_000, 2);
    expect(sent()).toHaveLength(5);
  });

  it('is done once for one request', async () => {
    await rig.engine.operate.retry(run, { address: 'a' }, by('x', 'request-1'));
    await rig.engine.operate.retry(run, { address: 'a' }, by('x', 'request-1'));
    await settled();
    expect(sent()).toEqual(['a#0 h1', 'a#1 h1']);
    expect(await rig.store.count('audit', { action: 'run.step_retried' })).toBe(1);
  });

  it('refuses a step that is not open, and names those that are', async () => {
    await expect(rig.engine.operate.retry(run, { address: 'b' }, by())).rejects.toMatchObject({
      code: 'engine.step_not_open',
      message: expect.stringContaining('open are: a'),
    });
  });

  it('refuses what may have happened, until the operator takes that on', async () => {
    await rig.publish(playbookText('  - { id: a, action: fake.block }\n  - { id: c, set: { x: 1 } }'));
    run = await rig.run();
    await settled();
    answers.shift();
    await expect(rig.engine.operate.retry(run, { address: 'a' }, by())).rejects.toMatchObject({
      code: 'engine.outcome_open',
      help: expect.stringContaining('even if unknown'),
    });
    await rig.engine.operate.retry(run, { address: 'a', evenIfUnknown: true }, by());
    await settled();
    await answer({ unknown: true });
    await answer({ output: {} });
    const effects = await rig.store.find('effects', { where: { run }, orderBy: [{ column: 'generation' }] });
    expect(effects.map(({ generation, state }) => [generation, state])).toEqual([
      [0, 'unknown'],
      [1, 'performed'],
    ]);
  });

  it('skips a step with a reason, and an output that the operator gives', async () => {
    await rig.engine.operate.skip(run, { address: 'a', output: { seen: true } }, by('not needed'));
    await settled();
    const [ended] = await rig.store.find('journal', { where: { run, kind: 'step_ended' } });
    expect(ended?.data).toMatchObject({
      status: 'skipped',
      output: { seen: true },
      by: { principal: 'user:ada', reason: 'not needed' },
    });
    expect(sent()).toEqual(['a#0 h1', 'b#0 ']);
    await answer({ output: {} });
    await answer({ output: {} });
    expect(await rowOf()).toMatchObject({ status: 'succeeded', outputs: { a: 'skipped' } });
  });

  it('skips a block as a whole', async () => {
    await rig.publish(
      playbookText(`  - id: l
    foreach: "[1, 2]"
    as: n
    max_parallel: 2
    do: [{ id: x, action: fake.read_x }]
  - { id: c, set: { x: 1 } }`),
    );
    run = await rig.run();
    await settled();
    await expect(rig.engine.operate.retry(run, { address: 'l' }, by())).rejects.toMatchObject({
      code: 'engine.step_is_block',
      message: expect.stringContaining('l[0].x, l[1].x'),
    });
    await rig.engine.operate.skip(run, { address: 'l' }, by());
    await settled();
    expect(await rowOf()).toMatchObject({ status: 'succeeded' });
  });

  it('retries a call with a run of its own, and hears nothing of the one before', async () => {
    await rig.publish(text.replace('id: p\n', 'id: inner\n'));
    await rig.publish(playbookText('  - { id: s, call: inner, with: { host: x } }'));
    run = await rig.run();
    await settled();
    await rig.engine.operate.retry(run, { address: 's', input: { host: 'y' } }, by());
    await settled();
    const children = await rig.store.find('runs', {
      where: { playbook: 'inner' },
      orderBy: [{ column: 'status' }],
    });
    expect(children.map(({ status, inputs }) => [status, inputs])).toEqual([
      ['cancelled', { host: 'x' }],
      ['running', { host: 'y' }],
    ]);
    expect(await rowOf()).toMatchObject({ status: 'waiting' });
    answers.splice(0, 2);
    await answer({ output: {} });
    await answer({ output: {} });
    await rig.settle(1_000, 2);
    expect(await rowOf()).toMatchObject({ status: 'succeeded' });
  });
});

describe('operate: a run that this process does not hold', () => {
  it('is steered by its owner, which hears of it through the store', async () => {
    const api = await rig.restart({ workerId: 'api', exclusive: false, submitOnly: true });
    const paused = api.operate.pause(run, by());
    await rig.settle(500, 3);
    expect(await paused).toEqual({ run, decided: true });
    expect(await rowOf()).toMatchObject({ paused: true });
    expect(await kinds()).toEqual(['step_started', 'run_paused']);
  });

  it('gets what it is told when somebody owns it again', async () => {
    await rig.engine.stop(0);
    const api = await rig.restart({ workerId: 'api', exclusive: false, submitOnly: true });
    const skipped = api.operate.skip(run, { address: 'a' }, by());
    await rig.settle(1_000, 12);
    expect(await skipped).toEqual({ run, decided: false });
    await rig.restart({ workerId: 'w2' });
    await settled();
    expect(sent()).toEqual(['a#0 h1', 'b#0 ']);
  });

  it('refuses a run that is unknown or has ended, but cancels what has ended without a word', async () => {
    await expect(rig.engine.operate.pause('none', by())).rejects.toMatchObject({ code: 'engine.run_unknown' });
    await rig.engine.operate.cancel(run, by());
    await settled();
    expect(await rowOf()).toMatchObject({ status: 'cancelled' });
    expect(await rig.engine.operate.cancel(run, by())).toEqual({ run, decided: true });
    expect(await rig.store.count('audit', { action: 'run.cancelled' })).toBe(1);
    await expect(rig.engine.operate.pause(run, by())).rejects.toMatchObject({ code: 'engine.run_ended' });
  });
});

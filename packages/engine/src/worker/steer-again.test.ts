import type { RunRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';

const by = (reason = 'because', request?: string) => ({ principal: 'user:ada', reason, request });
const text = (b = 'fake.read_b', head = '') =>
  playbookText(
    `  - { id: a, action: fake.read_a, with: { host: "\${{ inputs.host }}" } }
  - id: i
    if: steps.a.ok
    then:
      - { id: t, set: { n: 1 } }
      - { id: b, action: ${b}, with: { n: "\${{ steps.t.n }}" } }
  - id: l
    foreach: "[1, 2]"
    as: n
    do: [{ id: x, action: fake.read_x, with: { n: "\${{ n }}" } }]
  - { id: z, set: { b: "\${{ steps.?b.?ok.orValue(false) }}", x: "\${{ size(steps.l.items) }}" } }`,
    `inputs: { host: { type: string, default: h1 } }\noutputs: { z: "\${{ steps.z }}" }\n${head}`,
  );

let rig: Rig;
let failing: Set<string>;
let run: string;
const rowOf = async (id: string) => (await rig.store.get('runs', id)) as RunRow;
const sent = () => rig.door.sent.map(({ run: of, address }) => `${of === run ? 'old' : 'new'} ${address}`);

beforeEach(async () => {
  failing = new Set(['b']);
  rig = await createRig(createMemoryStore(), {
    product: {
      behave: ({ address }) =>
        failing.has(address.split('.').at(-1) ?? '')
          ? {
              error: Object.assign(new Error('it broke'), { code: 'connector.unavailable', retryable: false }) as never,
            }
          : { output: { ok: true } },
    },
  });
  await rig.publish(text());
  run = await rig.run({ host: 'h9' });
  await settled();
});

describe('operate: retry of an ended run from a step', () => {
  it('begins a new run with that step, which has what the steps before gave', async () => {
    expect(await rowOf(run)).toMatchObject({ status: 'failed' });
    failing.clear();
    const { run: next, existing } = await rig.engine.operate.retryFrom(run, { address: 'b' }, by());
    expect(existing).toBe(false);
    await settled();
    expect(await rowOf(next)).toMatchObject({
      status: 'succeeded',
      origin: `retry:${run}/b`,
      trigger_kind: 'rerun',
      inputs: { host: 'h9' },
      outputs: { z: { b: true, x: 2 } },
    });
    expect(sent()).toEqual(['old a', 'old b', 'new b', 'new l[0].x', 'new l[1].x']);
    expect(await rowOf(run)).toMatchObject({ status: 'failed' });
    const [entry] = await rig.store.find('audit', { where: { action: 'run.retried' } });
    expect(entry).toMatchObject({ principal: 'user:ada', object: `run:${run}`, data: { run: next, address: 'b' } });
  });

  it('takes other arguments, and another version', async () => {
    failing.clear();
    const { run: edited } = await rig.engine.operate.retryFrom(run, { address: 'b', input: { n: 7 } }, by());
    await settled();
    expect(rig.door.sent.find((one) => one.run === edited)?.input).toEqual({ n: 7 });
    const { version } = await rig.publish(text('fake.read_other'));
    const { run: newer } = await rig.engine.operate.retryFrom(run, { address: 'b', version }, by());
    await settled();
    expect(rig.door.sent.find((one) => one.run === newer)?.action).toBe('read_other');
    expect(await rowOf(newer)).toMatchObject({ status: 'succeeded', version });
  });

  it('goes on after a crash as a run that began by itself', async () => {
    failing.clear();
    await rig.engine.stop(0);
    const api = await rig.restart({ workerId: 'api', exclusive: false, submitOnly: true });
    const { run: next } = await api.operate.retryFrom(run, { address: 'b' }, by());
    await rig.restart({ workerId: 'w2' });
    await settled();
    expect(await rowOf(next)).toMatchObject({ status: 'succeeded' });
    expect(sent()).toEqual(['old a', 'old b', 'new b', 'new l[0].x', 'new l[1].x']);
  });

  it('is one run for one request', async () => {
    const first = await rig.engine.operate.retryFrom(run, { address: 'b' }, by('x', 'r1'));
    const again = await rig.engine.operate.retryFrom(run, { address: 'b' }, by('x', 'r1'));
    expect(again).toEqual({ run: first.run, existing: true });
    await expect(rig.engine.operate.retryFrom(run, { address: 'a' }, by('x', 'r1'))).rejects.toMatchObject({
      code: 'engine.request_reused',
    });
  });

  it.each([
    ['x', 'engine.step_not_reached', ''],
    ['l[0].x', 'engine.retry_block', 'from l as a whole'],
    ['nowhere', 'engine.step_gone', ''],
    ['z', 'engine.step_not_reached', ''],
  ])('refuses %s with %s', async (address, code, help) => {
    const refused = code === 'engine.step_not_reached' && address === 'x' ? 'engine.retry_block' : code;
    await expect(rig.engine.operate.retryFrom(run, { address }, by())).rejects.toMatchObject({
      code: refused,
      help: expect.stringContaining(help),
    });
  });

  it('refuses to go past an approval that covers what would come', async () => {
    await rig.publish(
      playbookText(`  - { id: ok, approval: May I?, covers: [e], by: { role: analyst }, timeout: { after: 1s, then: approve } }
  - { id: e, action: fake.block, with: { n: 1 } }`),
    );
    run = await rig.run();
    await rig.settle(2_000, 3);
    await rig.engine.operate.cancel(run, by());
    await settled();
    await expect(rig.engine.operate.retryFrom(run, { address: 'e' }, by())).rejects.toMatchObject({
      code: 'engine.retry_approval',
    });
  });

  it('refuses a run that is still going on', async () => {
    rig = await createRig(createMemoryStore(), { product: { behave: () => new Promise(() => undefined) } });
    await rig.publish(text());
    run = await rig.run();
    await expect(rig.engine.operate.retryFrom(run, { address: 'a' }, by())).rejects.toMatchObject({
      code: 'engine.run_live',
    });
  });
});

describe('operate: rerun and replay', () => {
  it('begins a run with the same event and inputs from the beginning, in the current version or a given one', async () => {
    const { version: first } = (await rowOf(run)) as RunRow;
    const { version } = await rig.publish(text('fake.read_other'));
    const current = await rig.engine.operate.rerun(run, undefined, by('x', 'r1'));
    const older = await rig.engine.operate.rerun(run, first, by());
    expect(await rowOf(current.run)).toMatchObject({ version, inputs: { host: 'h9' }, origin: `rerun:${run}` });
    expect(await rowOf(older.run)).toMatchObject({ version: first });
    expect(await rig.engine.operate.rerun(run, undefined, by('x', 'r1'))).toEqual({ ...current, existing: true });
  });

  it('begins those that a filter picks, each once in a batch, with the lowest priority', async () => {
    const others = [await rig.run(), await rig.run()];
    await settled();
    failing.clear();
    const well = await rig.run();
    await settled();
    const filter = { playbook: 'p', status: 'failed', limit: 100 } as const;
    expect((await rig.engine.operate.replayable(filter)).map(({ id }) => id)).toEqual([run, ...others]);
    expect(await rig.engine.operate.replayable({ ...filter, errorCode: 'other.code' })).toEqual([]);
    expect(await rig.engine.operate.replayable({ ...filter, since: rig.clock.now() + 1 })).toEqual([]);
    const done = await rig.engine.operate.replay(filter, { verb: 'retry' }, by('fixed', 'batch-1'));
    expect(done.runs.map(({ of }) => of)).toEqual([run, ...others]);
    await settled();
    const again = await rig.engine.operate.replay(filter, { verb: 'retry' }, by('fixed', 'batch-1'));
    expect(again.runs.every((one) => 'existing' in one && one.existing)).toBe(true);
    const next = await rig.store.find('runs', { where: { trigger_kind: 'rerun' } });
    expect(next.map(({ status, priority }) => [status, priority])).toEqual(Array(3).fill(['succeeded', 0]));
    expect(await rowOf(well)).toMatchObject({ status: 'succeeded' });
  });

  it('leaves alone what an operator began, though that failed again', async () => {
    const filter = { playbook: 'p', status: 'failed', limit: 100 } as const;
    await rig.engine.operate.replay(filter, { verb: 'retry' }, by('fixed', 'batch-2'));
    await settled();
    const again = await rig.engine.operate.replay(filter, { verb: 'retry' }, by('fixed', 'batch-2'));
    expect(again.runs).toMatchObject([{ of: run, existing: true }]);
    const other = await rig.engine.operate.replay(filter, { verb: 'retry' }, by('fixed', 'batch-3'));
    expect(other.runs).toMatchObject([{ of: run, existing: false }]);
  });

  it('takes no run up from its failed step that failed in none', async () => {
    failing.clear();
    await rig.publish(text().replace('steps.z }}', '1 / size(steps.l.items.filter(i, false)) }}'));
    const broken = await rig.run();
    await settled();
    expect(await rowOf(broken)).toMatchObject({ status: 'failed', error: { step: '' } });
    const { runs } = await rig.engine.operate.replay({ status: 'failed', limit: 10 }, { verb: 'retry' }, by());
    expect(runs.find(({ of }) => of === broken)).toMatchObject({ problem: { code: 'engine.no_failed_step' } });
  });

  it('tells of each run that cannot be begun again, and begins the others', async () => {
    await rig.publish(text('fake.read_b', 'timeout: 1h').replace('default: h1', 'enum: [h1]'));
    await rig.run({ host: 'h1' });
    await settled();
    const { runs } = await rig.engine.operate.replay({ status: 'failed', limit: 10 }, { verb: 'rerun' }, by());
    expect(runs).toMatchObject([{ problem: { code: 'engine.inputs_invalid' } }, { existing: false }]);
  });
});

describe('operate: migrate', () => {
  const waiting = (tail: string, name = 'w') =>
    playbookText(
      `  - { id: a, set: { n: 1 } }\n  - { id: ${name}, wait: { for: 1h } }\n${tail}`,
      `outputs: { v: "\${{ steps.z.v }}" }`,
    );

  beforeEach(async () => {
    await rig.publish(waiting('  - { id: z, set: { v: old } }'));
    run = await rig.run();
    await settled();
  });

  it('lets a waiting run go on with a newer version', async () => {
    const { version } = await rig.publish(waiting('  - { id: y, set: { v: 2 } }\n  - { id: z, set: { v: new } }'));
    expect(await rig.engine.operate.migrate(run, undefined, by())).toEqual({ run, decided: true });
    expect(await rowOf(run)).toMatchObject({ version, status: 'waiting' });
    await rig.settle(3_600_000, 2);
    expect(await rowOf(run)).toMatchObject({ status: 'succeeded', outputs: { v: 'new' } });
    expect(await rig.store.count('audit', { action: 'run.migrated' })).toBe(1);
  });

  it('stays on that version through a restart', async () => {
    await rig.publish(waiting('  - { id: z, set: { v: new } }'));
    await rig.engine.operate.migrate(run, undefined, by());
    await rig.engine.stop(0);
    await rig.restart({ workerId: 'w2' });
    await rig.settle(3_600_000, 2);
    expect(await rowOf(run)).toMatchObject({ status: 'succeeded', outputs: { v: 'new' } });
  });

  it('refuses a version that does not fit, with every reason', async () => {
    await rig.publish(
      playbookText(
        `  - { id: first, set: { n: 1 } }\n  - { id: z, set: { v: new } }\n  - { id: w2, wait: { for: 1h } }`,
        `inputs: { who: { type: string } }\noutputs: { v: "\${{ steps.z.v }}" }`,
      ),
    );
    await expect(rig.engine.operate.migrate(run, undefined, by())).rejects.toMatchObject({
      code: 'engine.not_compatible',
      details: { reasons: ['the run has no input "who"', 'the step w, which is open, is no longer there'] },
    });
  });
});

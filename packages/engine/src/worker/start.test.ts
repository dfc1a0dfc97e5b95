import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, playbookText, settled } from '../testing/rig.ts';

const refused = async (text: string, inputs = {}) => {
  const rig = await createRig(createMemoryStore());
  await rig.publish(text);
  const error = await rig.run(inputs).then(
    () => undefined,
    (reason: unknown) => reason as { code: string; message: string },
  );
  expect(await rig.store.count('runs')).toBe(0);
  return error && `${error.code}: ${error.message}`;
};

describe('engine: starting a run', () => {
  it('checks the inputs and fills in defaults', async () => {
    const text = playbookText(
      `  - { id: a, set: { v: "\${{ inputs.n }}" } }`,
      `inputs: { n: { type: integer, default: 5 }, ip: { type: string, format: ipv4 }, note: { type: string, required: false } }
outputs: { n: "\${{ steps.a.v }}" }`,
    );
    expect(await refused(text, {})).toMatch(/engine.inputs_invalid: .*"ip" is missing/);
    expect(await refused(text, { ip: 'x' })).toMatch(/"ip": .*ipv4/);
    expect(await refused(text, { ip: '192.0.2.1', port: 1 })).toMatch(/no input "port"/);
    const rig = await createRig(createMemoryStore());
    await rig.publish(text);
    await rig.run({ ip: '192.0.2.1' });
    expect(rig.finished).toMatchObject([{ outputs: { n: 5 } }]);
  });

  it('gives back the run that the same trigger and key started before', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(playbookText('  - { id: a, set: { v: 1 } }', 'outputs: { v: 1 }'));
    const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };
    const request = {
      playbook: 'p',
      trigger: { kind: 'manual', id: 'm', key: 'same' },
      event: null,
      causality,
    } as const;
    const both = await Promise.all([rig.engine.startRunAndWait(request), rig.engine.startRunAndWait(request)]);
    expect(both.map(({ existing }) => existing)).toEqual([false, true]);
    expect(both.map(({ finished }) => finished?.outputs)).toEqual([{ v: 1 }, { v: 1 }]);
    expect(both[0].run).toBe(both[1].run);
  });

  it('gives up waiting for an end after the time-out, and lets the run go on', async () => {
    const rig = await createRig(createMemoryStore(), { product: { behave: () => new Promise(() => undefined) } });
    await rig.publish(playbookText('  - { id: a, action: fake.read_slow }'));
    const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };
    const trigger = { kind: 'manual', id: 'm', key: '1' } as const;
    const wait = rig.engine.startRunAndWait({ playbook: 'p', trigger, event: null, causality }, 5_000);
    await rig.settle(5_000);
    expect(await wait).toMatchObject({ existing: false, finished: undefined });
    expect(rig.engine.stats().active).toBe(1);
  });

  it('keeps within the limit of active runs, and lets higher priority go first', async () => {
    const answers: (() => void)[] = [];
    const behave = () => new Promise<{ output: object }>((resolve) => answers.push(() => resolve({ output: {} })));
    const rig = await createRig(createMemoryStore(), {
      limits: { activeRuns: 2 },
      product: { behave: behave as never },
    });
    const text = (id: string, priority: string) =>
      playbookText(`  - { id: a, action: fake.read_it }`, `priority: ${priority}`).replace('id: p', `id: ${id}`);
    await rig.publish(text('low_one', 'low'));
    await rig.publish(text('high_one', 'high'));
    for (const playbook of ['low_one', 'low_one', 'low_one', 'low_one', 'high_one']) await rig.run({}, playbook);
    await settled();
    expect(rig.engine.stats()).toEqual({ active: 2, queued: 3 });
    const statuses = async () => (await rig.store.find('runs', {})).map((run) => run.status).join(' ');
    expect(await statuses()).toBe('running running queued queued queued');
    answers.shift()?.();
    await settled();
    expect(await statuses()).toBe('succeeded running queued queued running');
    while (answers.length > 0) {
      answers.shift()?.();
      await settled();
    }
    expect(rig.finished).toHaveLength(5);
  });

  it('starts nothing after stop', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(playbookText('  - { id: a, set: { v: 1 } }'));
    await rig.engine.stop();
    await expect(rig.run()).rejects.toMatchObject({ code: 'engine.stopping' });
  });
});

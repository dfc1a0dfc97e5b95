import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, playbookText } from '../testing/rig.ts';

describe('engine: a run from beginning to end', () => {
  it('runs pure steps in one commit', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(
      playbookText(
        `  - { id: a, set: { x: "\${{ inputs.n + 1 }}" } }
  - { id: b, set: { y: "\${{ steps.a.x * 2 }}" } }`,
        `inputs: { n: { type: integer, default: 1 } }\noutputs: { y: "\${{ steps.b.y }}" }`,
      ),
    );
    let commits = 0;
    rig.store.onCommitted(() => {
      commits += 1;
    });
    const run = await rig.run({ n: 4 });
    expect(rig.finished).toEqual([{ run, playbook: 'p', status: 'succeeded', outputs: { y: 10 }, error: null }]);
    expect(commits).toBe(1);
    const journal = await rig.store.find('journal', { where: { run } });
    expect(journal.map(({ seq, kind, address }) => [seq, kind, address])).toEqual([
      [1, 'step_ended', 'a'],
      [2, 'step_ended', 'b'],
      [3, 'run_ended', ''],
    ]);
    expect(await rig.store.get('runs', run)).toMatchObject({
      status: 'succeeded',
      outputs: { y: 10 },
      seq: 3,
      epoch: 1,
    });
  });

  it('makes the intention of an effect durable before it is sent, and its receipt before the next step', async () => {
    const seen: string[] = [];
    const rig = await createRig(createMemoryStore(), {
      product: {
        behave: async (request) => {
          const [effect] = await rig.store.find('effects', { where: { key: request.key } });
          const journal = await rig.store.find('journal', { where: { run: request.run } });
          seen.push(
            `${request.address}: ${effect?.state}, ${journal.map((row) => `${row.kind} ${row.address}`).join(', ')}`,
          );
          return { output: { ok: true } };
        },
      },
    });
    await rig.publish(
      playbookText(`  - { id: a, action: fake.block, with: { ip: "192.0.2.1" } }\n  - { id: b, action: fake.block }`),
    );
    await rig.run();
    await rig.settle();
    expect(seen).toEqual(['a: intended, step_started a', 'b: intended, step_started a, step_ended a, step_started b']);
    expect(rig.finished[0]).toMatchObject({ status: 'succeeded' });
    expect(rig.door.sent.map((request) => request.input)).toEqual([{ ip: '192.0.2.1' }, {}]);
  });
});

describe('engine: what nobody expected', () => {
  it('fails the step when the door throws before sending, and tells', async () => {
    const rig = await createRig(createMemoryStore());
    rig.door.admit = () => Promise.reject(new TypeError('a defect'));
    await rig.publish(playbookText('  - { id: a, action: fake.block }'));
    await rig.run();
    await rig.settle();
    expect(rig.finished).toMatchObject([{ status: 'failed', error: { code: 'core.internal', step: 'a' } }]);
    expect(rig.problems).toMatchObject([{ kind: 'defect' }]);
  });

  it('takes an effect for unknown when sending throws, and asks what happened', async () => {
    const rig = await createRig(createMemoryStore(), {
      product: {
        behave: () => {
          throw new TypeError('a defect');
        },
      },
    });
    await rig.publish(playbookText('  - { id: a, action: fake.block }'));
    await rig.run();
    await rig.settle();
    expect(rig.door.reconciled).toHaveLength(1);
    expect(rig.finished).toMatchObject([{ status: 'succeeded', error: null }]);
  });

  it('ends a run whose decision fails, instead of leaving it stuck', async () => {
    const rig = await createRig(createMemoryStore(), { jitter: () => 0 });
    const plan = await rig.publish(playbookText('  - { id: a, action: fake.block }\n  - { id: b, set: { v: 1 } }'));
    const broken = (await rig.plans.byVersion(plan.version)).plan.steps[1] as { values: unknown };
    Object.assign(broken, { values: { reads: [], evaluate: () => JSON.parse('{') } });
    const run = await rig.run();
    await rig.settle();
    expect(rig.finished).toMatchObject([{ run, status: 'failed', error: { code: 'core.internal' } }]);
    expect(await rig.store.get('runs', run)).toMatchObject({ status: 'failed' });
    expect(await rig.store.find('effects', {})).toMatchObject([{ state: 'performed' }]);
  });
});

import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, playbookText, settled } from '../testing/rig.ts';
import { WINDOW } from './queue.ts';

const text = (id: string, priority: string) =>
  playbookText('  - { id: a, action: fake.read_it }', `priority: ${priority}`).replace('id: p', `id: ${id}`);

type Limits = NonNullable<Parameters<typeof createRig>[1]>['limits'];

/** A rig whose actions answer when told to; `began` names the playbooks in the order of their first action. */
async function slowRig(limits: Limits, priorities: Readonly<Record<string, string>>) {
  const began: string[] = [];
  const answers: (() => void)[] = [];
  const behave = (request: { readonly causality: { readonly principal: string } }) => {
    began.push(request.causality.principal.replace('playbook:', ''));
    return new Promise((resolve) => answers.push(() => resolve({ output: {} })));
  };
  const rig = await createRig(createMemoryStore(), { limits: limits ?? {}, product: { behave: behave as never } });
  for (const [id, priority] of Object.entries(priorities)) await rig.publish(text(id, priority));
  const flood = async (playbook: string, count: number) => {
    for (let index = 0; index < count; index++) await rig.run({}, playbook);
    await settled();
  };
  return { rig, began, answers, flood };
}

describe('the queue', () => {
  it('keeps a window in memory, the rest in the store, and loses none', async () => {
    const { rig, answers, flood } = await slowRig({ activeRuns: 4 }, { low: 'low' });
    const all = WINDOW * 2 + 40;
    await flood('low', all);
    expect(rig.engine.stats()).toEqual({ active: 4, queued: all - 4 });
    for (let turn = 0; turn < all * 2 && rig.finished.length < all; turn++) {
      for (const answer of answers.splice(0)) answer();
      await settled();
    }
    expect(rig.finished).toHaveLength(all);
    expect(rig.engine.stats()).toEqual({ active: 0, queued: 0 });
  });

  it('begins an urgent run at once although very many others wait, in the reserve', async () => {
    const { rig, began, flood } = await slowRig({ activeRuns: 10, reservedRuns: 2 }, { low: 'low', high: 'high' });
    await flood('low', 1_000);
    expect(began).toHaveLength(8);
    await flood('high', 1);
    expect(began.at(-1)).toBe('high');
    await flood('high', 2);
    expect(began.filter((playbook) => playbook === 'high')).toHaveLength(2);
    expect(rig.engine.stats()).toEqual({ active: 10, queued: 993 });
  });

  it('holds a playbook to its quota, and lets others past it', async () => {
    const quotas = new Map([['single', 1]]);
    const { rig, began, answers, flood } = await slowRig(
      { activeRuns: 10, runsPerPlaybook: 3, quotas },
      { flood: 'normal', other: 'normal', single: 'normal', urgent: 'emergency' },
    );
    await flood('flood', WINDOW + 50);
    await flood('other', 2);
    await flood('single', 2);
    expect(began.toSorted()).toEqual(['flood', 'flood', 'flood', 'other', 'other', 'single']);
    await flood('urgent', 4);
    expect(began.filter((playbook) => playbook === 'urgent')).toHaveLength(4);
    for (let turn = 0; turn < 1_000 && rig.finished.length < WINDOW + 58; turn++) {
      for (const answer of answers.splice(0)) answer();
      await settled();
    }
    expect(rig.finished).toHaveLength(WINDOW + 58);
  });

  it('takes the older of two runs of the same priority first, also from the store after a restart', async () => {
    const { rig, answers } = await slowRig({ activeRuns: 1 }, { low: 'low' });
    const runs: string[] = [];
    for (let index = 0; index < 20; index++) {
      runs.push(await rig.run({}, 'low'));
      rig.clock.advance(1);
    }
    for (let turn = 0; turn < 60; turn++) {
      for (const answer of answers.splice(0)) answer();
      await settled();
    }
    expect(rig.finished.map(({ run }) => run)).toEqual(runs);
  });

  it('leaves alone what is paused', async () => {
    const { rig, began } = await slowRig({ activeRuns: 2 }, { low: 'low' });
    const waiting = (await rig.store.get('runs', await rig.run({}, 'low'))) ?? expect.unreachable();
    const row = { ...waiting, id: 'r', trigger_key: 'k', status: 'queued', paused: true, epoch: 0, seq: 0 } as const;
    await rig.store.commit({ runs: [{ op: 'create', row: { ...row, owner: '', lease_until: 0, started_at: null } }] });
    await rig.restart({ workerId: 'w2' });
    await settled();
    expect(began.length).toBeLessThanOrEqual(2);
    expect(await rig.store.get('runs', 'r')).toMatchObject({ status: 'queued', epoch: 0 });
  });
});

import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, planOf, playbookText } from '../testing/rig.ts';
import { discardDraft, getDraft, saveDraft } from './drafts.ts';
import { publishPlaybook } from './publish.ts';
import { versionToRollBackTo } from './versions.ts';

const ada = { principal: 'user:ada', now: 1 };
const bob = { principal: 'user:bob', now: 2 };
const text = (value: number): string => playbookText(`  - { id: a, set: { n: ${value} } }`);

describe('drafts', () => {
  it('do not overwrite each other', async () => {
    const store = createMemoryStore();
    const wish = { playbook: 'p', source: 'a', rev: 0 };
    const first = await saveDraft(store, wish, ada);
    expect(first).toMatchObject({ rev: 1, base: '', principal: 'user:ada' });
    await expect(saveDraft(store, { ...wish, source: 'b' }, bob)).rejects.toMatchObject({
      code: 'engine.draft_changed',
      message: expect.stringContaining('user:ada saved revision 1'),
      details: { rev: 1 },
    });
    const results = await Promise.allSettled([
      saveDraft(store, { playbook: 'p', source: 'c', rev: 1 }, ada),
      saveDraft(store, { playbook: 'p', source: 'd', rev: 1 }, bob),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'engine.draft_changed' },
    });
    expect((await getDraft(store, 'p')).rev).toBe(2);
  });

  it('keep what they made of tests until somebody says otherwise', async () => {
    const store = createMemoryStore();
    const tests = [{ name: 'mine', from: 'first', to: 'begin', shipped: null }];
    expect((await saveDraft(store, { playbook: 'p', source: 'a', rev: 0 }, ada)).tests).toEqual([]);
    await saveDraft(store, { playbook: 'p', source: 'b', rev: 1, tests }, ada);
    await saveDraft(store, { playbook: 'p', source: 'c', rev: 2 }, bob);
    expect((await getDraft(store, 'p')).tests).toEqual(tests);
    await saveDraft(store, { playbook: 'p', source: 'd', rev: 3, tests: [] }, bob);
    expect((await getDraft(store, 'p')).tests).toEqual([]);
  });

  it('are thrown away only as they were seen', async () => {
    const store = createMemoryStore();
    await saveDraft(store, { playbook: 'p', source: 'a', rev: 0 }, ada);
    await expect(discardDraft(store, 'p', 7, bob)).rejects.toMatchObject({ code: 'engine.draft_changed' });
    await discardDraft(store, 'p', 1, bob);
    await expect(getDraft(store, 'p')).rejects.toMatchObject({ code: 'engine.draft_unknown' });
    const audit = await store.find('audit', { orderBy: [{ column: 'seq' }] });
    expect(audit.map(({ action, principal }) => `${action} ${principal}`)).toEqual([
      'playbook.draft_saved user:ada',
      'playbook.draft_discarded user:bob',
    ]);
  });

  it('are gone once published, and are not published when somebody saved meanwhile', async () => {
    const store = createMemoryStore();
    const plan = planOf(text(1));
    const draft = await saveDraft(store, { playbook: 'p', source: plan.source, rev: 0 }, ada);
    const newer = await saveDraft(store, { playbook: 'p', source: text(2), rev: 1 }, bob);
    await expect(publishPlaybook(store, plan, ada, { draft })).rejects.toMatchObject({ code: 'engine.draft_changed' });
    expect(await store.get('playbooks', 'p')).toBeUndefined();
    await publishPlaybook(store, planOf(text(2)), bob, { draft: newer });
    expect(await store.get('drafts', 'p')).toBeUndefined();
    expect(await store.get('playbooks', 'p')).toMatchObject({ current: planOf(text(2)).version });
  });
});

describe('rolling back', () => {
  it('makes the version before the current one again, under its old number', async () => {
    const store = createMemoryStore();
    for (const value of [1, 2, 3]) await publishPlaybook(store, planOf(text(value)), ada);
    const { from, to } = await versionToRollBackTo(store, 'p', undefined);
    expect([from.number, to.number]).toEqual([3, 2]);
    const row = await publishPlaybook(store, planOf(to.source), bob, { rolledBackFrom: from.number });
    expect(row).toMatchObject({ number: 2, principal: 'user:ada' });
    expect((await store.get('playbooks', 'p'))?.current).toBe(to.id);
    expect((await store.find('audit', { orderBy: [{ column: 'seq' }] })).at(-1)).toMatchObject({
      action: 'playbook.rolled_back',
      principal: 'user:bob',
      data: { number: 2, from: 3 },
    });
    expect((await versionToRollBackTo(store, 'p', 3)).to.number).toBe(3);
    await expect(versionToRollBackTo(store, 'p', 9)).rejects.toMatchObject({ code: 'engine.number_unknown' });
    await publishPlaybook(store, planOf(text(1)), ada);
    await expect(versionToRollBackTo(store, 'p', undefined)).rejects.toMatchObject({ code: 'engine.nothing_before' });
  });

  it('leaves runs under way on the version that they began with', async () => {
    const store = createMemoryStore();
    const rig = await createRig(store, {
      product: { behave: () => ({ pending: {}, at: 5_000 }), poll: () => ({ output: {} }) },
    });
    const step = (n: number) =>
      playbookText(
        `  - { id: a, action: fake.change }\n  - { id: b, set: { n: ${n} } }`,
        `outputs: { n: "\${{ steps.b.n }}" }`,
      );
    const old = await rig.publish(step(1));
    const run = await rig.run();
    await rig.settle();
    await rig.publish(step(2));
    const { to } = await versionToRollBackTo(store, 'p', undefined);
    await publishPlaybook(store, planOf(to.source), bob, { rolledBackFrom: 2 });
    await rig.publish(step(3));
    await rig.settle(10_000, 3);
    expect(await store.get('runs', run)).toMatchObject({
      version: old.version,
      status: 'succeeded',
      outputs: { n: 1 },
    });
    const next = await rig.run();
    await rig.settle(10_000, 3);
    expect(await store.get('runs', next)).toMatchObject({ outputs: { n: 3 } });
  });
});

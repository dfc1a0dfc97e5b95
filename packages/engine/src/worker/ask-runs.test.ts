import { type EventEnvelope, newEvent } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, planOf, playbookText } from '../testing/rig.ts';

const causality = { principal: 'user:ada', trace: 'c'.repeat(32), cause: '', hop: 0 };
const called = playbookText('  - { id: a, action: fake.change }').replace('id: p\n', 'id: called\n');
const listening = `kind: playbook/v1
id: p
title: T
uses: { fake: fake }
on: [{ topic: seen.v1 }]
steps:
  - { id: a, action: fake.change }
  - { id: b, call: called }
`;
const seen = (participant: string): EventEnvelope => ({
  ...newEvent('seen.v1', 's', {}, causality, Date.UTC(2026, 0, 1)),
  participant,
});

describe('runs that ask people', () => {
  it('are those of events that are not trusted, and what they call, and what begins from them', async () => {
    const rig = await createRig(createMemoryStore(), { trusts: ({ participant }) => participant === 'known' });
    await rig.publish(called);
    await rig.publish(listening);
    const [strange] = await rig.engine.handleEvent(seen('strange'));
    await rig.settle(1_000, 2);
    await rig.engine.handleEvent(seen('known'));
    await rig.settle(1_000, 2);
    expect(rig.door.sent.map(({ ask }) => ask)).toEqual([true, true, false, false]);
    await rig.engine.operate.rerun(strange?.run ?? '', undefined, { principal: 'user:ada', reason: 'x' });
    await rig.settle(1_000, 2);
    expect(rig.door.sent.slice(4).map(({ ask }) => ask)).toEqual([true, true]);
  });

  it('are none where nothing says whom to trust', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(called);
    await rig.publish(listening);
    await rig.engine.handleEvent(seen('strange'));
    await rig.settle(1_000, 2);
    expect(rig.door.sent.map(({ ask }) => ask)).toEqual([false, false]);
  });
});

describe('what is written with a run', () => {
  const key = (id: string) =>
    ({
      op: 'insert',
      table: 'reaction_keys',
      row: { id, reaction: 'r', key: 'k', publishers: [], event: '', until: 1, rev: 1 },
    }) as const;
  const request = (at: string) =>
    ({ playbook: 'p', trigger: { kind: 'manual', id: 'manual', key: at }, event: null, causality }) as const;

  it('is there with it, or neither is', async () => {
    const store = createMemoryStore();
    const rig = await createRig(store);
    await rig.publish(playbookText('  - { id: a, set: { x: 1 } }'));
    const { run } = await rig.engine.startRun({ ...request('1'), id: 'mine', change: { rows: [key('k1')] } });
    expect(run).toBe('mine');
    expect(await store.get('reaction_keys', 'k1')).toBeDefined();
    const again = rig.engine.startRun({ ...request('2'), change: { rows: [key('k1'), key('k2')] } });
    await expect(again).rejects.toMatchObject({ code: 'events.conflict' });
    expect(await store.count('runs')).toBe(1);
    expect(await store.get('reaction_keys', 'k2')).toBeUndefined();
  });

  it('is left out where the run is there already', async () => {
    const store = createMemoryStore();
    const rig = await createRig(store);
    await rig.publish(playbookText('  - { id: a, set: { x: 1 } }'));
    await rig.engine.startRun(request('1'));
    const again = await rig.engine.startRun({ ...request('1'), change: { rows: [key('k1')] } });
    expect(again.existing).toBe(true);
    expect(await store.get('reaction_keys', 'k1')).toBeUndefined();
  });
});

describe('a reaction', () => {
  const reaction = `kind: reaction/v1\nid: p\ntitle: R\nsubscribe: { topic: seen.v1 }\ndo: [{ id: a, set: { x: 1 } }]\n`;

  it('has the id of no playbook', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(listening);
    await expect(rig.publish(reaction)).rejects.toMatchObject({ code: 'engine.id_taken' });
    expect(planOf(reaction).kind).toBe('reaction');
  });

  it('is found by its topic, and not as a trigger', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(reaction);
    expect((await rig.plans.reactionsTo('seen.v1')).map(({ plan }) => plan.id)).toEqual(['p']);
    expect(await rig.plans.forTopic('seen.v1')).toEqual([]);
  });
});

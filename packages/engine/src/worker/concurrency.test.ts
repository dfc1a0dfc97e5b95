import { manualClock } from '@counterpoint/core';
import type { RunRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ProductAnswer } from '../testing/fake-door.ts';
import { createMortalStore } from '../testing/mortal-store.ts';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';

const text = (policy: string) =>
  playbookText(
    `  - { id: a, action: fake.read_a }`,
    `inputs: { host: { type: string } }\nconcurrency: { key: inputs.host, on_conflict: ${policy} }`,
  );
const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };

let rig: Rig;
let answers: Map<string, (answer: ProductAnswer) => void>;
let store: Store;
const start = (host: string, key: string, engine = rig.engine) =>
  engine.startRun({
    playbook: 'p',
    trigger: { kind: 'manual', id: 'manual', key },
    inputs: { host },
    event: null,
    causality,
  });
const statusOf = async (run: string) => ((await store.get('runs', run)) as RunRow).status;
const answer = async (run: string) => {
  answers.get(run)?.({ output: {} });
  await settled();
};
const setUp = async (policy: string) => {
  answers = new Map();
  store = createMemoryStore();
  rig = await createRig(store, {
    product: { behave: ({ run }) => new Promise((resolve) => answers.set(run, resolve)) },
  });
  await rig.publish(text(policy));
};

describe('concurrency: queue', () => {
  beforeEach(() => setUp('queue'));

  it('begins one run after the other, in order, and runs with other keys at once', async () => {
    const [one, two, three] = [await start('x', '1'), await start('x', '2'), await start('x', '3')];
    const other = await start('y', '4');
    await settled();
    expect([...answers.keys()]).toEqual([one.run, other.run]);
    expect(await statusOf(two.run)).toBe('queued');
    await answer(one.run);
    await answer(two.run);
    expect([...answers.keys()]).toEqual([one.run, other.run, two.run, three.run]);
    await answer(three.run);
    await answer(other.run);
    expect(await store.count('run_slots')).toBe(0);
    expect(await store.count('runs', { status: 'succeeded' })).toBe(4);
  });

  it('starts nothing twice for the same trigger', async () => {
    await start('x', '1');
    const two = await start('x', '2');
    expect(await start('x', '2')).toEqual({ run: two.run, existing: true });
  });

  it('lets a run that waits be cancelled at once, but not paused', async () => {
    const one = await start('x', '1');
    const two = await start('x', '2');
    const three = await start('x', '3');
    await expect(rig.engine.operate.pause(two.run, { principal: 'user:ada', reason: 'x' })).rejects.toMatchObject({
      code: 'engine.run_parked',
    });
    await rig.engine.operate.cancel(two.run, { principal: 'user:ada', reason: 'x' });
    expect(await statusOf(two.run)).toBe('cancelled');
    await answer(one.run);
    expect(await statusOf(three.run)).toBe('running');
  });

  it('holds called runs to their place too', async () => {
    await rig.publish(playbookText('  - { id: c, call: p, with: { host: x } }').replace('id: p\n', 'id: outer\n'));
    const one = await start('x', '1');
    const outer = await rig.run({}, 'outer');
    await settled();
    expect([...answers.keys()]).toEqual([one.run]);
    await answer(one.run);
    const [child] = await store.find('runs', { where: { trigger_kind: 'call' } });
    await answer(child?.id ?? '');
    await rig.settle(1_000, 2);
    expect(await statusOf(outer)).toBe('succeeded');
    expect(await store.count('run_slots')).toBe(0);
  });
});

describe('concurrency: join, drop and replace', () => {
  it('joins the run at work, and says so once in the audit log', async () => {
    await setUp('join');
    const one = await start('x', '1');
    expect(await start('x', '2')).toEqual({ run: one.run, existing: true });
    await answer(one.run);
    // The same event again, after the run has ended, is not a new one.
    expect(await start('x', '2')).toEqual({ run: one.run, existing: true });
    expect(await store.count('audit', { action: 'run.joined' })).toBe(1);
    expect((await start('x', '3')).existing).toBe(false);
  });

  it('drops what comes while a run is at work, and says so', async () => {
    await setUp('drop');
    const one = await start('x', '1');
    expect(await start('x', '2')).toEqual({ run: one.run, existing: true, dropped: true });
    expect(await store.find('audit', { where: { action: 'run.dropped' } })).toMatchObject([
      { object: `run:${one.run}`, data: { trigger_key: 'p/manual|2', key: '"x"' } },
    ]);
    expect(await store.count('runs')).toBe(1);
  });

  it('replaces the run at work, and those that wait, by the newest', async () => {
    await setUp('replace');
    const one = await start('x', '1');
    const two = await start('x', '2');
    const three = await start('x', '3');
    await settled();
    expect(await Promise.all([one, two, three].map(({ run }) => statusOf(run)))).toEqual([
      'cancelled',
      'cancelled',
      'running',
    ]);
    await answer(three.run);
    expect(await statusOf(three.run)).toBe('succeeded');
    expect(await store.count('run_slots')).toBe(0);
  });

  it('lets one of many that start at the same moment have the place', async () => {
    await setUp('queue');
    const runs = await Promise.all(Array.from({ length: 8 }, (_one, index) => start('x', String(index))));
    await settled();
    expect(answers.size).toBe(1);
    for (let turn = 0; turn < runs.length; turn++) await answer([...answers.keys()].at(-1) ?? '');
    expect(await store.count('runs', { status: 'succeeded' })).toBe(8);
  });
});

describe('concurrency: crashes', () => {
  it.each(['queue', 'replace'])('keeps one run at a time and loses none, wherever it dies: %s', async (policy) => {
    for (let commit = 1; commit <= 8; commit++) {
      for (const durable of [false, true]) {
        const inner = createMemoryStore();
        const clock = manualClock();
        const dying = createMortalStore(inner, { commit, durable });
        const first = await createRig(inner);
        await first.publish(text(policy));
        await first.engine.stop(0);
        const mortal = await createRig(dying, { clock });
        for (const key of ['1', '2', '3']) {
          void mortal.engine
            .startRun({
              playbook: 'p',
              trigger: { kind: 'manual', id: 'manual', key },
              inputs: { host: 'x' },
              event: null,
              causality,
            })
            .catch(() => undefined);
          await settled();
        }
        const again = await createRig(inner, { clock, workerId: 'w2' });
        await again.settle(1_000, 5);
        const runs = await inner.find('runs', {});
        const left = runs.filter(({ status }) => !['succeeded', 'cancelled'].includes(status));
        expect({ commit, durable, left: left.map(({ status }) => status) }).toEqual({ commit, durable, left: [] });
        expect(await inner.count('run_slots')).toBe(0);
      }
    }
  });
});

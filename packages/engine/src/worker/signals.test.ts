import { type Store, signalWrite } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';

const waiting = playbookText('  - { id: w, wait: { for: 1h } }');
const cancel = { kind: 'cancel', principal: 'user:ada', reason: 'no need' } as const;

const signal = (store: Store, run: string, id: string) => store.commit({ rows: [signalWrite(run, id, cancel, 1)] });
const kinds = async ({ store }: Rig, run: string) =>
  (await store.find('journal', { where: { run } })).map(({ kind }) => kind);

/** The store as another process sees it: it hears of nothing that this one writes. */
const elsewhere = (store: Store): Store => ({ ...store, onCommitted: () => () => undefined });

describe('signals', () => {
  it('reach a run that waits in the store, once, and are gone with the decision', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(waiting);
    const run = await rig.run();
    await settled();
    expect(rig.engine.stats().active).toBe(0);
    await signal(rig.store, run, 's1');
    await rig.settle(1_000, 4);
    expect(rig.finished).toMatchObject([{ run, status: 'cancelled' }]);
    expect((await kinds(rig, run)).filter((kind) => kind === 'run_ended')).toHaveLength(1);
    expect(await rig.store.count('signals')).toBe(0);
    expect(await rig.store.count('timers')).toBe(0);
  });

  it('reach a run in memory at once', async () => {
    const rig = await createRig(createMemoryStore(), { product: { behave: () => new Promise(() => undefined) } });
    await rig.publish(playbookText('  - { id: a, action: fake.read_slow }'));
    const run = await rig.run();
    await signal(rig.store, run, 's1');
    await settled();
    expect(rig.finished).toMatchObject([{ run, status: 'cancelled' }]);
    expect(await rig.store.count('signals')).toBe(0);
  });

  it('reach a run from another process within a second', async () => {
    const store = createMemoryStore();
    const rig = await createRig(elsewhere(store));
    await rig.publish(waiting);
    const run = await rig.run();
    await signal(store, run, 's1');
    await settled();
    expect(rig.finished).toEqual([]);
    await rig.settle(1_000);
    expect(rig.finished).toMatchObject([{ run, status: 'cancelled' }]);
  });

  it('that were written while nobody was there are found at the start', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(waiting);
    const run = await rig.run();
    await rig.engine.stop();
    await signal(rig.store, run, 's1');
    await rig.restart();
    await settled();
    expect(rig.finished).toMatchObject([{ run, status: 'cancelled' }]);
  });

  it('for a run that waits for its turn are decided at once, and do not begin it', async () => {
    const rig = await createRig(createMemoryStore(), {
      limits: { activeRuns: 1 },
      product: { behave: () => new Promise(() => undefined) },
    });
    await rig.publish(playbookText('  - { id: a, action: fake.read_slow }'));
    await rig.run();
    const second = await rig.run();
    await signal(rig.store, second, 's1');
    await rig.settle(1_000, 2);
    expect(rig.finished).toMatchObject([{ run: second, status: 'cancelled' }]);
    expect(await rig.store.get('runs', second)).toMatchObject({ started_at: null });
    expect(rig.door.sent).toHaveLength(1);
    expect(rig.engine.stats().queued).toBe(0);
  });

  it('for a run that has ended or never was are removed', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(playbookText('  - { id: a, set: { v: 1 } }'));
    const run = await rig.run();
    await signal(rig.store, run, 's1');
    await signal(rig.store, 'nobody', 's2');
    await rig.settle(1_000, 2);
    expect(await rig.store.count('signals')).toBe(0);
    expect((await rig.store.get('runs', run))?.status).toBe('succeeded');
  });

  it('stay in the store when the decision cannot be written, and are decided once it can', async () => {
    const inner = createMemoryStore();
    let full = false;
    const store: Store = {
      ...inner,
      commit: (change) => (full ? Promise.reject(new Error('no space left')) : inner.commit(change)),
    };
    const rig = await createRig(store);
    await rig.publish(waiting);
    const run = await rig.run();
    full = true;
    await signal(inner, run, 's1');
    await rig.settle(1_000, 3);
    expect(await inner.count('signals')).toBe(1);
    full = false;
    await rig.settle(1_000, 3);
    expect(rig.finished).toMatchObject([{ run, status: 'cancelled' }]);
    expect(await inner.count('signals')).toBe(0);
  });
});

import { manualClock } from '@counterpoint/core';
import { type Change, eventErrors, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createFakeDoor, productError } from '../testing/fake-door.ts';
import { createMortalStore } from '../testing/mortal-store.ts';
import { createRig, playbookText, settled } from '../testing/rig.ts';

const one = (more = '') => playbookText(`  - { id: a, action: fake.block, with: { n: 1 }${more} }`);
const never = () => new Promise<never>(() => undefined);

/** A store whose commits fail with `error` as long as it is set. */
function createFailingStore(inner: Store) {
  const failing = { error: undefined as Error | undefined, refused: 0 };
  const commit = async (change: Change): Promise<void> => {
    if (failing.error) {
      failing.refused += 1;
      throw failing.error;
    }
    await inner.commit(change);
  };
  return { store: { ...inner, commit } satisfies Store, failing };
}

describe('engine: stored timers', () => {
  const retry = ', retry: { attempts: 3, delay: 1h }';
  const refuse = () => ({ error: productError('unavailable'), retryable: true });

  it('fire when they are due, not before', async () => {
    const rig = await createRig(createMemoryStore(), { product: { behave: refuse } });
    await rig.publish(one(retry));
    const run = await rig.run();
    await rig.settle();
    const [timer] = await rig.store.find('timers', { where: { run } });
    expect(timer).toMatchObject({ address: 'a', kind: 'retry', due_at: rig.clock.now() + 3_600_000 });
    expect(await rig.store.get('runs', run)).toMatchObject({ status: 'waiting' });
    await rig.settle(3_599_999);
    expect(rig.door.sent).toHaveLength(1);
    await rig.settle(1);
    expect(rig.door.sent).toHaveLength(2);
  });

  it('survive a restart, and fire at once when they became due meanwhile', async () => {
    const inner = createMemoryStore();
    const clock = manualClock();
    const door = createFakeDoor({ store: inner, behave: refuse });
    const first = await createRig(inner, { clock, door });
    await first.publish(one(retry));
    await first.run();
    await first.settle();
    await first.engine.stop();
    clock.advance(7_200_000);
    expect(door.sent).toHaveLength(1);
    await first.restart();
    await first.settle();
    expect(door.sent).toHaveLength(2);
    expect(new Set(door.sent.map((request) => request.key)).size).toBe(1);
  });

  it('bound a step, a block and a whole run', async () => {
    const slow = {
      behave: async (_: unknown, signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(productError('unavailable'))),
        ),
    };
    const timedOut = async (text: string) => {
      const rig = await createRig(createMemoryStore(), { product: slow });
      await rig.publish(text);
      await rig.run();
      await rig.settle(60_000, 2);
      return rig.finished.map(({ status, error }) => `${status} ${error?.code}`);
    };
    const inner = '{ id: a, action: fake.read_slow }';
    expect(await timedOut(playbookText(`  - { id: a, action: fake.read_slow, timeout: 1m }`))).toEqual([
      'failed connector.unavailable',
    ]);
    expect(
      await timedOut(playbookText(`  - { id: b, try: [${inner}], finally: [{ id: z, set: { v: 1 } }], timeout: 1m }`)),
    ).toEqual(['failed engine.timeout']);
    expect(await timedOut(playbookText(`  - ${inner}`, 'timeout: 1m'))).toEqual(['failed engine.run_timeout']);
  });
});

describe('engine: unknown outcomes', () => {
  const lost = { behave: () => ({ unknown: true }) as const, reconcile: () => ({ unknown: true }) as const };

  it('wait for a person, also after a restart, and are never sent again by themselves', async () => {
    const rig = await createRig(createMemoryStore(), { product: lost });
    await rig.publish(one(', retry: { attempts: 5, delay: 1s }'));
    const run = await rig.run();
    await rig.settle(60_000, 3);
    expect(await rig.store.get('runs', run)).toMatchObject({ status: 'waiting' });
    await rig.engine.stop();
    const again = await rig.restart();
    await settled();
    expect(rig.door.sent).toHaveLength(1);
    expect(rig.door.reconciled).toHaveLength(1);

    await expect(again.resolveUnknown(run, 'b', { happened: true }, 'user:ada')).rejects.toMatchObject({
      code: 'engine.step_not_unknown',
    });
    await again.resolveUnknown(run, 'a', { happened: true, output: { by: 'hand' } }, 'user:ada');
    expect(await rig.store.get('runs', run)).toMatchObject({ status: 'succeeded' });
    await expect(again.resolveUnknown(run, 'a', { happened: true }, 'user:ada')).rejects.toMatchObject({
      code: 'engine.step_not_unknown',
    });
    expect(await rig.store.find('effects', {})).toMatchObject([{ state: 'performed' }]);
    const audit = await rig.store.find('audit', { where: { action: 'run.unknown_resolved' } });
    expect(audit).toMatchObject([
      { principal: 'user:ada', object: `run:${run}`, data: { address: 'a', happened: true } },
    ]);
  });
});

describe('engine: when the store cannot write', () => {
  it('pauses the run, tells, and goes on where it was without sending anything twice', async () => {
    const { store, failing } = createFailingStore(createMemoryStore());
    const rig = await createRig(store, {
      product: {
        behave: () => {
          failing.error = eventErrors.store_full();
          return { output: { ok: true } };
        },
      },
    });
    await rig.publish(one());
    await rig.run();
    await rig.settle(5_000, 4);
    expect(rig.finished).toEqual([]);
    expect(failing.refused).toBeGreaterThan(1);
    expect(rig.problems).toMatchObject(Array(failing.refused).fill({ kind: 'store' }));
    failing.error = undefined;
    await rig.settle(10_000, 2);
    expect(rig.finished).toMatchObject([{ status: 'succeeded' }]);
    expect(rig.door.sent).toHaveLength(1);
  });

  it('refuses a new run whose beginning cannot be written', async () => {
    const { store, failing } = createFailingStore(createMemoryStore());
    const rig = await createRig(store);
    await rig.publish(one());
    failing.error = eventErrors.store_full();
    await expect(rig.run()).rejects.toMatchObject({ code: 'events.store_full' });
    failing.error = undefined;
    expect(await store.count('runs')).toBe(0);
    expect(rig.engine.stats()).toEqual({ active: 0, queued: 0 });
  });

  it('finds out again what happened when somebody else changed the same effect', async () => {
    const inner = createMemoryStore();
    let commits = 0;
    const store: Store = {
      ...inner,
      async commit(change) {
        commits += 1;
        if (commits === 3) throw eventErrors.conflict({ id: 'e', table: 'effects' });
        await inner.commit(change);
      },
    };
    const rig = await createRig(store);
    await rig.publish(one());
    await rig.run();
    await rig.settle();
    await rig.settle(1_000);
    expect(rig.door.sent).toHaveLength(1);
    expect(rig.door.reconciled).toHaveLength(1);
    expect(rig.finished).toMatchObject([{ status: 'succeeded' }]);
  });
});

describe('engine: ownership', () => {
  it('lets go of a run that another worker took over: it neither writes nor sends', async () => {
    const inner = createMemoryStore();
    const clock = manualClock();
    let answer = (_: { output: object }): void => undefined;
    const door = createFakeDoor({
      store: inner,
      behave: () =>
        new Promise((resolve) => {
          answer = resolve as typeof answer;
        }),
    });
    const first = await createRig(inner, { clock, door, exclusive: false });
    await first.publish(playbookText('  - { id: a, action: fake.block }\n  - { id: b, action: fake.block }'));
    const run = await first.run();
    await settled();
    await inner.commit({ runs: [{ op: 'claim', id: run, epoch: 1, owner: 'w2', lease_until: clock.now() + 60_000 }] });
    answer({ output: {} });
    await settled();
    expect(door.sent).toHaveLength(1);
    expect(first.engine.stats().active).toBe(0);
    expect(await inner.get('runs', run)).toMatchObject({ owner: 'w2', epoch: 2, seq: 1 });
  });

  it('renews what it owns, and takes over what another worker stopped renewing', async () => {
    const inner = createMemoryStore();
    const clock = manualClock();
    const door = createFakeDoor({ store: inner, behave: never, reconcile: () => ({ output: {} }) });
    const mortal = createMortalStore(inner, { commit: 6, durable: false });
    const first = await createRig(mortal, { clock, door, exclusive: false, workerId: 'w1' });
    await first.publish(one());
    const run = await first.run();
    const second = await createRig(inner, { clock, door, exclusive: false, workerId: 'w2' });
    await second.settle(10_000, 3);
    expect(await inner.get('runs', run)).toMatchObject({ owner: 'w1', epoch: 1 });
    await second.settle(10_000, 6);
    expect(mortal.dead).toBe(true);
    expect(await inner.get('runs', run)).toMatchObject({ status: 'succeeded', epoch: 2 });
  });

  it('cancels a run with its calls, and keeps the receipt of a call that was under way', async () => {
    const inner = createMemoryStore();
    let answer = (_: { output: object }): void => undefined;
    const rig = await createRig(inner, {
      product: {
        behave: () =>
          new Promise((resolve) => {
            answer = resolve as typeof answer;
          }),
      },
    });
    await rig.publish(one().replace('id: p', 'id: c'));
    await rig.publish(playbookText('  - { id: child, call: c }', 'on_cancel: [{ id: back, undo: child }]'));
    const run = await rig.run();
    await settled();
    await rig.engine.cancel(run, 'user:ada', 'false alarm');
    await settled();
    const runs = await inner.find('runs', {});
    expect(runs.map((row) => row.status)).toEqual(['cancelled', 'cancelled']);
    const called = runs.find((row) => row.playbook === 'c')?.id;
    expect(rig.door.released).toMatchObject([{ of: { kind: 'run', run: called } }]);
    answer({ output: { done: true } });
    await settled();
    expect(await inner.find('effects', {})).toMatchObject([{ state: 'performed' }]);
    await rig.engine.cancel(run, 'user:ada', 'again');
    expect(await inner.get('runs', run)).toMatchObject({ status: 'cancelled' });
    expect(await inner.count('audit', { action: 'run.cancelled', object: `run:${run}` })).toBe(1);
  });
});

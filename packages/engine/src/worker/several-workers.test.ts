import { manualClock } from '@counterpoint/core';
import { type Store, signalWrite } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createFakeDoor } from '../testing/fake-door.ts';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';

const LEASE = 5_000;
const shared = { exclusive: false, limits: { leaseMillis: LEASE } } as const;

/** One store with the views that processes have of it: each hears only of what it wrote itself, and may be stopped. */
function createSharedStore() {
  const inner = createMemoryStore();
  const view = () => {
    const heard = new Set<(change: Parameters<Store['commit']>[0]) => void>();
    const gate = { stopped: undefined as Promise<void> | undefined, resume: (): void => undefined };
    const pass = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      await gate.stopped;
      return work();
    };
    const store: Store = {
      ...inner,
      get: (table, id) => pass(() => inner.get(table, id)),
      find: (table, query) => pass(() => inner.find(table, query)),
      commit: (change) =>
        pass(async () => {
          await inner.commit(change);
          for (const listener of heard) listener(change);
        }),
      onCommitted(listener) {
        heard.add(listener);
        return () => void heard.delete(listener);
      },
    };
    const stop = () => {
      gate.stopped = new Promise((resolve) => {
        gate.resume = () => {
          gate.stopped = undefined;
          resolve();
        };
      });
    };
    return { store, stop, go: () => gate.resume() };
  };
  return { inner, view };
}

/** Lets time pass as it does. */
async function seconds({ clock }: Pick<Rig, 'clock'>, count: number) {
  for (let tick = 0; tick < count * 4; tick++) {
    clock.advance(250);
    await settled();
  }
}

const text = playbookText('  - { id: a, action: fake.block }\n  - { id: b, action: fake.read_it }');

describe('several workers on one store', () => {
  it('go on with the runs of one that stopped, and what it sends or writes later changes nothing', async () => {
    const { inner, view } = createSharedStore();
    const clock = manualClock();
    const [one, two] = [view(), view()];
    let answer = (_: { output: object }): void => undefined;
    const behave = () => new Promise<{ output: object }>((resolve) => (answer = resolve));
    const door = createFakeDoor({ store: inner, behave: behave as never });
    const first = await createRig(one.store, { ...shared, clock, door });
    await first.publish(text);
    const run = await first.run();
    await settled();
    expect(door.sent).toHaveLength(1);
    one.stop();
    await seconds(first, 2);

    const other = createFakeDoor({ store: inner, reconcile: () => ({ output: { verified: true } }) });
    const second = await createRig(two.store, { ...shared, clock, door: other, workerId: 'w2' });
    await seconds(first, 2);
    expect(await inner.get('runs', run)).toMatchObject({ owner: 'w1' });
    await seconds(first, 6);
    expect(await inner.get('runs', run)).toMatchObject({ status: 'succeeded' });
    expect(other.reconciled.map(({ address }) => address)).toEqual(['a']);

    one.go();
    answer({ output: {} });
    await seconds(first, 3);
    expect(door.sent).toHaveLength(1);
    expect(first.engine.stats().active).toBe(0);
    expect((await inner.find('journal', { where: { run } })).filter(({ kind }) => kind === 'run_ended')).toHaveLength(
      1,
    );
    expect(second.finished).toHaveLength(1);
  });

  it.each([
    ['another took it over', true],
    ['nobody else did', false],
  ])('send nothing that was long on its way without asking whose it is: %s', async (_, taken) => {
    const { inner, view } = createSharedStore();
    const clock = manualClock();
    const [one, two] = [view(), view()];
    let arrive = (): void => undefined;
    const ways = [() => new Promise<void>((resolve) => (arrive = resolve))];
    const door = createFakeDoor({ store: inner, onTheWay: () => ways.shift()?.() });
    const first = await createRig(one.store, { ...shared, clock, door });
    await first.publish(text);
    const run = await first.run();
    await settled();
    one.stop();
    const other = createFakeDoor({ store: inner, reconcile: () => ({ output: { verified: true } }) });
    if (taken) await createRig(two.store, { ...shared, clock, door: other, workerId: 'w2' });
    await seconds(first, taken ? 10 : 4);
    expect(door.sent).toEqual([]);
    one.go();
    arrive();
    await seconds(first, 3);
    expect(door.sent.map(({ address }) => address)).toEqual(taken ? [] : ['a', 'b']);
    expect(await inner.get('runs', run)).toMatchObject({ status: 'succeeded', epoch: taken ? 2 : 1 });
    const begun = (await inner.find('journal', { where: { run } })).filter(({ kind }) => kind === 'step_started');
    expect(begun.map(({ address }) => address)).toEqual(['a', 'b']);
  });

  it('leave a run with its owner although the clock is set forward past its ownership', async () => {
    const { inner, view } = createSharedStore();
    const clock = manualClock();
    const never = { behave: () => new Promise<never>(() => undefined) };
    const first = await createRig(view().store, { ...shared, clock, product: never });
    await first.publish(text);
    const run = await first.run();
    await createRig(view().store, { ...shared, clock, workerId: 'w2' });
    await seconds(first, 3);
    for (const jump of [3_600_000, -3_600_000, 3_600_000]) {
      clock.step(jump);
      await seconds(first, 6);
    }
    expect(await inner.get('runs', run)).toMatchObject({ owner: 'w1', epoch: 1 });
  });

  it('begin what a process without workers has put in the queue, which hears of the end', async () => {
    const { view } = createSharedStore();
    const clock = manualClock();
    const api = await createRig(view().store, { ...shared, clock, submitOnly: true });
    await api.publish(text);
    const trigger = { kind: 'manual', id: 'm', key: '1' } as const;
    const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };
    const wait = api.engine.startRunAndWait({ playbook: 'p', trigger, event: null, causality }, 20_000);
    await seconds(api, 1);
    expect(api.door.sent).toEqual([]);
    const one = await createRig(view().store, { ...shared, clock, workerId: 'w2' });
    const two = await createRig(view().store, { ...shared, clock, workerId: 'w3' });
    await seconds(api, 2);
    expect(await wait).toMatchObject({ finished: { status: 'succeeded' } });
    expect(one.door.sent.length + two.door.sent.length).toBe(2);
  });

  it('share the queue, each run begun by one of them', async () => {
    const { inner, view } = createSharedStore();
    const clock = manualClock();
    const api = await createRig(view().store, { ...shared, clock, submitOnly: true });
    await api.publish(text);
    for (let count = 0; count < 300; count++) await api.run();
    const workers = [];
    for (const workerId of ['w2', 'w3', 'w4']) {
      workers.push(
        await createRig(view().store, { ...shared, limits: { ...shared.limits, activeRuns: 20 }, clock, workerId }),
      );
    }
    await seconds(api, 15);
    const sent = workers.flatMap(({ door }) => door.sent.map(({ key }) => key));
    expect(sent).toHaveLength(600);
    expect(new Set(sent).size).toBe(600);
    expect(await inner.count('runs', { status: 'succeeded' })).toBe(300);
  });

  it('hear of the end of a called run that another of them worked on', async () => {
    const { inner, view } = createSharedStore();
    const clock = manualClock();
    const first = await createRig(view().store, { ...shared, clock, limits: { leaseMillis: LEASE, activeRuns: 1 } });
    await first.publish(text.replace('id: p', 'id: c'));
    await first.publish(playbookText('  - { id: sub, call: c }\n  - { id: z, action: fake.read_it }'));
    const second = await createRig(view().store, { ...shared, clock, workerId: 'w2' });
    const run = await first.run();
    await seconds(first, 4);
    expect(await inner.get('runs', run)).toMatchObject({ status: 'succeeded' });
    expect(await inner.count('signals')).toBe(0);
    expect(first.finished.length + second.finished.length).toBe(2);
  });

  it('cancel a run that another of them owns', async () => {
    const { inner, view } = createSharedStore();
    const clock = manualClock();
    const never = { behave: () => new Promise<never>(() => undefined) };
    const first = await createRig(view().store, { ...shared, clock, product: never });
    await first.publish(text);
    const run = await first.run();
    const api = view().store;
    const happening = { kind: 'cancel', principal: 'user:ada', reason: 'no need' };
    await api.commit({ rows: [signalWrite(run, 's1', happening, clock.now())] });
    await seconds(first, 1);
    expect(await inner.get('runs', run)).toMatchObject({ status: 'cancelled' });
    expect(await inner.count('signals')).toBe(0);
  });

  it('hand their runs over at once when they stop in good order', async () => {
    const { inner, view } = createSharedStore();
    const clock = manualClock();
    const first = await createRig(view().store, { ...shared, clock });
    await first.publish(playbookText('  - { id: w, wait: { for: 2s } }'));
    const run = await first.run();
    await first.engine.stop();
    expect(await inner.get('runs', run)).toMatchObject({ status: 'waiting', owner: '' });
    const second = await createRig(view().store, { ...shared, clock, workerId: 'w2' });
    await seconds(second, 3);
    expect(second.finished).toMatchObject([{ run, status: 'succeeded' }]);
  });
});

import type { Door } from '@counterpoint/actions';
import { manualClock } from '@counterpoint/core';
import { type Change, eventErrors, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeDoor, productError } from '../testing/fake-door.ts';
import { createRange } from '../testing/range.ts';
import { createRig, playbookText } from '../testing/rig.ts';

const HOUR = 3_600_000;
let clock = manualClock();
beforeEach(() => {
  clock = manualClock();
});

/** A store that nobody can reach while `away`, and whose answer to a commit gets lost once while `deaf`. */
function createAbsentStore(inner: Store = createMemoryStore()) {
  const state = { away: false, deaf: false };
  const absent = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (state.away) throw eventErrors.store_failed({ reason: 'nobody answers' });
    return work();
  };
  const store: Store = {
    ...inner,
    get: (table, id) => absent(() => inner.get(table, id)),
    find: (table, query) => absent(() => inner.find(table, query)),
    count: (table, where) => absent(() => inner.count(table, where)),
    async commit(change: Change) {
      await absent(() => inner.commit(change));
      if (!state.deaf) return;
      state.deaf = false;
      throw eventErrors.store_failed({ reason: 'the answer was lost' });
    },
  };
  return { store, state, inner };
}

/** A door that looks at the store in whatever it does, as the real one. */
function lookingDoor(door: ReturnType<typeof createFakeDoor>, store: Store): ReturnType<typeof createFakeDoor> {
  const after =
    <Given extends unknown[], Result>(work: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      await store.get('effects', 'any');
      return work(...given);
    };
  const looking: Door = {
    ...door,
    admit: after(door.admit),
    poll: after(door.poll),
    reconcile: after(door.reconcile),
    release: after(door.release),
  };
  return { ...door, ...looking };
}

type Product = Omit<Parameters<typeof createFakeDoor>[0], 'store'>;

async function rigWith(text: string, product: Product = {}) {
  const { store, state, inner } = createAbsentStore();
  const door = lookingDoor(createFakeDoor({ store: inner, ...product }), store);
  const rig = await createRig(store, { door, clock });
  await rig.publish(text);
  return { ...rig, door, state, inner, kinds: () => new Set(rig.problems.map(({ kind }) => kind)) };
}

const act = (more = '') => playbookText(`  - { id: a, action: fake.block, with: { n: 1 }${more} }`);
const asking = playbookText(`  - id: q
    ask: Well?
    of: { role: analyst }
    form: { ok: { type: boolean, default: true } }
    timeout: { after: 1h, then: continue }`);
const refuseOnce = () => {
  let calls = 0;
  return () => (++calls === 1 ? { error: productError('unavailable'), retryable: true } : { output: {} });
};

describe('a timer that is due while the store is away', () => {
  const cases = {
    retry: { text: act(', retry: { attempts: 2, delay: 1h }'), product: { behave: refuseOnce() }, ends: 'succeeded' },
    poll: {
      text: act(),
      product: { behave: () => ({ pending: {}, at: clock.now() + HOUR }), poll: () => ({ output: {} }) },
      ends: 'succeeded',
    },
    timeout: {
      text: playbookText(
        '  - { id: b, try: [{ id: a, action: fake.read_slow }], finally: [{ id: z, set: { v: 1 } }], timeout: 1h }',
      ),
      product: { behave: () => new Promise<never>(() => undefined) },
      ends: 'failed',
    },
    deadline: { text: asking, product: {}, ends: 'succeeded' },
    wait: { text: playbookText('  - { id: w, wait: { for: 1h } }'), product: {}, ends: 'succeeded' },
  } as const;

  for (const [kind, { text, product, ends }] of Object.entries(cases)) {
    it(`fires again, once, when it is back: ${kind}`, async () => {
      const rig = await rigWith(text, product);
      const run = await rig.run();
      await rig.settle();
      expect(await rig.inner.find('timers', { where: { run } })).toMatchObject([{ kind }]);
      rig.state.away = true;
      rig.clock.advance(HOUR);
      await rig.settle(1_000, 6);
      expect(rig.finished).toEqual([]);
      rig.state.away = false;
      await rig.settle(1_000, 20);
      expect(rig.finished).toMatchObject([{ status: ends }]);
      expect(rig.kinds()).toEqual(new Set(['store']));
      expect(await rig.inner.count('timers')).toBe(0);
      expect(await rig.inner.count('inbox_items', { status: 'open' })).toBe(0);
    });
  }

  it('does not count when it was set anew meanwhile', async () => {
    const polls: number[] = [];
    const rig = await rigWith(act(), {
      behave: () => ({ pending: {}, at: rig.clock.now() + 1_000 }),
      poll: () => {
        polls.push(rig.clock.now());
        rig.state.away = polls.length === 1;
        return { pending: {}, at: rig.clock.now() + HOUR };
      },
    });
    await rig.run();
    await rig.settle(1_000, 2);
    expect(polls).toHaveLength(1);
    await rig.settle(1_000, 3);
    rig.state.away = false;
    await rig.settle(1_000, 20);
    expect(polls).toHaveLength(1);
    await rig.settle(HOUR);
    expect(polls).toHaveLength(2);
    expect((polls[1] ?? 0) - (polls[0] ?? 0)).toBeGreaterThanOrEqual(HOUR);
  });
});

describe('what a run does while the store is away', () => {
  it('is asked of the door again: an attempt, an undo, what became of a call', async () => {
    for (const step of ['action: fake.block', 'action: fake.read_it', 'undo: first']) {
      const text = playbookText(`  - { id: first, action: fake.block }\n  - { id: second, ${step} }`);
      const rig = await rigWith(text, {
        behave: () => {
          rig.state.away = true;
          return rig.door.sent.length === 1 ? { output: {} } : { unknown: true };
        },
      });
      await rig.run();
      for (let round = 0; round < 4; round++) {
        await rig.settle(1_000, 3);
        rig.state.away = false;
        await rig.settle(1_000, 12);
      }
      expect(rig.kinds()).toEqual(new Set(['store']));
      if (step.includes('read')) continue;
      expect(rig.finished).toMatchObject([{ status: 'succeeded' }]);
    }
  });

  it('keeps what a product has answered', async () => {
    const { store, state, inner } = createAbsentStore();
    const commit: Store['commit'] = async (change) => {
      await store.commit(change);
      const sends = change.rows?.some((write) => write.op === 'insert' && write.table === 'effects');
      state.away ||= sends === true;
    };
    const { rig, isolated } = await createRange({ ...store, commit }, clock);
    await rig.publish(playbookText('  - { id: a, action: fake.isolate, with: { host: pc7 }, lease: { for: 1h } }'));
    await rig.run();
    await rig.settle(1_000, 5);
    state.away = false;
    await rig.settle(1_000, 12);
    expect(rig.finished.map(({ status, error }) => [status, error])).toEqual([['succeeded', null]]);
    expect([...isolated]).toEqual(['pc7']);
    expect(await inner.find('effects', {})).toMatchObject([{ state: 'performed', attempts: 1 }]);
    expect(new Set(rig.problems.map(({ kind }) => kind))).toEqual(new Set(['store']));
  });

  it('begins the runs it calls later', async () => {
    const rig = await rigWith(playbookText('  - { id: first, action: fake.block }\n  - { id: child, call: c }'), {
      behave: () => {
        rig.state.away = true;
        return { output: {} };
      },
    });
    await rig.publish(playbookText('  - { id: s, set: { x: 1 } }').replace('id: p', 'id: c'));
    await rig.run();
    await rig.settle(1_000, 3);
    rig.state.away = false;
    await rig.settle(1_000, 12);
    expect(rig.finished.map(({ playbook, status }) => `${playbook} ${status}`)).toEqual(['c succeeded', 'p succeeded']);
  });

  it('is not given up by a process that stops then', async () => {
    const text = playbookText('  - { id: first, action: fake.block }\n  - { id: second, undo: first }');
    const rig = await rigWith(text);
    const release = rig.door.release;
    Object.assign(rig.door, {
      release: (request: Parameters<Door['release']>[0]) => {
        rig.state.away = true;
        return release(request);
      },
    });
    const run = await rig.run();
    await rig.settle();
    const stopped = rig.engine.stop();
    await rig.settle(20_000, 2);
    rig.state.away = false;
    await stopped;
    expect(await rig.inner.get('runs', run)).toMatchObject({ status: 'running' });
    Object.assign(rig.door, { release });
    const next = await rig.restart();
    await rig.settle(1_000, 3);
    expect(await rig.inner.get('runs', run)).toMatchObject({ status: 'succeeded' });
    await next.stop();
  });
});

describe('a commit whose answer was lost', () => {
  it('is found in the store: what was to follow it happens, and nothing twice', async () => {
    const text = playbookText('  - { id: first, action: fake.read_it }\n  - { id: second, action: fake.block }');
    const rig = await rigWith(text, {
      behave: () => {
        rig.state.deaf = rig.door.sent.length === 1;
        return { output: {} };
      },
    });
    const run = await rig.run();
    await rig.settle(1_000, 12);
    expect(rig.door.sent.map(({ address }) => address)).toEqual(['first', 'second']);
    expect(await rig.inner.get('runs', run)).toMatchObject({ status: 'succeeded' });
  });

  it('has started the run that the sender is told of when it asks again', async () => {
    const rig = await rigWith(act());
    const trigger = { kind: 'manual', id: 'manual', key: 'the-same' } as const;
    const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };
    const start = () => rig.engine.startRun({ playbook: 'p', trigger, inputs: {}, event: null, causality });
    rig.state.deaf = true;
    await expect(start()).rejects.toMatchObject({ code: 'events.store_failed' });
    const { run, existing } = await start();
    expect(existing).toBe(true);
    await rig.settle(1_000, 12);
    expect(await rig.inner.get('runs', run)).toMatchObject({ status: 'succeeded' });
    expect(await rig.inner.count('runs')).toBe(1);
  });
});

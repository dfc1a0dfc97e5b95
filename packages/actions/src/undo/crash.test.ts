import { manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crashingStore } from '../testing/crashing-store.ts';
import { createFirewall, createWorld, drain, vendorError, type World } from '../testing/world.ts';
import { createLeaseKeeper, type LeaseKeeper } from './lease-keeper.ts';

const HOUR = 3_600_000;
const IP = '203.0.113.7';

/** Blocks, lets the lease end, undoes; then the process after it keeps on for a day. Whoever crashes, crashes quietly. */
async function live(store: Store, before: ReturnType<typeof createFirewall>, clock = manualClock()) {
  const attempt = async (work: () => Promise<unknown>) => {
    await work().catch(() => undefined);
  };
  const one = await createWorld(store, { firewall: before, clock });
  const keeper = createLeaseKeeper({ context: one.context });
  await attempt(() => keeper.start());
  await attempt(() => one.perform());
  for (let minute = 0; minute < 70; minute++) {
    clock.advance(60_000);
    await drain(3);
  }
  await keeper.stop();
}

async function survive(store: Store, firewall: ReturnType<typeof createFirewall>, alone: boolean) {
  const clock = manualClock(Date.UTC(2026, 0, 1) + 2 * HOUR);
  const next = await createWorld(store, { firewall, clock });
  const keeper = createLeaseKeeper({ context: next.context, alone });
  await keeper.start();
  for (let step = 0; step < 30; step++) {
    clock.advance(60_000);
    await drain(3);
  }
  await keeper.stop();
  return next;
}

const settledStates = new Set(['undone', 'failed', 'expired']);

describe.each([true, false])('a process that dies (the next one alone: %s)', (alone) => {
  const points = Array.from({ length: 5 }, (_, index) => index + 2).flatMap((at) =>
    (['before', 'after'] as const).map((when) => ({ at, when })),
  );

  it.each(points)('$when its commit $at neither leaves the block nor loses the undo', async ({ at, when }) => {
    const firewall = createFirewall();
    const store = createMemoryStore();
    await createWorld(store, { firewall });
    const dying = crashingStore(store, at, when);
    await live(dying, firewall);
    const next = await survive(store, firewall, alone);
    expect(firewall.product.blocked.has(IP)).toBe(false);
    const effects = (await next.rows('effects')).filter((row) => row.undo_of === '');
    for (const row of effects) expect(settledStates.has(row.state)).toBe(true);
    const blocks = firewall.product.calls.filter((call) => call.startsWith('block'));
    const unblocks = firewall.product.calls.filter((call) => call.startsWith('unblock'));
    expect(blocks.length).toBeLessThanOrEqual(1);
    expect(unblocks.length).toBeLessThanOrEqual(2);
  });

  it('the points above cover the whole life', async () => {
    const firewall = createFirewall();
    const store = createMemoryStore();
    await createWorld(store, { firewall });
    const whole = crashingStore(store, 1_000, 'before');
    let commits = 0;
    store.onCommitted(() => {
      commits += 1;
    });
    await live(whole, firewall);
    // The connection, then intended, performed, undoing and undone.
    expect(commits).toBe(5);
  });
});

type Step =
  | { readonly kind: 'block'; readonly holder: number; readonly lease: number }
  | { readonly kind: 'release'; readonly holder: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'fail'; readonly action: 'block' | 'unblock'; readonly performed: 'no' | 'maybe' }
  | { readonly kind: 'crash'; readonly in: number; readonly when: 'before' | 'after' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('block' as const),
      holder: fc.nat(2),
      lease: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('release' as const), holder: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      action: fc.constantFrom('block' as const, 'unblock' as const),
      performed: fc.constantFrom('no' as const, 'maybe' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      in: fc.integer({ min: 1, max: 4 }),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
);

/** A process that can be made to die, over a store and a product that live on. */
interface Process {
  readonly world: World;
  readonly keeper: LeaseKeeper;
}

async function startProcess(
  store: Store,
  firewall: ReturnType<typeof createFirewall>,
  clock: World['clock'],
): Promise<Process> {
  const world = await createWorld(store, { firewall, clock });
  const keeper = createLeaseKeeper({ context: world.context, alone: true });
  await keeper.start().catch(() => undefined);
  return { world, keeper };
}

async function elapse(clock: World['clock'], minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    clock.advance(60_000);
    await drain(3);
  }
}

/** Performs or releases as a run does, letting the clock go on where it waits. */
async function patiently<Result>(clock: World['clock'], work: Promise<Result>): Promise<Result | undefined> {
  let done = false;
  const result = work.then(
    (value) => value,
    () => undefined,
  );
  void result.then(() => {
    done = true;
  });
  for (let round = 0; round < 200 && !done; round++) {
    await drain(2);
    if (!done) clock.advance(500);
  }
  return result;
}

describe('claims under fire', () => {
  const until = new Map<number, number>();

  async function run(steps: readonly Step[], foreign: boolean): Promise<void> {
    const store = createMemoryStore();
    const firewall = createFirewall();
    const clock = manualClock();
    if (foreign) firewall.product.blocked.add(IP);
    until.clear();
    let process = await startProcess(store, firewall, clock);
    for (const one of steps) {
      process = await take(one, process, { store, firewall, clock });
      check(firewall, clock, foreign);
    }
    firewall.product.next.clear();
    await process.keeper.stop();
    process = await startProcess(store, firewall, clock);
    // Longer than the longest lease and the longest pause between two tries.
    await elapse(clock, 130);
    await process.keeper.stop();
    expect(firewall.product.blocked.has(IP)).toBe(foreign);
    const left = (await process.world.rows('effects')).filter(
      (row) => row.undo_of === '' && !settledStates.has(row.state),
    );
    expect(left).toEqual([]);
  }

  function check(firewall: ReturnType<typeof createFirewall>, clock: World['clock'], foreign: boolean): void {
    const wanted = [...until.values()].some((end) => end > clock.now());
    if (wanted || foreign) expect(firewall.product.blocked.has(IP)).toBe(true);
  }

  async function take(
    one: Step,
    process: Process,
    { store, firewall, clock }: { store: Store; firewall: ReturnType<typeof createFirewall>; clock: World['clock'] },
  ): Promise<Process> {
    const { world, keeper } = process;
    switch (one.kind) {
      case 'block': {
        const lease = one.lease * 60_000;
        const outcome = await patiently(clock, world.perform({ holder: `case:${one.holder}`, lease }));
        // Only what was acknowledged counts as claimed; its end is counted from when it was asked for.
        if (outcome?.status === 'succeeded') {
          const [claim] = await store.find('claims', { where: { holder: `case:${one.holder}`, ended_at: null } });
          until.set(one.holder, claim?.until ?? 0);
        }
        return process;
      }
      case 'release': {
        until.delete(one.holder);
        const request = {
          of: { kind: 'case', case: String(one.holder) },
          reason: 'test',
          causality: world.request().causality,
          now: clock.now(),
        } as const;
        await patiently(clock, world.door.release(request));
        return process;
      }
      case 'wait':
        await elapse(clock, one.minutes);
        return process;
      case 'fail':
        firewall.product.will(one.action, vendorError('unavailable', one.performed));
        return process;
      default: {
        await keeper.stop();
        const dying = await startProcess(crashingStore(store, one.in + 1, one.when), firewall, clock);
        await patiently(clock, dying.world.perform({ holder: 'case:dying', lease: 10 * 60_000 }));
        await elapse(clock, 2);
        await dying.keeper.stop();
        return startProcess(store, firewall, clock);
      }
    }
  }

  it.each([false, true])(
    'never undo what somebody claims or what was so before us (%s), and undo all else',
    async (foreign) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), (steps) => run(steps, foreign)),
        { numRuns: 60 },
      );
    },
    60_000,
  );
});

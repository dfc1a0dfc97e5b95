import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crash, crashingStore } from './testing/crashing-store.ts';
import { createWorld, drain, vendorError, type World } from './testing/world.ts';
import { createLeaseKeeper } from './undo/lease-keeper.ts';

const STEP = 100;

/** A vendor that lifts by itself what it was told to keep for a time; the last call counts. */
function expiring(one: World, latencies: readonly number[]) {
  const expiries: number[] = [];
  for (const latency of latencies) {
    one.product.will('block_for', async (call) => {
      const { seconds } = call.input;
      expiries.push(typeof seconds === 'number' ? one.clock.now() + seconds * 1000 : Number.POSITIVE_INFINITY);
      await new Promise<void>((resolve) => one.clock.after(latency, resolve));
      return { rule: 'r' };
    });
  }
  return expiries;
}

/** One more process on the store of another, in front of the same product. */
const secondProcess = (one: World) =>
  createWorld(one.store, {
    clock: one.clock,
    firewall: { product: one.product, connector: one.context.connectors.get('firewall')! },
  });

/** The vendor takes half a second, and takes down what it was told. */
const slowly = (one: World, told: number[]) => async (call: { readonly input: { readonly seconds?: unknown } }) => {
  await new Promise<void>((resolve) => one.clock.after(500, resolve));
  told.push(Number(call.input.seconds));
  return { rule: 'r' };
};

interface Join {
  readonly lease: number;
  readonly delay: number;
  readonly process: number;
}

async function joinAll(worlds: readonly World[], joins: readonly Join[]) {
  const [one] = worlds as [World];
  const outcomes = Promise.all(
    joins.map(async ({ lease, delay, process }, index) => {
      await new Promise<void>((resolve) => one.clock.after(delay, resolve));
      const world = worlds[process % worlds.length]!;
      const holder = `run:r${index}/block`;
      const seconds = lease * 1000;
      return world.perform({ action: 'block_for', lease: seconds, holder, run: `r${index}`, key: `k${index}` });
    }),
  );
  for (let time = 0; time < 5_000; time += STEP) {
    await drain(8);
    one.clock.advance(STEP);
  }
  await drain(8);
  return outcomes;
}

const leaseUntil = async (one: World) =>
  (await one.rows('effects')).find((row) => row.state === 'performed')?.lease_until ?? Number.NaN;

const delay = fc.constantFrom(0, 1, 100, 400, 500, 700, 1_100);
const joins = fc
  .shuffledSubarray([20, 45, 20], { minLength: 3, maxLength: 3 })
  .chain((leases) =>
    fc.tuple(...leases.map((lease) => fc.record({ lease: fc.constant(lease), delay, process: fc.nat(1) }))),
  );
const latencies = fc.array(fc.constantFrom(0, 100, 300, 900), { minLength: 12, maxLength: 12 });

describe('several leases on one target at once', () => {
  it('are kept by the vendor until the last ends, in every order, and never shortened', async () => {
    await fc.assert(
      fc.asyncProperty(joins, latencies, async (all, slow) => {
        const one = await createWorld(createMemoryStore());
        const expiries = expiring(one, slow);
        const outcomes = await joinAll([one], all);
        expect(outcomes.map((outcome) => outcome.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
        expect(expiries).toEqual(expiries.toSorted((a, b) => a - b));
        expect(expiries.at(-1)).toBeGreaterThanOrEqual(await leaseUntil(one));
      }),
      { numRuns: 60 },
    );
  });

  it('are kept by the vendor until the last ends when two processes ask', async () => {
    await fc.assert(
      fc.asyncProperty(joins, latencies, async (all, slow) => {
        const one = await createWorld(createMemoryStore());
        const expiries = expiring(one, slow);
        const outcomes = await joinAll([one, await secondProcess(one)], all);
        expect(outcomes.map((outcome) => outcome.status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
        expect(expiries.at(-1)).toBeGreaterThanOrEqual(await leaseUntil(one));
      }),
      { numRuns: 60 },
    );
  });

  it('a longer one that the vendor did not take fails, and the ledger keeps the end that the vendor has', async () => {
    const one = await createWorld(createMemoryStore());
    const expiries = expiring(one, [100]);
    one.product.will('block_for', vendorError('unavailable', 'no'));
    const joining = joinAll(
      [one],
      [
        { lease: 20, delay: 0, process: 0 },
        { lease: 45, delay: 1, process: 0 },
      ],
    );
    expect(await joining).toMatchObject([{ status: 'succeeded' }, { status: 'failed', retryable: true }]);
    expect(expiries).toEqual([await leaseUntil(one)]);
  });

  it('waits while another process extends it, so that the longer one comes last', async () => {
    const one = await createWorld(createMemoryStore());
    const two = await secondProcess(one);
    await one.perform({ action: 'block_for', lease: 20_000 });
    const told: number[] = [];
    one.product.will('block_for', slowly(one, told), slowly(one, told));
    const shorter = one.perform({ action: 'block_for', lease: 30_000, holder: 'user:bob' });
    await drain(8);
    const longer = two.perform({ action: 'block_for', lease: 45_000, holder: 'user:eve', key: 'other' });
    for (let time = 0; time < 2_000; time += STEP) {
      await drain(8);
      one.clock.advance(STEP);
    }
    expect(await Promise.all([shorter, longer])).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
    expect(told).toEqual([30, 45]);
  });

  it('is made good by the keeper when the process that extended it dies before it wrote that down', async () => {
    const one = await createWorld(createMemoryStore());
    await one.perform({ action: 'block_for', lease: 60_000 });
    const told: number[] = [];
    one.product.will('block_for', slowly(one, told), slowly(one, told));
    // The commit that would say that the vendor took the 5 minutes; by then another claims 10.
    const dying = await createWorld(crashingStore(one.store, 5, 'before'), {
      clock: one.clock,
      firewall: { product: one.product, connector: one.context.connectors.get('firewall')! },
    });
    const shorter = dying.perform({ action: 'block_for', lease: 300_000, holder: 'user:bob', key: 'bob' });
    shorter.catch(() => undefined);
    await drain(8);
    const longer = one.door.admit(one.request({ action: 'block_for', lease: 600_000, holder: 'user:eve', key: 'eve' }));
    expect(await longer).toMatchObject({ kind: 'send' });
    one.clock.advance(500);
    await expect(shorter).rejects.toThrow(Crash);
    const keeper = createLeaseKeeper({ context: one.context });
    await keeper.settle();
    expect(told).toEqual([300]);
    // The turn of the dead process runs out long before any lease would have in the ledger alone.
    one.clock.advance(36_000);
    const settled = keeper.settle();
    await drain(8);
    one.clock.advance(500);
    await settled;
    expect(told).toEqual([300, 564]);
    const ends = one.clock.now() - 37_000 + 600_000;
    expect(await one.rows('effects')).toMatchObject([
      { state: 'performed', lease_until: ends, args: { seconds: 564 } },
    ]);
  });
});

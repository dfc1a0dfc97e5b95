import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { setSwitch } from '../guard/switches.ts';
import { resolveUnknown } from '../resolve-unknown.ts';
import {
  createFirewall,
  createWorld,
  drain,
  firewallManifest,
  lostAnswer,
  vendorError,
  type World,
} from '../testing/world.ts';
import { type Alarm, createLeaseKeeper } from './lease-keeper.ts';

const HOUR = 3_600_000;
const signal = new AbortController().signal;
const world = () => createWorld(createMemoryStore());
const effect = async (one: World) => (await one.rows('effects')).find((row) => row.undo_of === '')!;
const undo = async (one: World) => (await one.rows('effects')).find((row) => row.undo_of !== '');
const unblocks = (one: World) => one.product.calls.filter((call) => call.startsWith('unblock')).length;

async function engage(one: World, id: string, engaged = true) {
  const change = await setSwitch(one.store, { id, engaged, reason: 'drill', principal: 'user:ann', at: 1, trace: '' });
  await one.store.commit(change);
}

describe('the lease keeper', () => {
  it('wakes for leases by itself, never early, also for those that come while it waits', async () => {
    const one = await world();
    const keeper = createLeaseKeeper({ context: one.context });
    await keeper.start();
    await one.perform({ lease: 2 * HOUR });
    await one.perform({ lease: HOUR, input: { ip: '203.0.113.8' }, holder: 'user:bob' });
    await drain();
    one.clock.advance(HOUR - 1);
    await drain();
    expect(one.product.blocked.size).toBe(2);
    one.clock.advance(1);
    await drain();
    expect([...one.product.blocked]).toEqual(['203.0.113.7']);
    one.clock.advance(HOUR);
    await drain();
    expect(one.product.blocked.size).toBe(0);
    await keeper.stop();
    expect(one.clock.pending).toBe(0);
  });

  it('looks seldom when nothing is due', async () => {
    const one = await world();
    let reads = 0;
    const find: typeof one.store.find = (table, query) => {
      reads += 1;
      return one.store.find(table, query);
    };
    const counting = { ...one.context, store: { ...one.store, find } };
    const keeper = createLeaseKeeper({ context: counting });
    await keeper.start();
    const before = reads;
    for (let second = 0; second < 60; second++) {
      one.clock.advance(1_000);
      await drain(5);
    }
    expect(reads - before).toBeLessThanOrEqual(18);
    await keeper.stop();
  });

  it('undoes at the start what ended while nobody was there', async () => {
    const one = await world();
    await one.perform();
    one.clock.advance(10 * HOUR);
    const next = await createWorld(one.store, {
      clock: one.clock,
      firewall: { product: one.product, connector: one.context.connectors.get('firewall')! },
    });
    const keeper = createLeaseKeeper({ context: next.context });
    await keeper.start();
    expect(await effect(next)).toMatchObject({ state: 'undone' });
    await keeper.stop();
  });

  it('takes "not found" for undone', async () => {
    const one = await world();
    await one.perform();
    one.product.blocked.clear();
    one.clock.advance(HOUR);
    await createLeaseKeeper({ context: one.context }).settle();
    expect(await effect(one)).toMatchObject({ state: 'undone' });
  });

  it('tries a failed undo again with growing delays, and raises the alarm', async () => {
    const one = await world();
    await one.perform();
    one.product.will('unblock', vendorError('unavailable', 'no'), vendorError('timeout', 'maybe'));
    const alarms: Alarm[] = [];
    const keeper = createLeaseKeeper({ context: one.context, onAlarm: (alarm) => alarms.push(alarm) });
    await keeper.start();
    one.clock.advance(HOUR);
    await drain();
    expect(await effect(one)).toMatchObject({ state: 'undo_failed', wake_at: one.clock.now() + 5_000 });
    one.clock.advance(5_000);
    await drain();
    expect(await effect(one)).toMatchObject({ state: 'undo_failed', wake_at: one.clock.now() + 10_000 });
    expect(await undo(one)).toMatchObject({ state: 'unknown', attempts: 2 });
    one.clock.advance(10_000);
    await drain();
    expect(await effect(one)).toMatchObject({ state: 'undone' });
    expect(await undo(one)).toMatchObject({ state: 'performed', attempts: 3 });
    expect(alarms).toHaveLength(2);
    expect((await one.rows('audit')).filter((row) => row.action === 'effect.undo_failed')).toHaveLength(2);
    await keeper.stop();
  });

  it('goes on undoing while the kill switch is engaged, unless undoing is stopped too', async () => {
    const one = await world();
    await one.perform();
    await engage(one, 'global');
    await engage(one, 'undo');
    const keeper = createLeaseKeeper({ context: one.context });
    await keeper.start();
    one.clock.advance(HOUR);
    await drain();
    for (let second = 0; second < 30; second++) {
      one.clock.advance(1_000);
      await drain();
    }
    expect(unblocks(one)).toBe(0);
    expect(await effect(one)).toMatchObject({ state: 'performed' });
    await engage(one, 'undo', false);
    one.clock.advance(0);
    await drain();
    expect(unblocks(one)).toBe(1);
    expect(await effect(one)).toMatchObject({ state: 'undone' });
    await keeper.stop();
  });

  it('lets what cannot be undone, or is not ours to undo, run out', async () => {
    const one = await world();
    one.product.blocked.add('203.0.113.7');
    await one.perform();
    await one.perform({ action: 'isolate', input: { host: 'web7' } });
    one.clock.advance(HOUR);
    await createLeaseKeeper({ context: one.context }).settle();
    expect((await one.rows('effects')).map((row) => row.state)).toEqual(['expired', 'expired']);
    expect(one.product.blocked.size).toBe(2);
  });

  it('does not spin or give up when a connector or connection is gone', async () => {
    const one = await world();
    await one.perform();
    await one.store.commit({ rows: [{ op: 'delete', table: 'connections', id: 'fw1' }] });
    const alarms: Alarm[] = [];
    one.clock.advance(HOUR);
    await createLeaseKeeper({ context: one.context, onAlarm: (alarm) => alarms.push(alarm) }).settle();
    expect(await effect(one)).toMatchObject({ state: 'undo_failed', wake_at: one.clock.now() + 5_000 });
    expect(alarms).toMatchObject([{ error: { code: 'actions.undo_impossible' } }]);
  });

  it('asks what became of a lost answer, and undoes at the end of the lease what had happened', async () => {
    const one = await world();
    one.product.will('block', lostAnswer(one.product, 'block'));
    one.product.will('list', () => ({ ips: [] }), vendorError('unavailable', 'no'));
    expect(await one.perform()).toMatchObject({ status: 'failed', performed: 'maybe' });
    const keeper = createLeaseKeeper({ context: one.context });
    one.clock.advance(30_000);
    await keeper.settle();
    expect(await effect(one)).toMatchObject({ state: 'performed' });
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(await effect(one)).toMatchObject({ state: 'undone' });
    expect(one.product.blocked.size).toBe(0);
  });

  it('polls what a person began and nobody else looks after', async () => {
    const one = await world();
    const request = one.request({ action: 'scan', input: { ip: '203.0.113.7' }, lease: undefined, timeout: 1_000 });
    expect(await one.door.perform(request, signal)).toMatchObject({ status: 'pending' });
    one.product.will('scan_state', () => ({ state: 'done', open: 2 }));
    one.clock.advance(5_000);
    await createLeaseKeeper({ context: one.context }).settle();
    expect(await effect(one)).toMatchObject({ state: 'performed', receipt: { open: 2 } });
  });
});

describe('an undo that must not be sent twice', () => {
  const firewallWith = (patch: object) => {
    const firewall = createFirewall();
    const { actions } = firewallManifest;
    const { block, unblock } = actions as Record<string, (typeof actions)[string]>;
    const manifest = {
      ...firewallManifest,
      actions: { ...actions, unblock: { ...unblock!, idempotent: false }, block: { ...block!, ...patch } },
    };
    return { product: firewall.product, connector: { ...firewall.connector, manifest } };
  };

  it('is read back when its answer was lost: gone is undone', async () => {
    const one = await createWorld(createMemoryStore(), { firewall: firewallWith({}) });
    await one.perform();
    one.product.will('unblock', lostAnswer(one.product, 'unblock'));
    one.clock.advance(HOUR);
    await createLeaseKeeper({ context: one.context }).settle();
    expect(await effect(one)).toMatchObject({ state: 'undone' });
    expect(unblocks(one)).toBe(1);
  });

  it('is sent again when the target is seen to be still in force', async () => {
    const one = await createWorld(createMemoryStore(), { firewall: firewallWith({}) });
    await one.perform();
    one.product.will('unblock', vendorError('timeout', 'maybe'));
    const keeper = createLeaseKeeper({ context: one.context });
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(await effect(one)).toMatchObject({ state: 'undo_failed' });
    one.clock.advance(5_000);
    await keeper.settle();
    expect(await effect(one)).toMatchObject({ state: 'undone' });
    expect(unblocks(one)).toBe(2);
  });

  it('is read back first when the product could not be asked at the time', async () => {
    const one = await createWorld(createMemoryStore(), { firewall: firewallWith({}) });
    await one.perform();
    one.product.will('unblock', lostAnswer(one.product, 'unblock'));
    one.product.will('list', vendorError('unavailable', 'no'));
    const keeper = createLeaseKeeper({ context: one.context });
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(await effect(one)).toMatchObject({ state: 'undo_failed' });
    one.clock.advance(5_000);
    await keeper.settle();
    expect(await effect(one)).toMatchObject({ state: 'undone' });
    expect(unblocks(one)).toBe(1);
  });

  it('waits for a person when there is no way to find out', async () => {
    const one = await createWorld(createMemoryStore(), { firewall: firewallWith({ verify: undefined }) });
    await one.perform();
    one.product.will('unblock', vendorError('timeout', 'maybe'));
    const keeper = createLeaseKeeper({ context: one.context });
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(await effect(one)).toMatchObject({ state: 'undo_failed', wake_at: null });
    one.clock.advance(100 * HOUR);
    await keeper.settle();
    expect(unblocks(one)).toBe(1);
  });

  it('is settled by a person who looked: done, or to be sent again', async () => {
    for (const happened of [true, false]) {
      const one = await createWorld(createMemoryStore(), { firewall: firewallWith({ verify: undefined }) });
      await one.perform();
      one.product.will('unblock', vendorError('timeout', 'maybe'));
      const keeper = createLeaseKeeper({ context: one.context });
      one.clock.advance(HOUR);
      await keeper.settle();
      const undo = (await one.rows('effects')).find((row) => row.undo_of !== '')!;
      expect(undo.state).toBe('unknown');
      const { causality } = one.request();
      await one.store.commit(await resolveUnknown(one.context, { effect: undo.id, happened, causality }));
      await keeper.settle();
      expect(await effect(one)).toMatchObject({ state: 'undone' });
      expect(unblocks(one)).toBe(happened ? 1 : 2);
    }
  });
});

describe('blocking again', () => {
  it('waits for an undo that is under way', async () => {
    const one = await world();
    await one.perform();
    let finish = () => {};
    one.product.will(
      'unblock',
      (call) =>
        new Promise((resolve) => {
          finish = () => {
            one.product.blocked.delete(String(call.input.ip));
            resolve({});
          };
        }),
    );
    one.clock.advance(HOUR);
    const settling = createLeaseKeeper({ context: one.context }).settle();
    await drain();
    const again = one.perform({ holder: 'user:bob' });
    await drain();
    expect(one.product.calls.filter((call) => call.startsWith('block'))).toHaveLength(1);
    finish();
    await settling;
    one.clock.advance(100);
    expect(await again).toMatchObject({ status: 'succeeded' });
    expect([...one.product.blocked]).toEqual(['203.0.113.7']);
  });

  it('calls off an undo that failed and would be tried again', async () => {
    const one = await world();
    await one.perform();
    one.product.will('unblock', vendorError('unavailable', 'no'));
    const keeper = createLeaseKeeper({ context: one.context });
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(await one.perform({ holder: 'user:bob' })).toMatchObject({ status: 'succeeded' });
    const states = async () =>
      (await one.rows('effects'))
        .filter((row) => row.undo_of === '')
        .map((row) => row.state)
        .sort();
    expect(await states()).toEqual(['expired', 'performed']);
    one.clock.advance(60_000);
    await keeper.settle();
    expect([...one.product.blocked]).toEqual(['203.0.113.7']);
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(one.product.blocked.size).toBe(0);
  });
});

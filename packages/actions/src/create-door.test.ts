import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createWorld } from './testing/world.ts';
import { createLeaseKeeper } from './undo/lease-keeper.ts';

describe('an effect from beginning to end', () => {
  it('is intended, performed, leased, and undone when the lease ends', async () => {
    const world = await createWorld(createMemoryStore());
    const admission = await world.door.admit(world.request());
    if (admission.kind !== 'send') throw new Error('not admitted');
    expect(world.product.blocked.size).toBe(0);
    await world.store.commit(admission.change);
    expect(await world.store.get('effects', admission.effect!)).toMatchObject({
      state: 'intended',
      target: 'ipv4-addr:203.0.113.7',
      args: { ip: '203.0.113.7', note: 'none' },
      simulated: true,
    });
    const outcome = await admission.send(new AbortController().signal);
    expect(outcome).toMatchObject({ status: 'succeeded', output: { rule: 'r-203.0.113.7' } });
    await world.store.commit(outcome.change);
    const until = world.clock.now() + 3_600_000;
    expect(await world.store.get('effects', admission.effect!)).toMatchObject({
      state: 'performed',
      preexisting: false,
      inverse: { action: 'unblock', with: { ip: '203.0.113.7' } },
      lease_until: until,
      wake_at: until,
    });

    const keeper = createLeaseKeeper({ context: world.context });
    await keeper.start();
    world.clock.advance(3_599_999);
    await keeper.settle();
    expect(world.product.blocked.size).toBe(1);
    world.clock.advance(1);
    await keeper.settle();
    await keeper.stop();
    expect(world.product.blocked.size).toBe(0);
    expect(await world.store.get('effects', admission.effect!)).toMatchObject({ state: 'undone', wake_at: null });
    const undo = (await world.rows('effects')).find((row) => row.undo_of === admission.effect);
    expect(undo).toMatchObject({ state: 'performed', action: 'unblock', attempts: 1 });
    const audited = (await world.rows('audit')).map((row) => row.action);
    expect(audited).toEqual(['effect.intended', 'effect.performed', 'effect.undoing', 'effect.undone']);
  });
});

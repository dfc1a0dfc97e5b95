import { manualClock } from '@counterpoint/core';
import { type EventEnvelope, newEvent, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createMortalStore } from '../testing/mortal-store.ts';
import { createRig, playbookText, type Rig, settled } from '../testing/rig.ts';

const TOPIC = 'ticket.closed.v1';
const WAITS = playbookText(
  `  - { id: w, wait: { topic: ${TOPIC}, match: candidate.id == inputs.id, timeout: 1h } }`,
  `inputs: { id: { type: string } }
outputs: { by: "\${{ steps.w.event.by }}" }`,
);

function anEvent(rig: Rig, data: object, subject = 's'): EventEnvelope {
  const causality = { principal: 'system', trace: 'b'.repeat(32), cause: '', hop: 0 };
  return newEvent(TOPIC, subject, data as never, causality, rig.clock.now());
}

/** As a server does it: the event is durable before the engine hears of it. */
async function announce(rig: Rig, data: object, engine = rig.engine): Promise<EventEnvelope> {
  const event = anEvent(rig, data);
  await rig.store.commit({ events: [event] });
  await engine.handleEvent(event);
  await settled();
  return event;
}

const left = async (store: Store) => [
  await store.count('subscriptions'),
  await store.count('timers'),
  await store.count('signals'),
];

describe('engine: waiting for events', () => {
  it('goes on with the event that matches, and leaves nothing behind', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(WAITS);
    const run = await rig.run({ id: 'T-1' });
    await settled();
    expect(await left(rig.store)).toEqual([1, 1, 0]);
    await announce(rig, { id: 'T-2', by: 'bob' });
    expect((await rig.store.get('runs', run))?.status).toBe('waiting');
    await announce(rig, { id: 'T-1', by: 'ada' });
    expect(rig.finished).toMatchObject([{ run, outputs: { by: 'ada' } }]);
    expect(await left(rig.store)).toEqual([0, 0, 0]);
  });

  it('takes an event once, however often it is announced', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(WAITS);
    await rig.run({ id: 'T-1' });
    await settled();
    const event = await announce(rig, { id: 'T-1', by: 'ada' });
    await rig.engine.handleEvent(event);
    await settled();
    expect(rig.finished).toHaveLength(1);
    expect(await left(rig.store)).toEqual([0, 0, 0]);
  });

  it('misses no event that comes between its decision and its subscription', async () => {
    const inner = createMemoryStore();
    const rig = await createRig(inner);
    await rig.publish(WAITS);
    // The event is announced while the first commit of the run is still under way: nobody has subscribed by then.
    const commit = inner.commit;
    let event: EventEnvelope | undefined;
    inner.commit = async (change) => {
      const subscribes = change.rows?.some(({ table }) => table === 'subscriptions');
      if (subscribes && !event) {
        event = anEvent(rig, { id: 'T-1', by: 'ada' });
        await commit({ events: [event] });
        await rig.engine.handleEvent(event);
      }
      return commit(change);
    };
    await rig.run({ id: 'T-1' });
    await settled();
    expect(rig.finished).toMatchObject([{ outputs: { by: 'ada' } }]);
  });

  it('finds what came since the run began', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(
      playbookText(
        `  - { id: pause, wait: { for: 10s } }
  - { id: w, wait: { topic: ${TOPIC}, since: run_start, match: candidate.id == "T-1" } }`,
        `outputs: { by: "\${{ steps.w.event.by }}" }`,
      ),
    );
    await announce(rig, { id: 'T-1', by: 'too early' });
    rig.clock.advance(1);
    await rig.run();
    rig.clock.advance(1_000);
    await announce(rig, { id: 'T-1', by: 'ada' });
    await rig.settle(10_000);
    expect(rig.finished).toMatchObject([{ outputs: { by: 'ada' } }]);
  });

  it.each([1, 2, 3, 4, 5].flatMap((commit) => [true, false].map((durable) => ({ commit, durable }))))(
    'loses no event when the process dies at a commit: %o',
    async (death) => {
      const inner = createMemoryStore();
      const clock = manualClock();
      const before = await createRig(inner, { clock });
      await before.publish(WAITS);
      await before.engine.stop();
      const rig = await createRig(createMortalStore(inner, death), { clock });
      void rig.run({ id: 'T-1' }).catch(() => undefined);
      await settled();
      const [run] = await inner.find('runs', {});
      if (!run) return;
      const event = anEvent(rig, { id: 'T-1', by: 'ada' });
      void rig.store.commit({ events: [event] }).then(() => rig.engine.handleEvent(event));
      await settled();
      const after = await createRig(inner, { clock, workerId: 'w2' });
      // What the outbox holds is announced by the next process; what nobody wrote down comes again from outside.
      if ((await inner.count('outbox')) === 0) await inner.commit({ events: [event] });
      await after.engine.handleEvent(event);
      await after.settle(1_000, 3);
      expect(await inner.get('runs', run.id)).toMatchObject({ status: 'succeeded', outputs: { by: 'ada' } });
      expect(await left(inner)).toEqual([0, 0, 0]);
    },
  );

  it('asks only those that an event may concern, however many wait for its topic', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(WAITS);
    const size = 300;
    for (let n = 0; n < size; n++) await rig.run({ id: `T-${n}` });
    await settled();
    let signals = 0;
    rig.store.onCommitted(({ rows }) => {
      signals += rows?.filter(({ table, op }) => table === 'signals' && op !== 'delete').length ?? 0;
    });
    for (let n = 0; n < size; n++) await announce(rig, { id: `T-${n}`, by: 'ada' });
    expect(rig.finished).toHaveLength(size);
    expect(signals).toBe(size);
  });
});

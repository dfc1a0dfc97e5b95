import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRig, type Rig, reactionText } from './testing/rig.ts';

let store: Store;
let rig: Rig;
beforeEach(async () => {
  store = createMemoryStore();
  rig = await createRig(store);
});

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => ({ what: from + at }));
const acted = () => rig.sent.map(({ input }) => input.what);

describe('a rate', () => {
  it('holds what is too much, and lets it go on in order as soon as there is room', async () => {
    await rig.publish(reactionText('limits: { rate: 3/10s }'));
    for (const event of numbers(0, 7)) await rig.give(event);
    expect(acted()).toEqual([0, 1, 2]);
    expect(await rig.outcomes()).toMatchObject(numbers(3, 7).map(() => ({ outcome: 'held', reason: 'rate' })));
    await rig.pass(10_100);
    expect(acted()).toEqual([0, 1, 2, 3, 4, 5]);
    await rig.give({ what: 7 });
    await rig.pass(10_100);
    expect(acted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const [first] = await rig.outcomes();
    expect(first).toMatchObject({ outcome: 'started', expires_at: null });
    expect(await store.get('runs', first?.run ?? '')).toMatchObject({ event: { what: 3 } });
  });

  it('is kept over a restart, and what is held too', async () => {
    await rig.publish(reactionText('limits: { rate: 2/10s }'));
    await rig.give(...numbers(0, 2));
    await rig.give({ what: 2 });
    await rig.reactions.stop();
    rig = await rig.again();
    await rig.give({ what: 3 });
    expect(acted()).toEqual([]);
    await rig.pass(10_100);
    expect(acted()).toEqual([2, 3]);
  });

  it('counts what was started before it was declared', async () => {
    await rig.publish(reactionText());
    await rig.give(...numbers(0, 2));
    await rig.pass(5_000);
    await rig.publish(reactionText('limits: { rate: 2/1h }'));
    await rig.give({ what: 2 });
    expect(acted()).toEqual([0, 1]);
  });

  it('does not act on what has become stale', async () => {
    await rig.publish(reactionText('limits: { rate: 1/1h, stale: 10m }'));
    await rig.give({ what: 0 });
    await rig.give({ what: 1 });
    await rig.pass(601_000);
    expect(await rig.outcomes()).toMatchObject([{ outcome: 'expired', reason: 'rate' }]);
    await rig.pass(1_000);
    expect(acted()).toEqual([0]);
  });

  it('holds nothing that is a duplicate anyway, and finds those among what is held', async () => {
    await rig.publish(reactionText('limits: { rate: 1/10s }\nidempotency: { key: string(event.what), ttl: 1h }'));
    for (const what of [0, 0, 1, 1]) await rig.give({ what });
    expect((await rig.outcomes()).map(({ outcome }) => outcome).sort()).toEqual(['duplicate', 'held', 'held']);
    await rig.pass(20_100);
    expect(acted()).toEqual([0, 1]);
    expect((await rig.outcomes()).map(({ outcome }) => outcome).sort()).toEqual(['duplicate', 'duplicate', 'started']);
  });

  it('lets nothing of a disabled reaction go on, and goes on when it is enabled again', async () => {
    await rig.publish(reactionText('limits: { rate: 1/10s }'));
    await rig.give({ what: 0 });
    await rig.give({ what: 1 });
    const enable = async (enabled: boolean) => {
      const row = await store.get('playbooks', 'r');
      if (row)
        await store.commit({
          rows: [{ op: 'update', table: 'playbooks', row: { ...row, enabled, rev: row.rev + 1 } }],
        });
    };
    await enable(false);
    await rig.pass(20_000);
    expect(acted()).toEqual([0]);
    await enable(true);
    await rig.pass(2_000);
    expect(acted()).toEqual([0, 1]);
  });

  it('passes over what can never go on', async () => {
    const broken = await createRig(createMemoryStore(), {
      rehearse: () => Promise.reject(new TypeError('it cannot be rehearsed')),
    });
    await broken.publish(reactionText('limits: { rate: 1/10s }'));
    for (const event of numbers(0, 3)) await broken.give(event);
    await broken.publish(reactionText('mode: observe\nlimits: { rate: 1/10s }'));
    await broken.pass(20_100);
    expect(await broken.outcomes()).toMatchObject([
      { outcome: 'refused', reason: 'failed' },
      { outcome: 'refused', reason: 'failed' },
    ]);
    expect(broken.problems).toHaveLength(2);
  });

  it('asks the current version whether it still wants what was held', async () => {
    await rig.publish(reactionText('limits: { rate: 1/10s }'));
    await rig.give({ what: 0 });
    await rig.give({ what: 1 });
    await rig.give({ what: 2 });
    await rig.publish(reactionText(`limits: { rate: 1/10s }\nsubscribe: { topic: seen.v1, when: event.what != 1 }`));
    await rig.pass(20_100);
    expect(acted()).toEqual([0, 2]);
    expect(await rig.outcomes()).toMatchObject([{ outcome: 'refused', reason: 'condition' }, { outcome: 'started' }]);
  });

  it('never lets more through than it says, keeps the order, and loses nothing', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('event' as const),
        key: fc.integer({ min: 0, max: 6 }),
        times: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ kind: fc.constant('pass' as const), millis: fc.integer({ min: 1, max: 40 }).map((n) => n * 100) }),
      fc.record({ kind: fc.constant('restart' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { minLength: 5, maxLength: 25 }),
        async (count, steps) => {
          let one = await createRig(createMemoryStore());
          const per = 2_000;
          await one.publish(reactionText(`limits: { rate: ${count}/2s }\nidempotency: { key: event.key, ttl: 5s }`));
          const given: { id: string; at: number }[] = [];
          for (const step of steps) {
            if (step.kind === 'pass') await one.pass(step.millis);
            else if (step.kind === 'restart') {
              await one.reactions.stop();
              one = await one.again();
            } else {
              const events = await Promise.all(
                Array.from({ length: step.times }, (_, at) =>
                  one.announce({ what: given.length + at, key: `k${step.key}` }, { subject: `k${step.key}` }),
                ),
              );
              // The same twice at once, as after an acknowledgement that was lost.
              await one.give(...events, ...events);
              given.push(...events.map(({ id }) => ({ id, at: one.clock.now() })));
            }
          }
          await one.pass(60_000);
          const runs = await one.runs();
          const rows = await one.outcomes();
          for (const run of runs) {
            const near = runs.filter(
              ({ created_at }) => created_at > run.created_at - per && created_at <= run.created_at,
            );
            expect(near.length).toBeLessThanOrEqual(count);
          }
          for (const { id } of given) {
            const run = runs.filter(({ cause }) => cause === `event:${id}`);
            const row = rows.filter(({ event }) => event === id);
            expect(run.length + row.filter(({ outcome }) => outcome !== 'started').length).toBe(1);
            expect(row.length).toBeLessThanOrEqual(1);
          }
          const order = runs.map(({ event }) => Number((event as { what: number }).what));
          expect(order).toEqual([...order].sort((a, b) => a - b));
          expect(one.problems).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});

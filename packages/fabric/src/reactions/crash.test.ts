import type { Change, EventEnvelope, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig, envelope, type Rig, reactionText } from './testing/rig.ts';

const never = <Value>(): Promise<Value> => new Promise(() => undefined);

/** A process that stands still for ever at its `at`-th commit: right before it, or right after it became durable. */
function dying(store: Store, at: number, when: 'before' | 'after'): Store & { readonly dead: () => boolean } {
  let count = 0;
  let dead = false;
  const alive =
    <Args extends unknown[], Value>(call: (...args: Args) => Promise<Value>) =>
    (...args: Args): Promise<Value> =>
      dead ? never() : call(...args);
  return {
    dead: () => dead,
    get: alive(store.get.bind(store)) as Store['get'],
    find: alive(store.find.bind(store)) as Store['find'],
    count: alive(store.count.bind(store)) as Store['count'],
    tally: alive(store.tally.bind(store)) as Store['tally'],
    async commit(change: Change) {
      if (dead) return never();
      count += 1;
      if (count === at && when === 'before') dead = true;
      if (dead) return never();
      await store.commit(change);
      if (count === at) dead = true;
      return dead ? never() : undefined;
    },
    onCommitted: (listener) => store.onCommitted((change) => (dead ? undefined : listener(change))),
    close: () => store.close(),
  };
}

const HEADS = {
  'without limits': '',
  'with a key': 'idempotency: { key: event.key, ttl: 1h }',
  'with a key and a rate': 'limits: { rate: 2/10s }\nidempotency: { key: event.key, ttl: 1h }',
};

async function whole(rig: Rig, events: readonly EventEnvelope[]): Promise<void> {
  // Whatever was not acknowledged comes again, and so may what was.
  for (const event of events) void rig.handle(event);
  await rig.pass(22_000);
}

describe.each(Object.entries(HEADS))('a crash, %s', (_, head) => {
  const keyed = head.includes('key');

  it.each(['before', 'after'] as const)('%s any commit leaves each event as one run or one row', async (when) => {
    let deaths = 0;
    for (let at = 1; at <= 12; at++) {
      const store = createMemoryStore();
      const first = await createRig(store);
      await first.publish(reactionText(head));
      await first.reactions.stop();
      const events = [0, 1, 2, 3, 4].map((what) =>
        envelope({ what, key: `k${what % 3}` }, first.clock.now(), { subject: `s${what}` }),
      );
      await store.commit({ events });
      const mortal = dying(store, at, when);
      const before = await createRig(mortal, { clock: first.clock });
      await whole(before, events);
      if (mortal.dead()) deaths += 1;
      const after = await createRig(store, { clock: first.clock });
      await whole(after, events);
      const runs = await after.runs();
      const rows = await after.outcomes();
      for (const { id } of events) {
        const own = runs.filter(({ cause }) => cause === `event:${id}`).length;
        const said = rows.filter((row) => row.event === id && row.outcome !== 'started').length;
        expect({ at, id, of: own + said }).toEqual({ at, id, of: 1 });
      }
      expect(runs).toHaveLength(keyed ? 3 : 5);
      expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'succeeded'));
    }
    expect(deaths).toBeGreaterThan(3);
  });
});

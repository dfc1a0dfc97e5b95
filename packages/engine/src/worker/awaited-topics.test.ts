import type { RowWrite, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAwaitedTopics } from './awaited-topics.ts';

let store: Store;
let asked: number;

beforeEach(() => {
  const memory = createMemoryStore();
  asked = 0;
  store = {
    ...memory,
    find(table, query) {
      asked += 1;
      return memory.find(table, query);
    },
  };
});

const subscription = (topic: string): RowWrite => ({
  op: 'put',
  table: 'subscriptions',
  row: { id: `s-${topic}`, run: 'r', address: 'w', name: '', topic, key: '', since: 0, created_at: 0 },
});

describe('awaited topics', () => {
  it('asks the store once for a topic that nobody waits for', async () => {
    const awaited = createAwaitedTopics(store);
    expect(await awaited.mayBeAwaited('a.v1')).toBe(false);
    expect(await awaited.mayBeAwaited('a.v1')).toBe(false);
    expect(asked).toBe(1);
  });

  it('notices a subscription, whether it was there before or comes later', async () => {
    await store.commit({ rows: [subscription('a.v1')] });
    const awaited = createAwaitedTopics(store);
    expect(await awaited.mayBeAwaited('a.v1')).toBe(true);
    expect(await awaited.mayBeAwaited('b.v1')).toBe(false);
    await store.commit({ rows: [subscription('b.v1')] });
    expect(await awaited.mayBeAwaited('b.v1')).toBe(true);
  });

  it('believes no answer that a subscription may have overtaken', async () => {
    const slow: Store = {
      ...store,
      async find(table, query) {
        const found = await store.find(table, query);
        await store.commit({ rows: [subscription('a.v1')] });
        return found;
      },
    };
    expect(await createAwaitedTopics(slow).mayBeAwaited('a.v1')).toBe(true);
  });
});

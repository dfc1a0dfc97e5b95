import type { Store } from '@counterpoint/events';

/** Knows which topics nobody waits for, so that their events need no look at the store. */
export interface AwaitedTopics {
  /** Whether some run may wait for events of the topic; true when that is not known. */
  mayBeAwaited(topic: string): Promise<boolean>;
}

/** How many topics are remembered; foreign ones may be without number. */
const MOST = 10_000;

/**
 * Remembers topics without subscriptions, until one is committed. Only for a process that is alone on its store: the
 * subscriptions of others would go unnoticed.
 */
export function createAwaitedTopics(store: Store): AwaitedTopics {
  const free = new Set<string>();
  let changes = 0;
  store.onCommitted(({ rows = [] }) => {
    for (const write of rows) {
      if (write.table !== 'subscriptions' || write.op === 'delete') continue;
      changes += 1;
      free.delete(write.row.topic);
    }
  });
  return {
    async mayBeAwaited(topic) {
      if (free.has(topic)) return false;
      const before = changes;
      const [one] = await store.find('subscriptions', { where: { topic }, limit: 1 });
      if (one) return true;
      // One that was committed while the store was asked may be of this very topic.
      if (changes !== before) return true;
      if (free.size >= MOST) free.clear();
      free.add(topic);
      return false;
    },
  };
}

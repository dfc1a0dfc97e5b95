import type { Store } from '@counterpoint/events';

const GRACE = 3_600_000;
const AT_ONCE = 500;

/**
 * Removes dedup windows that ended more than an hour ago, and says how many. They decide about nothing any more; without
 * this the table grows with every new finding. Call it now and then, such as once an hour.
 *
 * @param now Unix milliseconds.
 */
export async function pruneDedupWindows(store: Store, now: number): Promise<number> {
  for (let removed = 0; ; ) {
    const where = { expires_at: { lt: now - GRACE } };
    const ended = await store.find('dedup_windows', { where, limit: AT_ONCE });
    if (ended.length === 0) return removed;
    await store.commit({ rows: ended.map(({ id }) => ({ op: 'delete', table: 'dedup_windows', id })) });
    removed += ended.length;
  }
}

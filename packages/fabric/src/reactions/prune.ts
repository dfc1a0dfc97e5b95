import type { ReactionEventRow, RowWrite, Store } from '@counterpoint/events';

const PAGE = 500;

const OVER: readonly ReactionEventRow['outcome'][] = [
  'observed',
  'started',
  'duplicate',
  'unconfirmed',
  'refused',
  'expired',
  'discarded',
];

/**
 * Removes keys whose time to live is over, and rows of events that were dealt with before a moment: those that are still
 * held stay. Gives how many rows went.
 *
 * @param before Unix milliseconds; null: the rows of events are kept
 */
export async function pruneReactions(store: Store, now: number, before: number | null): Promise<number> {
  let count = await removed(store, async () => {
    const where = { until: { lt: now } };
    const keys = await store.find('reaction_keys', { where, orderBy: [{ column: 'until' }], limit: PAGE });
    return keys.map(({ id }) => ({ op: 'delete', table: 'reaction_keys', id }));
  });
  if (before === null) return count;
  const reactions = await store.find('playbooks', { where: { kind: 'reaction' }, limit: 10_000 });
  for (const { id: reaction } of reactions) {
    for (const outcome of OVER) {
      count += await removed(store, async () => {
        const where = { reaction, outcome, at: { lt: before } };
        const rows = await store.find('reaction_events', { where, orderBy: [{ column: 'at' }], limit: PAGE });
        return rows.map(({ id }) => ({ op: 'delete', table: 'reaction_events', id }));
      });
    }
  }
  return count;
}

async function removed(store: Store, next: () => Promise<readonly RowWrite[]>): Promise<number> {
  for (let count = 0; ; ) {
    const rows = await next();
    if (rows.length > 0) await store.commit({ rows });
    count += rows.length;
    if (rows.length < PAGE) return count;
  }
}

import { isCounterpointError } from '@counterpoint/core';
import type { ConsumerRow, RowWrite, SettingRow, Store } from '@counterpoint/events';

const SETTING = 'event_log_kept_in';
const STORE = 'store';
const PAGE = 500;

/**
 * Notes what the log is kept in. Positions mean something in one log only: in another one than before, consumers begin at
 * `position`, and what they had not dealt with in the store is pending again, so that the relay brings it there.
 *
 * @param kept `store`, or a name that another log, and the same one made anew, would not have
 */
export async function adoptLog(store: Store, kept: string, position: number): Promise<void> {
  const standing = await store.get('settings', SETTING);
  const before = standing?.value ?? STORE;
  if (before === kept) return;
  const consumers = await store.find('consumers', { limit: 10_000 });
  const again = before === STORE ? await undelivered(store, consumers) : [];
  const moved = consumers.map((row): RowWrite => ({ op: 'put', table: 'consumers', row: { ...row, position } }));
  try {
    await store.commit({ rows: [noting(standing, kept), ...moved, ...again] });
  } catch (error) {
    // Another process did so at the same moment.
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    await adoptLog(store, kept, position);
  }
}

function noting(standing: SettingRow | undefined, kept: string): RowWrite {
  const row = { id: SETTING, value: kept, rev: (standing?.rev ?? 0) + 1 };
  return standing ? { op: 'update', table: 'settings', row } : { op: 'insert', table: 'settings', row };
}

async function undelivered(store: Store, consumers: readonly ConsumerRow[]): Promise<readonly RowWrite[]> {
  const writes: RowWrite[] = [];
  if (consumers.length === 0) return writes;
  for (let after = Math.min(...consumers.map(({ position }) => position)); ; ) {
    const where = { position: { gt: after } };
    const rows = await store.find('outbox', { where, orderBy: [{ column: 'position' }], limit: PAGE });
    for (const row of rows) {
      writes.push({
        op: 'update',
        table: 'outbox',
        row: { ...row, state: 'pending', position: null, rev: row.rev + 1 },
      });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return writes;
    after = last.position ?? after;
  }
}

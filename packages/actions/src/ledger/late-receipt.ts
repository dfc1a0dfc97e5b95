import { isCounterpointError } from '@counterpoint/core';
import type { Change, EffectRow, Reader, RowWrite, Store } from '@counterpoint/events';

/** How often it is tried while others write at the same time. */
const ATTEMPTS = 10;

/**
 * Commits what became of a call, whoever has looked after its effect in the meantime: an answer of the product tells
 * more than what was concluded without it. Of what others have settled since it changes nothing.
 *
 * @returns whether it was kept
 * @throws what committing throws, but for events.conflict
 */
export async function keepReceipt(store: Store, receipt: Change, now: number): Promise<boolean> {
  let change: Change | undefined = receipt;
  for (let attempt = 1; change && attempt <= ATTEMPTS; attempt++) {
    try {
      await store.commit(change);
      return true;
    } catch (error) {
      if (!isCounterpointError(error, 'events.conflict')) throw error;
      change = await onWhatStands(store, receipt, now);
    }
  }
  return false;
}

/** The same receipt on the rows as they are now; undefined when it has nothing to add to them. */
async function onWhatStands(reader: Reader, receipt: Change, now: number): Promise<Change | undefined> {
  const rows: RowWrite[] = [];
  for (const write of receipt.rows ?? []) {
    if (write.op === 'delete' || (write.table !== 'effects' && write.table !== 'claims')) rows.push(write);
    else if (write.table === 'claims') {
      const standing = await reader.get('claims', write.row.id);
      if (standing?.ended_at !== null) continue;
      rows.push({ op: 'update', table: 'claims', row: { ...write.row, rev: standing.rev + 1 } });
    } else {
      const standing = await reader.get('effects', write.row.id);
      if (!standing || !tellsMore(write.row, standing)) return undefined;
      // Its claims may be others by now: whoever keeps leases looks at once.
      const wake_at = write.row.ended_at === null ? now : null;
      rows.push({ op: 'update', table: 'effects', row: { ...write.row, wake_at, rev: standing.rev + 1 } });
    }
  }
  return { ...receipt, rows };
}

/** Whether an answer to the attempt that the ledger holds settles what stands there without it. */
function tellsMore(answer: EffectRow, standing: EffectRow): boolean {
  if (answer.attempts !== standing.attempts) return false;
  const { state } = standing;
  const undecided = state === 'intended' || state === 'unknown';
  if (answer.state === 'performed') return undecided || state === 'pending' || state === 'failed';
  return (answer.state === 'pending' && undecided) || (answer.state === 'failed' && (undecided || state === 'pending'));
}

import { type Json, type JsonObject, stableId } from '@counterpoint/core';
import { type Change, type InboxItemRow, type InboxStatus, type InboxVoteRow, signalWrite } from '@counterpoint/events';
import { announcement } from './announce.ts';

/** How a matter was decided, as the run that waits for it takes it. */
export type DecidedSignal = {
  readonly kind: 'decided';
  readonly address: string;
  readonly item: string;
  readonly status: 'approved' | 'denied' | 'answered' | 'expired';
  /** `user:<id>` of those who decided; empty for the time-out. */
  readonly by: readonly string[];
  readonly reason: string;
  readonly form: Json;
  /** Hash of what they saw. */
  readonly hash: string;
};

const DECISIVE: Readonly<Partial<Record<InboxStatus, InboxVoteRow['vote']>>> = {
  approved: 'approve',
  denied: 'deny',
  answered: 'answer',
};

/** Those whose votes made a matter end as it did, in the order they voted, and the last reason that one gave. */
export function decidedBy(
  item: Pick<InboxItemRow, 'status' | 'due_at' | 'decided_at'>,
  votes: readonly InboxVoteRow[],
): { readonly by: readonly string[]; readonly reason: string } {
  // No vote counts from that moment on, so that it was the time-out, whoever had voted before.
  if (item.decided_at !== null && isOverdue(item, item.decided_at)) return { by: [], reason: 'nobody decided in time' };
  const decisive = votes.filter(({ vote }) => vote === DECISIVE[item.status]).toSorted((a, b) => a.at - b.at);
  const reason = decisive.findLast((vote) => vote.reason !== '')?.reason ?? '';
  return { by: decisive.map(({ principal }) => principal), reason };
}

/** What the run that waits for a decided matter is told; undefined while it is open, and when it was called off. */
export function decidedSignal(item: InboxItemRow, votes: readonly InboxVoteRow[]): DecidedSignal | undefined {
  const { id, address, status, answer, covers_hash } = item;
  if (status === 'open' || status === 'cancelled') return undefined;
  return { kind: 'decided', address, item: id, status, ...decidedBy(item, votes), form: answer, hash: covers_hash };
}

/** Ends a matter: the row, the announcement, and the signal to the run, if one waits. */
export function endItem(
  item: InboxItemRow,
  votes: readonly InboxVoteRow[],
  end: { readonly status: Exclude<InboxStatus, 'open'>; readonly answer?: Json; readonly now: number },
): Change {
  const { status, answer = item.answer, now } = end;
  const row: InboxItemRow = { ...item, status, answer, decided_at: now, rev: item.rev + 1 };
  const signal = row.run === '' ? undefined : decidedSignal(row, votes);
  const data: JsonObject = { kind: row.kind, status, covers_hash: row.covers_hash, ...decidedBy(row, votes) };
  const { principal, trace } = row;
  return {
    rows: [
      { op: 'update', table: 'inbox_items', row },
      ...(signal ? [signalWrite(row.run, stableId('decided', row.id), signal, now)] : []),
    ],
    events: [announcement(row, 'decided', now)],
    audit: [{ at: now, principal, action: 'inbox.decided', object: `inbox:${row.id}`, data, trace }],
  };
}

/** What the time-out of a matter makes of it. */
export function expiredStatus({ otherwise }: Pick<InboxItemRow, 'otherwise'>): 'approved' | 'expired' {
  return otherwise === 'approve' ? 'approved' : 'expired';
}

/** Whether the time for a matter is over. */
export function isOverdue(item: Pick<InboxItemRow, 'due_at'>, now: number): boolean {
  return item.due_at !== null && now >= item.due_at;
}

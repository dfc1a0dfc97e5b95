import { stableId } from '@counterpoint/core';
import { causedBy, type EventEnvelope, type InboxItemRow, newEvent } from '@counterpoint/events';

/** The topic on which matters in the inbox are announced: what is asked, and how it was decided. */
export const INBOX_CHANGED = 'inbox.changed.v1';

/** The event that tells of a matter; with the same id however often the same change is made. */
export function announcement(row: InboxItemRow, change: 'asked' | 'decided', at: number): EventEnvelope {
  const { id, kind, playbook, run, text, role, users, via, status, due_at, simulated } = row;
  const data = { item: { id, kind, playbook, run, text, role, users, via, status, due_at, simulated }, change };
  const event = newEvent(INBOX_CHANGED, `inbox:${id}`, data, causedBy(row, `inbox:${id}`), at);
  return { ...event, id: stableId('inbox-event', id, change) };
}

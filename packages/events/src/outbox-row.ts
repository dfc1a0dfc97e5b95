import type { EventEnvelope } from './envelope.ts';
import type { OutboxRow } from './rows/security.ts';

/** An event as the outbox first holds it: pending, and due at the event's own time. */
export function outboxRow(event: EventEnvelope): OutboxRow {
  const at = Date.parse(event.time);
  return {
    id: event.id,
    topic: event.type,
    subject: event.subject,
    envelope: event as unknown as OutboxRow['envelope'],
    state: 'pending',
    position: null,
    participant: event.participant,
    attempts: 0,
    next_at: at,
    error: '',
    at,
    trace: event.trace,
    cause: event.cause,
    rev: 1,
  };
}

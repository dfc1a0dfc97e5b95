import { backoffDelay, stableId } from '@counterpoint/core';
import type { Change, DeliveryRow, EventEnvelope, LoggedEvent } from '@counterpoint/events';
import type { Failure } from './attempt.ts';
import type { Work } from './work.ts';

/** The delivery of an event that waits behind an earlier one of its subject. */
export function behindRow({ consumer, context }: Work, { position, event }: LoggedEvent): DeliveryRow {
  const at = context.clock.now();
  return {
    id: stableId('delivery', consumer.name, event.id),
    consumer: consumer.name,
    event: event.id,
    topic: event.type,
    subject: event.subject,
    position,
    state: 'behind',
    attempts: 0,
    next_at: at,
    error: '',
    at,
  };
}

/** What becomes of a delivery after one more failed attempt: tried again later, or dead with an entry in the audit. */
export function afterFailure(
  work: Work,
  row: DeliveryRow,
  event: Pick<EventEnvelope, 'trace'>,
  { reason: error, counts }: Failure,
) {
  const { consumer, context } = work;
  const now = context.clock.now();
  const attempts = row.attempts + (counts ? 1 : 0);
  const dead = counts && attempts >= consumer.maxAttempts;
  const next_at = dead || !counts ? now : now + backoffDelay(consumer.backoff, attempts);
  const failed: DeliveryRow = { ...row, attempts, error, next_at, state: dead ? 'dead' : 'retry' };
  return { row: failed, dead, change: dead ? deadLetter(failed, event.trace, now) : put(failed) };
}

function put(row: DeliveryRow): Change {
  return { rows: [{ op: 'put', table: 'deliveries', row }] };
}

function deadLetter(row: DeliveryRow, trace: string, at: number): Change {
  const { consumer, topic, subject, attempts, error } = row;
  const data = { consumer, topic, subject, attempts, error };
  const entry = { at, principal: 'system', action: 'event.dead', object: `event:${row.event}`, data, trace };
  return { ...put(row), audit: [entry] };
}

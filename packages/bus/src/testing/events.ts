import { type EventEnvelope, type LoggedEvent, newEvent } from '@counterpoint/events';

const causality = { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 };

/** An event whose data is a label. */
export function labelled(label: string, subject: string = label): EventEnvelope {
  return newEvent('alert.created.v1', subject, { label }, causality, Date.now());
}

export function labelOf({ event }: Pick<LoggedEvent, 'event'>): string {
  return (event.data as { readonly label: string }).label;
}

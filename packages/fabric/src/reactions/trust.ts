import { type EventEnvelope, topicMatches } from '@counterpoint/events';
import type { Participants } from '../participants/participant.ts';

/** Where participants are looked up. */
export type Publishers = Pick<Participants, 'get'>;

/** Whether the publisher of an event may cause changes by it: this server, or one whose trust list holds the topic. */
export function trustsPublisher(participants: Publishers, event: EventEnvelope): boolean {
  if (event.participant === 'server') return true;
  const participant = participants.get(event.participant);
  return participant?.enabled === true && participant.trust.some((pattern) => topicMatches(pattern, event.type));
}

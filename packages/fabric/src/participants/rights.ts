import { topicMatches } from '@counterpoint/events';
import type { Participant } from './participant.ts';

/** Topics that only this server speaks on: who is on the fabric, and how it fares. */
const RESERVED = 'fabric.>';

/** Whether a topic is one that only this server publishes on, whatever rights say. */
export function isReservedTopic(topic: string): boolean {
  return topicMatches(RESERVED, topic);
}

/** Whether a participant may publish on a topic. */
export function mayPublish({ rights }: Pick<Participant, 'rights'>, topic: string): boolean {
  return !isReservedTopic(topic) && rights.publish.some((pattern) => topicMatches(pattern, topic));
}

/** Whether a participant may get an event of a topic. */
export function mayReceive({ rights }: Pick<Participant, 'rights'>, topic: string): boolean {
  return rights.subscribe.some((pattern) => topicMatches(pattern, topic));
}

/**
 * Whether a participant may subscribe to a pattern: one of its rights reaches at least as far. A pattern that reaches
 * further is refused as a whole; what is delivered is asked of {@link mayReceive} again.
 */
export function maySubscribe({ rights }: Pick<Participant, 'rights'>, pattern: string): boolean {
  return rights.subscribe.some((right) => reaches(right, pattern));
}

/** Whether a participant may offer a service. */
export function mayOffer({ rights }: Pick<Participant, 'rights'>, service: string): boolean {
  return rights.offer.some((pattern) => serviceMatches(pattern, service));
}

/** Whether a participant may invoke a service. */
export function mayInvoke({ rights }: Pick<Participant, 'rights'>, service: string): boolean {
  return rights.invoke.some((pattern) => serviceMatches(pattern, service));
}

/** Whether every topic that meets `wanted` meets `right` too. */
export function reaches(right: string, wanted: string): boolean {
  const rights = right.split('.');
  const wants = wanted.split('.');
  for (const [index, word] of rights.entries()) {
    if (word === '>' && index === rights.length - 1) return wants.length > index;
    const want = wants[index];
    if (want === undefined || (want === '>' && index === wants.length - 1)) return false;
    if (word !== '*' && word !== want) return false;
  }
  return wants.length === rights.length;
}

/** Whether the name of a service meets a pattern, in which each `*` stands for any text, none included. */
export function serviceMatches(pattern: string, service: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === service;
  const tail = rest.pop() ?? '';
  if (!service.startsWith(head) || service.length < head.length + tail.length || !service.endsWith(tail)) return false;
  let from = head.length;
  const until = service.length - tail.length;
  // Each part at its first place: taking a later one never helps, so that no pattern is slow.
  for (const part of rest) {
    const at = service.indexOf(part, from);
    if (at < 0 || at + part.length > until) return false;
    from = at + part.length;
  }
  return true;
}

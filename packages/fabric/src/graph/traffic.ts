import type { EventEnvelope } from '@counterpoint/events';

/** How much was published in the last hour, or since the process began when that is less. Kept in memory. */
export interface Traffic {
  note(event: Pick<EventEnvelope, 'type' | 'participant'>): void;
  ofTopic(topic: string): number;
  /** What a participant published, on one topic or on all. */
  by(participant: string, topic?: string): number;
  /** Topics that were published on. */
  topics(): readonly string[];
  /** Who published on a topic. */
  publishers(topic: string): readonly string[];
  /** From when on the figures count, Unix milliseconds: an hour ago, or since the process began when that is later. */
  since(): number;
}

const MINUTE = 60_000;
const MINUTES = 60;
/** Somebody who invents topics must not fill the memory. */
const MOST = 10_000;

type Counts = Map<string, number>;

function add(counts: Counts, key: string, count: number): void {
  const sum = (counts.get(key) ?? 0) + count;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

/**
 * Makes a {@link Traffic}: a count for each topic and publisher, in buckets of a minute. Sums are kept beside them, so
 * that whoever asks, for however many topics, walks no bucket.
 */
export function createTraffic(clock: { now(): number }): Traffic {
  const began = clock.now();
  const buckets = new Map<number, Counts>();
  const sums = { topics: new Map<string, Counts>(), participants: new Map() as Counts };
  const account = (key: string, count: number): void => {
    const [topic = '', participant = ''] = key.split(' ');
    const publishers = sums.topics.get(topic) ?? new Map<string, number>();
    add(publishers, participant, count);
    if (publishers.size === 0) sums.topics.delete(topic);
    else sums.topics.set(topic, publishers);
    add(sums.participants, participant, count);
  };
  const forget = (minute: number): void => {
    for (const [old, counts] of buckets) {
      if (old > minute - MINUTES && old <= minute) continue;
      buckets.delete(old);
      for (const [key, count] of counts) account(key, -count);
    }
  };
  const current = (): Counts => {
    const minute = Math.floor(clock.now() / MINUTE);
    const known = buckets.get(minute);
    if (known) return known;
    forget(minute);
    const fresh: Counts = new Map();
    buckets.set(minute, fresh);
    return fresh;
  };
  const fresh = (): typeof sums => {
    current();
    return sums;
  };
  return {
    note({ type, participant }) {
      const counts = current();
      const key = `${type} ${participant}`;
      const before = counts.get(key);
      if (before === undefined && counts.size >= MOST) return;
      counts.set(key, (before ?? 0) + 1);
      account(key, 1);
    },
    ofTopic: (topic) => [...(fresh().topics.get(topic)?.values() ?? [])].reduce((sum, count) => sum + count, 0),
    by: (participant, topic) =>
      (topic === undefined ? fresh().participants : fresh().topics.get(topic))?.get(participant) ?? 0,
    topics: () => [...fresh().topics.keys()].sort(),
    since: () => Math.max(began, clock.now() - MINUTES * MINUTE),
    publishers: (topic) => [...(fresh().topics.get(topic)?.keys() ?? [])].sort(),
  };
}

import type { EventEnvelope } from '@counterpoint/events';

/** How much was published in the last hour, by the minute. Kept in memory; `recallTraffic` brings what is stored. */
export interface Traffic {
  note(event: Pick<EventEnvelope, 'type' | 'participant' | 'time'>): void;
  /** Counts several events of one minute at once. @param at Unix milliseconds */
  add(topic: string, participant: string, at: number, count: number): void;
  ofTopic(topic: string): number;
  /** What a participant published, on one topic or on all. */
  by(participant: string, topic?: string): number;
  /** Topics that were published on. */
  topics(): readonly string[];
  /** Who published on a topic. */
  publishers(topic: string): readonly string[];
}

/** The width of what is counted together, in milliseconds. */
export const MINUTE = 60_000;
/** So many minutes make up the figures, the one that runs included. */
export const MINUTES = 60;
/** Somebody who invents topics must not fill the memory. */
const MOST = 10_000;

type Counts = Map<string, number>;

function add(counts: Counts, key: string, count: number): void {
  const sum = (counts.get(key) ?? 0) + count;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

/**
 * Makes a {@link Traffic}: a count for each topic and publisher, in buckets of the minute in which the server took the
 * event. Sums are kept beside them, so that whoever asks, for however many topics, walks no bucket.
 */
export function createTraffic(clock: { now(): number }): Traffic {
  const buckets = new Map<number, Counts>();
  const sums = { topics: new Map<string, Counts>(), participants: new Map() as Counts };
  let looked = Number.NaN;
  const account = (key: string, count: number): void => {
    const [topic = '', participant = ''] = key.split(' ');
    const publishers = sums.topics.get(topic) ?? new Map<string, number>();
    add(publishers, participant, count);
    if (publishers.size === 0) sums.topics.delete(topic);
    else sums.topics.set(topic, publishers);
    add(sums.participants, participant, count);
  };
  /** The minute that runs; what is an hour old is forgotten with its beginning. */
  const running = (): number => {
    const minute = Math.floor(clock.now() / MINUTE);
    if (minute === looked) return minute;
    looked = minute;
    for (const [old, counts] of buckets) {
      if (old > minute - MINUTES && old <= minute) continue;
      buckets.delete(old);
      for (const [key, count] of counts) account(key, -count);
    }
    return minute;
  };
  const count = (topic: string, participant: string, at: number, more: number): void => {
    const now = running();
    // An edge node brings what it took while it was away, and its clock may be ahead.
    const minute = Math.min(now, Math.floor(at / MINUTE));
    if (minute <= now - MINUTES) return;
    const counts: Counts = buckets.get(minute) ?? new Map();
    const key = `${topic} ${participant}`;
    const before = counts.get(key);
    if (before === undefined && counts.size >= MOST) return;
    buckets.set(minute, counts.set(key, (before ?? 0) + more));
    account(key, more);
  };
  const fresh = (): typeof sums => {
    running();
    return sums;
  };
  return {
    note: ({ type, participant, time }) => count(type, participant, Date.parse(time), 1),
    add: count,
    ofTopic: (topic) => [...(fresh().topics.get(topic)?.values() ?? [])].reduce((sum, one) => sum + one, 0),
    by: (participant, topic) =>
      (topic === undefined ? fresh().participants : fresh().topics.get(topic))?.get(participant) ?? 0,
    topics: () => [...fresh().topics.keys()].sort(),
    publishers: (topic) => [...(fresh().topics.get(topic)?.keys() ?? [])].sort(),
  };
}

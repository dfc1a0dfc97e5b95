import type { EventEnvelope } from '@counterpoint/events';

/** How much was published in the last hour, or since the process began when that is less. Kept in memory. */
export interface Traffic {
  note(event: Pick<EventEnvelope, 'type' | 'participant'>): void;
  ofTopic(topic: string): number;
  /** What a participant published, on one topic or on all. */
  by(participant: string, topic?: string): number;
  /** Topics that were published on. */
  topics(): readonly string[];
}

const MINUTE = 60_000;
const MINUTES = 60;
/** Somebody who invents topics must not fill the memory. */
const MOST = 10_000;

type Counts = Map<string, number>;

/** Makes a {@link Traffic}: a count for each topic and publisher, in buckets of a minute. */
export function createTraffic(clock: { now(): number }): Traffic {
  const buckets = new Map<number, Counts>();
  const current = (): Counts => {
    const minute = Math.floor(clock.now() / MINUTE);
    const known = buckets.get(minute);
    if (known) return known;
    for (const old of buckets.keys()) if (old <= minute - MINUTES || old > minute) buckets.delete(old);
    const fresh: Counts = new Map();
    buckets.set(minute, fresh);
    return fresh;
  };
  const sum = (wanted: (participant: string, topic: string) => boolean): number => {
    current();
    let total = 0;
    for (const counts of buckets.values()) {
      for (const [key, count] of counts) {
        const [topic = '', participant = ''] = key.split(' ');
        if (wanted(participant, topic)) total += count;
      }
    }
    return total;
  };
  return {
    note({ type, participant }) {
      const counts = current();
      const key = `${type} ${participant}`;
      const before = counts.get(key);
      if (before === undefined && counts.size >= MOST) return;
      counts.set(key, (before ?? 0) + 1);
    },
    ofTopic: (topic) => sum((_by, one) => one === topic),
    by: (participant, topic) => sum((by, one) => by === participant && (topic === undefined || one === topic)),
    topics() {
      current();
      const keys = [...buckets.values()].flatMap((counts) => [...counts.keys()]);
      return [...new Set(keys.map((key) => key.split(' ')[0] ?? ''))].sort();
    },
  };
}

import type { EventEnvelope } from '@counterpoint/events';

/** How far back figures go from now. */
export type Span = keyof typeof SPANS;

/** What was published over a span. */
export interface Published {
  ofTopic(topic: string): number;
  /** What a participant published, on one topic or on all. */
  by(participant: string, topic?: string): number;
  /** Topics that were published on. */
  topics(): readonly string[];
  /** Who published on a topic. */
  publishers(topic: string): readonly string[];
}

/** How much was published, over several spans. Kept in memory; `openTraffic` brings what is stored. */
export interface Traffic {
  note(event: Pick<EventEnvelope, 'type' | 'participant' | 'time'>): void;
  /** Counts several events of one time at once. @param at Unix milliseconds */
  add(topic: string, participant: string, at: number, count: number): void;
  over(span: Span): Published;
}

/** In milliseconds. */
export const MINUTE = 60_000;

/**
 * The spans by their names: so many slices, the one that runs included, of a width in milliseconds. What counts begins
 * with the first slice that lies within the span as a whole.
 */
export const SPANS = {
  '15m': { width: MINUTE, slices: 15 },
  '1h': { width: MINUTE, slices: 60 },
  '24h': { width: 30 * MINUTE, slices: 48 },
} as const;

/** Somebody who invents topics must not fill the memory. */
const MOST = 10_000;

type Counts = Map<string, number>;

function add(counts: Counts, key: string, count: number): void {
  const sum = (counts.get(key) ?? 0) + count;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

/** Makes a {@link Traffic}. */
export function createTraffic(clock: { now(): number }): Traffic {
  const spans = { '15m': createSpan(clock, '15m'), '1h': createSpan(clock, '1h'), '24h': createSpan(clock, '24h') };
  const addTo: Traffic['add'] = (topic, participant, at, count) => {
    for (const span of Object.values(spans)) span.add(topic, participant, at, count);
  };
  return {
    note: ({ type, participant, time }) => addTo(type, participant, Date.parse(time), 1),
    add: addTo,
    over: (span) => spans[span],
  };
}

/**
 * Counts for each topic and publisher, in buckets of the slice of time in which the server took the event. Sums are kept
 * beside them, so that whoever asks, for however many topics, walks no bucket.
 */
function createSpan(clock: { now(): number }, span: Span): Published & Pick<Traffic, 'add'> {
  const { width, slices } = SPANS[span];
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
  /** The slice that runs; what is over is forgotten with its beginning. */
  const running = (): number => {
    const slice = Math.floor(clock.now() / width);
    if (slice === looked) return slice;
    looked = slice;
    for (const [old, counts] of buckets) {
      if (old > slice - slices && old <= slice) continue;
      buckets.delete(old);
      for (const [key, count] of counts) account(key, -count);
    }
    return slice;
  };
  const fresh = (): typeof sums => {
    running();
    return sums;
  };
  return {
    add(topic, participant, at, more) {
      const now = running();
      // An edge node brings what it took while it was away, and its clock may be ahead.
      const slice = Math.min(now, Math.floor(at / width));
      if (slice <= now - slices) return;
      const counts: Counts = buckets.get(slice) ?? new Map();
      const key = `${topic} ${participant}`;
      const before = counts.get(key);
      if (before === undefined && counts.size >= MOST) return;
      buckets.set(slice, counts.set(key, (before ?? 0) + more));
      account(key, more);
    },
    ofTopic: (topic) => [...(fresh().topics.get(topic)?.values() ?? [])].reduce((sum, one) => sum + one, 0),
    by: (participant, topic) =>
      (topic === undefined ? fresh().participants : fresh().topics.get(topic))?.get(participant) ?? 0,
    topics: () => [...fresh().topics.keys()].sort(),
    publishers: (topic) => [...(fresh().topics.get(topic)?.keys() ?? [])].sort(),
  };
}

/** How long a span is, in milliseconds. */
export function widthOf(span: Span): number {
  const { width, slices } = SPANS[span];
  return width * slices;
}

import { type Clock, CounterpointError, hashJson, isCounterpointError, newTraceId, stableId } from '@counterpoint/core';
import type { EventCheck } from '@counterpoint/engine';
import {
  type Causality,
  type EventEnvelope,
  eventErrors,
  isForeignTopic,
  newEvent,
  type Store,
} from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Participant, Participants } from '../participants/participant.ts';
import { isReservedTopic, mayPublish, mayReceive } from '../participants/rights.ts';
import type { Publication, Publisher } from './publisher.ts';
import type { Refusals } from './refusals.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** How much participants may publish. */
export interface PublishingLimits {
  /** Events a second that each participant may publish, on average. */
  readonly eventsPerSecond: number;
  /** How many at once after a pause. */
  readonly burst: number;
  /** Bytes of the JSON of one event's data. */
  readonly eventBytes: number;
}

/** The limits that hold where the configuration sets none. */
export const defaultPublishingLimits: PublishingLimits = {
  eventsPerSecond: 1_000,
  burst: 2_000,
  eventBytes: 1024 * 1024,
};

/** What {@link createPublisher} is made of. */
export interface PublisherOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly participants: Pick<Participants, 'get' | 'onChanged'>;
  /** Holds data against the topics of this installation. */
  readonly check: EventCheck;
  readonly refusals: Refusals;
  readonly limits?: PublishingLimits;
}

const LONGEST_SUBJECT = 500;

/** Makes the {@link Publisher}. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { store, clock, participants, refusals, limits = defaultPublishingLimits } = options;
  const buckets = new Map<string, TokenBucket>();
  participants.onChanged(({ id, participant }) => {
    if (!participant) buckets.delete(id);
  });
  const bucketOf = (id: string): TokenBucket => {
    const known = buckets.get(id) ?? createTokenBucket(limits.eventsPerSecond, limits.burst, () => clock.monotonic());
    buckets.set(id, known);
    return known;
  };

  const publish = async (by: Participant, wish: Publication): Promise<EventEnvelope> => {
    // What was found out when it connected may have changed since.
    const participant = participants.get(by.id) ?? { ...by, enabled: false };
    if (!bucketOf(by.id).take()) {
      throw errors.rate_exceeded({ participant: by.id, rate: limits.eventsPerSecond });
    }
    demandRight(participant, wish.topic);
    demandForm(options, limits, participant, wish);
    const causality =
      wish.cause === undefined ? firstCause(by.id, clock.now()) : await causedBy(store, participant, wish.cause);
    const event = envelopeOf(by.id, wish, causality, clock.now());
    if (wish.id === undefined) {
      await store.commit({ events: [event] });
      return event;
    }
    return publishOnce(store, event, wish.id);
  };

  return {
    async publish(by, publication) {
      try {
        return await publish(by, publication);
      } catch (error) {
        if (error instanceof CounterpointError && error.status < 500) {
          refusals.note(by.id, 'publish', publication.topic, error);
        }
        throw error;
      }
    },
  };
}

/** Why a participant could not publish something now, but for how often it does; undefined: it could. */
export function whyNotPublished(
  participant: Participant,
  wish: Publication,
  check: EventCheck,
): CounterpointError | undefined {
  try {
    demandRight(participant, wish.topic);
    demandForm({ check }, defaultPublishingLimits, participant, wish);
    return undefined;
  } catch (error) {
    if (error instanceof CounterpointError) return error;
    throw error;
  }
}

function demandRight(participant: Participant, topic: string): void {
  const { id } = participant;
  if (!participant.enabled) throw errors.participant_disabled({ participant: id });
  if (mayPublish(participant, topic)) return;
  const reason = isReservedTopic(topic) ? 'only the server speaks there' : 'it has no right to';
  throw errors.publish_denied({ participant: id, topic, reason });
}

function demandForm(
  { check }: Pick<PublisherOptions, 'check'>,
  limits: PublishingLimits,
  { id }: Participant,
  { topic, data, subject = '' }: Publication,
): void {
  const size = Buffer.byteLength(JSON.stringify(data));
  if (size > limits.eventBytes)
    throw errors.event_too_large({ participant: id, topic, size, limit: limits.eventBytes });
  if (subject.length > LONGEST_SUBJECT) {
    throw eventErrors.data_invalid({ topic, reason: `the subject has more than ${LONGEST_SUBJECT} characters` });
  }
  const problem = isForeignTopic(topic) ? undefined : check(topic, data);
  if (problem) throw problem;
}

function firstCause(participant: string, now: number): Causality {
  return { principal: `participant:${participant}`, trace: newTraceId(now), cause: '', hop: 0 };
}

/**
 * The causality of something that an event brought about, as a participant says: the event must be one that it can know.
 *
 * @throws fabric.cause_unknown
 */
export async function causedBy(
  store: Pick<Store, 'get'>,
  participant: Pick<Participant, 'id' | 'rights'>,
  cause: string,
): Promise<Causality> {
  const id = cause.startsWith('event:') ? cause.slice('event:'.length) : cause;
  const row = await store.get('outbox', id);
  const event = row?.envelope as unknown as EventEnvelope | undefined;
  // Whoever could name any event could write itself into any trace.
  const knows = event && (event.participant === participant.id || mayReceive(participant, event.type));
  if (!knows) throw errors.cause_unknown({ participant: participant.id, cause });
  return { principal: `participant:${participant.id}`, trace: event.trace, cause: `event:${id}`, hop: event.hop };
}

function envelopeOf(participant: string, wish: Publication, causality: Causality, now: number): EventEnvelope {
  const { topic, subject, data } = wish;
  const event = newEvent(topic, subject === undefined || subject === '' ? participant : subject, data, causality, now);
  return {
    ...event,
    id: wish.id === undefined ? event.id : stableId('event', participant, wish.id),
    source: `/participants/${participant}`,
    participant,
  };
}

/**
 * An event that is there already was published before: what is there is the answer.
 *
 * @throws fabric.event_id_used when it is another one, which would be lost
 */
async function publishOnce(store: Store, event: EventEnvelope, id: string): Promise<EventEnvelope> {
  try {
    await store.commit({ events: [event] });
    return event;
  } catch (error) {
    const standing = isCounterpointError(error, 'events.conflict') ? await store.get('outbox', event.id) : undefined;
    if (!standing) throw error;
    const before = standing.envelope as unknown as EventEnvelope;
    if (contentOf(before) === contentOf(event)) return before;
    throw errors.event_id_used({ participant: event.participant ?? '', id });
  }
}

function contentOf({ type, subject, data }: EventEnvelope): string {
  return hashJson([type, subject, data]);
}

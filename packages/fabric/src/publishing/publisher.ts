import type { Json } from '@counterpoint/core';
import type { EventEnvelope } from '@counterpoint/events';
import type { Participant } from '../participants/participant.ts';

/** What a participant wants to announce. */
export interface Publication {
  /** A topic of our own with a schema, or a foreign one (`dxl.…`, `mqtt.…`). */
  readonly topic: string;
  /** Orders delivery; default: the participant. */
  readonly subject?: string;
  readonly data: Json;
  /**
   * The id that the participant gave it: publishing it twice announces it once. Default: a new one. Ids of different
   * participants do not meet.
   */
  readonly id?: string;
  /**
   * Id of the event that brought it about: it then belongs to that event's trace, one hop further. Trace, hop, publisher
   * and time are never taken from the participant itself.
   */
  readonly cause?: string;
}

/** The only way onto the fabric for participants: every gateway publishes through it. */
export interface Publisher {
  /**
   * Checks the right to publish, the schema, the size and the rate, makes the envelope, and commits it; resolves when it
   * is durable. A refusal is audited (at most once a minute for the same reason) and counted for the map.
   *
   * @throws fabric.publish_denied, fabric.rate_exceeded, fabric.event_too_large, events.topic_unknown,
   *   events.data_invalid, fabric.cause_unknown
   */
  publish(by: Participant, publication: Publication): Promise<EventEnvelope>;
}

import { type Json, newId } from '@counterpoint/core';
import type { Causality } from './causality.ts';
import { errors } from './errors.ts';
import { isForeignTopic, isTopicName } from './topic.ts';

/**
 * An event: a CloudEvents 1.0 envelope (JSON format, structured mode) with the extensions `trace`, `cause`, `hop`,
 * `principal` and `participant`. Immutable once published.
 */
export interface EventEnvelope {
  readonly specversion: '1.0';
  /** UUIDv7. */
  readonly id: string;
  /** URI-reference of the publisher, such as `/participants/server`. */
  readonly source: string;
  /** The topic, such as `alert.created.v1`. */
  readonly type: string;
  /** The key that orders delivery: events of one subject arrive in order. */
  readonly subject: string;
  /** RFC 3339 time, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Json;
  readonly trace: string;
  readonly cause: string;
  readonly hop: number;
  readonly principal: string;
  /** The participant that published it; `server` for this server. */
  readonly participant: string;
}

/**
 * Makes an event caused by `causality`: one hop further along the same trace.
 *
 * @param time Unix milliseconds.
 * @throws events.topic_invalid
 */
export function newEvent(
  topic: string,
  subject: string,
  data: Json,
  causality: Causality,
  time: number,
): EventEnvelope {
  if (!isTopicName(topic) && !isForeignTopic(topic)) throw errors.topic_invalid({ topic });
  return {
    specversion: '1.0',
    id: newId(time),
    source: '/participants/server',
    type: topic,
    subject,
    time: new Date(time).toISOString(),
    datacontenttype: 'application/json',
    data,
    trace: causality.trace,
    cause: causality.cause,
    hop: causality.hop + 1,
    principal: causality.principal,
    participant: 'server',
  };
}

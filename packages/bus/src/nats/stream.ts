import { isCounterpointError } from '@counterpoint/core';
import { type EventEnvelope, eventErrors, type StartOfReading } from '@counterpoint/events';
import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { NatsLink } from './connect.ts';

/** How the stream of events is kept. */
export interface StreamOptions {
  /** Milliseconds that events are kept; null: for ever. */
  readonly maxAge: number | null;
  /** How many servers of a cluster keep it. */
  readonly replicas: number;
}

/** The stream `<prefix>_events`, with the subjects `<prefix>.events.<topic>`. */
export interface EventStream {
  readonly link: NatsLink;
  readonly name: string;
  readonly js: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Says which stream this is; one that was lost and made again has another. */
  readonly identity: string;
}

/** Milliseconds to wait for an answer of the server. */
const TIMEOUT = 5_000;

/** Milliseconds within which an event that is published twice is stored once. */
const DUPLICATES = 600_000;

/** Does something with the server. @throws events.log_unavailable when that fails */
export async function reaching<Value>(action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (cause) {
    if (isCounterpointError(cause)) throw cause;
    throw eventErrors.log_unavailable({ reason: (cause as Error).message }, { cause });
  }
}

/** Opens the stream, and makes it or changes how it is kept where that is not as asked. @throws events.log_unavailable */
export function openStream(link: NatsLink, { maxAge, replicas }: StreamOptions): Promise<EventStream> {
  const name = `${link.prefix}_events`;
  const wanted = {
    subjects: [`${link.prefix}.events.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    num_replicas: replicas,
    max_age: maxAge === null ? 0 : nanos(maxAge),
    duplicate_window: nanos(Math.min(DUPLICATES, maxAge ?? DUPLICATES)),
  };
  return reaching(async () => {
    const manager = await jetstreamManager(link.connection, { timeout: TIMEOUT });
    const { created } = await ensure(manager, name, wanted);
    const js = jetstream(link.connection, { timeout: TIMEOUT });
    return { link, name, js, manager, identity: `${name} ${created}` };
  });
}

async function ensure(manager: JetStreamManager, name: string, wanted: Partial<StreamConfig>) {
  try {
    const standing = await manager.streams.info(name);
    const { config } = standing;
    const same =
      config.max_age === wanted.max_age &&
      config.num_replicas === wanted.num_replicas &&
      config.duplicate_window === wanted.duplicate_window;
    return same ? standing : await manager.streams.update(name, { ...config, ...wanted });
  } catch (error) {
    if (!isMissing(error)) throw error;
    return await manager.streams.add({ name, ...wanted });
  }
}

/** The subject of a topic, or the filter of a topic pattern: wildcards mean the same in both. */
export function subjectOf({ link }: EventStream, topic: string): string {
  return `${link.prefix}.events.${topic}`;
}

/** What the server can sort out by itself, as part of a consumer's configuration; what it cannot is left to the filter. */
export function filterOf(stream: EventStream, topics: readonly string[]): Partial<ConsumerConfig> {
  const [only, ...others] = topics.map((topic) => subjectOf(stream, topic));
  if (only !== undefined && others.length === 0) return { filter_subject: only };
  const exact = topics.length > 0 && topics.every((topic) => !/[*>]/.test(topic));
  return exact && takesManyFilters(stream) ? { filter_subjects: [...new Set([only as string, ...others])] } : {};
}

/** Several filters of one consumer came with nats-server 2.10. */
function takesManyFilters({ link }: EventStream): boolean {
  const [major = 0, minor = 0] = (link.connection.info?.version ?? '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}

/** Where a consumer begins, as part of its configuration. */
export function beginAt(start: Exclude<StartOfReading, 'new'>): Partial<ConsumerConfig> {
  if (start === 'first') return { deliver_policy: DeliverPolicy.All };
  if ('after' in start) return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: start.after + 1 };
  return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(start.since).toISOString() };
}

/** Reads without leaving anything behind: a consumer of the server that is forgotten at once. */
export async function withReader<Value>(
  stream: EventStream,
  config: Partial<ConsumerConfig>,
  read: (info: ConsumerInfo) => Promise<Value>,
): Promise<Value> {
  const { manager, name } = stream;
  const info = await manager.consumers.add(name, {
    ack_policy: AckPolicy.None,
    inactive_threshold: nanos(30_000),
    mem_storage: true,
    ...config,
  });
  try {
    return await read(info);
  } finally {
    await manager.consumers.delete(name, info.name).catch(() => undefined);
  }
}

/** Whether the server says that there is no such consumer or stream. */
export function isMissing(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.status === 404;
}

/** Events that are on their way to the server at a time. */
const PIPELINE = 2_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Publishes events in order, many at a time; resolves when all are stored. @throws events.log_unavailable */
export async function publish(stream: EventStream, events: readonly EventEnvelope[]): Promise<void> {
  const { js, link } = stream;
  if (!link.up()) throw eventErrors.log_unavailable({ reason: 'the connection is down' });
  await reaching(async () => {
    for (let from = 0; from < events.length; from += PIPELINE) {
      await Promise.all(
        events
          .slice(from, from + PIPELINE)
          .map((event) =>
            js.publish(subjectOf(stream, event.type), encoder.encode(JSON.stringify(event)), { msgID: event.id }),
          ),
      );
    }
  });
}

/** Reads an event from what was published. */
export function eventOf(data: Uint8Array): EventEnvelope {
  return JSON.parse(decoder.decode(data)) as EventEnvelope;
}

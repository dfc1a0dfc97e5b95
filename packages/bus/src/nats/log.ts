import { type Clock, systemClock } from '@counterpoint/core';
import type {
  DeliveryRow,
  EventEnvelope,
  EventLog,
  LoggedEvent,
  OutboxRow,
  StartOfReading,
  Store,
} from '@counterpoint/events';
import { adoptLog } from '../delivery/adopt.ts';
import { createConsumerBook } from '../delivery/book.ts';
import { startConsumption } from '../delivery/consumption.ts';
import type { DeliveryContext } from '../delivery/work.ts';
import { createMarker } from '../marker.ts';
import type { RelayTarget } from '../relay.ts';
import { topicFilter } from '../topic-filter.ts';
import type { NatsLink } from './connect.ts';
import { durableOf, type NatsFeed, openNatsFeed } from './feed.ts';
import {
  beginAt,
  type EventStream,
  eventOf,
  filterOf,
  isMissing,
  openStream,
  publish,
  reaching,
  type StreamOptions,
  withReader,
} from './stream.ts';
import { createTails } from './tails.ts';

/** How an {@link openNatsLog} works. */
export interface NatsLogOptions extends Partial<StreamOptions> {
  readonly link: NatsLink;
  /** Keeps who consumes, and what has to be tried again. */
  readonly store: Store;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Is told when store or server failed; it is tried again by itself. */
  readonly onError?: (error: unknown) => void;
}

/** The event log in a JetStream stream. */
export type NatsLog = EventLog & RelayTarget;

/** Milliseconds between looks at dead events that another process asked to be tried again. */
const ASKED = 2_000;

/** Events of a page of {@link EventLog.read}, and milliseconds that one request for them may take. */
const PAGE = 100;
const PATIENCE = 5_000;

/**
 * Opens the log on a connection, and the stream where there is none. The link stays the caller's. Needs nats-server 2.9 or
 * later.
 *
 * @throws events.log_unavailable
 */
export async function openNatsLog(options: NatsLogOptions): Promise<NatsLog> {
  const { link, store, clock = systemClock, maxAge = null, replicas = 1, onError = () => undefined } = options;
  const stream = await openStream(link, { maxAge, replicas });
  await adoptLog(store, stream.identity, 0);
  const book = createConsumerBook(store, clock);
  const tails = createTails(stream, onError);
  const feeds = new Set<NatsFeed>();
  const context: DeliveryContext = {
    store,
    clock,
    onError,
    lookup: (row) => lookup(store, stream, row),
    durable: () => Number.POSITIVE_INFINITY,
    poll: ASKED,
  };
  void follow(link, () => {
    for (const feed of feeds) feed.restart();
    tails.restart();
  });
  const target = createTarget(stream, store, clock, onError);
  const dropDurable = (name: string) =>
    reaching(() => stream.manager.consumers.delete(stream.name, durableOf(name)).then(undefined, unlessMissing));
  return {
    ...target,
    append: (events) => publish(stream, events),
    consume: (consumer) =>
      book.open(consumer.name, async () => {
        const row = await book.enter(consumer, () => positionOf(stream, consumer.start ?? 'new'));
        const position = Math.max(row.position, await acknowledged(stream, consumer.name));
        const consumption = await startConsumption(context, consumer, { position }, async (work) => {
          const feed = await openNatsFeed(stream, work);
          feeds.add(feed);
          return { ...feed, stop: () => feed.stop().finally(() => feeds.delete(feed)) };
        });
        return consumption;
      }),
    read: (query) => read(stream, query.topics, query.start, query.limit ?? PAGE),
    tail: (topics, listener) => tails.add(topics, listener),
    async bounds() {
      const { messages, first_seq: first, last_seq: last } = await stateOf(stream);
      return messages === 0 ? { first: 0, last: 0 } : { first, last };
    },
    standings: async () => book.standings((await stateOf(stream)).last_seq),
    async rewind(name, start) {
      const position = await positionOf(stream, start);
      await book.rewind(name, position);
      await dropDurable(name);
    },
    async forget(name) {
      await book.forget(name);
      await dropDurable(name);
    },
    redeliver: book.redeliver,
    async close() {
      await book.close();
      await tails.close();
    },
  };
}

async function follow({ connection }: NatsLink, onReconnect: () => void): Promise<void> {
  for await (const { type } of connection.status()) if (type === 'reconnect') onReconnect();
}

function unlessMissing(error: unknown): boolean {
  if (!isMissing(error)) throw error;
  return false;
}

const stateOf = ({ manager, name }: EventStream) => reaching(async () => (await manager.streams.info(name)).state);

/** How far the server says that a consumer has come: acknowledged is remembered. */
async function acknowledged({ manager, name }: EventStream, consumer: string): Promise<number> {
  return reaching(async () => {
    try {
      return (await manager.consumers.info(name, durableOf(consumer))).ack_floor.stream_seq;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  });
}

/** The position behind which reading begins. */
async function positionOf(stream: EventStream, start: StartOfReading): Promise<number> {
  if (start === 'first') return 0;
  const { last_seq } = await stateOf(stream);
  if (start === 'new') return last_seq;
  // A place that the log has not reached would hear nothing for as long as that takes.
  if ('after' in start) return Math.min(start.after, last_seq);
  const [first] = await read(stream, ['>'], start, 1);
  return first ? first.position - 1 : last_seq;
}

function read(
  stream: EventStream,
  topics: readonly string[],
  start: Exclude<StartOfReading, 'new'>,
  limit: number,
): Promise<readonly LoggedEvent[]> {
  const wanted = topicFilter(topics);
  return reaching(() =>
    withReader(stream, { ...filterOf(stream, topics), ...beginAt(start) }, async (info) => {
      const consumer = stream.js.consumers.getConsumerFromInfo(info);
      const found: LoggedEvent[] = [];
      for (let left = info.num_pending; left > 0 && found.length < limit; ) {
        const before = left;
        const messages = await consumer.fetch({ max_messages: Math.min(left, limit), expires: PATIENCE });
        for await (const message of messages) {
          left -= 1;
          const event = eventOf(message.data);
          if (wanted(event.type)) found.push({ position: message.seq, event });
        }
        if (left === before) break;
      }
      return found.slice(0, limit);
    }),
  );
}

/** From the outbox where it stands there, else from the stream. */
async function lookup(
  store: Store,
  { manager, name }: EventStream,
  { event, position }: DeliveryRow,
): Promise<EventEnvelope | undefined> {
  const row = await store.get('outbox', event);
  if (row) return row.envelope as unknown as EventEnvelope;
  const message = await manager.streams.getMessage(name, { seq: position }).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  const found = message && eventOf(message.data);
  return found?.id === event ? found : undefined;
}

/** Brings what the relay has into the stream, and marks it while the next is on its way. */
function createTarget(stream: EventStream, store: Store, clock: Clock, onError: (error: unknown) => void): RelayTarget {
  const mark = () =>
    createMarker<OutboxRow>({
      store,
      clock,
      onError,
      write: (row) => ({ op: 'update', table: 'outbox', row: { ...row, state: 'delivered', rev: row.rev + 1 } }),
    });
  let marker = mark();
  return {
    async beginRelay() {
      marker = mark();
    },
    async bring(rows) {
      await publish(
        stream,
        rows.map(({ envelope }) => envelope as unknown as EventEnvelope),
      );
      marker.mark(rows);
    },
    settled: () => marker.settled(),
    endRelay: () => marker.stop(),
  };
}

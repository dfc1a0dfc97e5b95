import { type Clock, isCounterpointError, systemClock } from '@counterpoint/core';
import type {
  DeliveryRow,
  EventEnvelope,
  EventLog,
  LoggedEvent,
  OutboxRow,
  RowWrite,
  Store,
} from '@counterpoint/events';
import { adoptLog } from '../delivery/adopt.ts';
import { type ConsumerBook, createConsumerBook } from '../delivery/book.ts';
import { startConsumption } from '../delivery/consumption.ts';
import type { DeliveryContext } from '../delivery/work.ts';
import { createMarker } from '../marker.ts';
import type { RelayTarget } from '../relay.ts';
import { topicFilter } from '../topic-filter.ts';
import { createCounter } from './counter.ts';
import { openFeed } from './feed.ts';
import { createFollower } from './follower.ts';
import { createHub, type Hub } from './hub.ts';
import { boundsOf, positionOf, readNext } from './reading.ts';

/** How an {@link openEmbeddedLog} works. */
export interface EmbeddedLogOptions {
  readonly store: Store;
  /** Nobody else uses the store. */
  readonly alone: boolean;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Milliseconds between looks at what other processes did, when there are any. Default 100. */
  readonly poll?: number;
  /** Is told when the store failed; it is tried again by itself. */
  readonly onError?: (error: unknown) => void;
}

/** The event log in the store: the outbox rows with a position. */
export type EmbeddedLog = EventLog & RelayTarget;

/** Milliseconds between looks at dead events that another process asked to be tried again. */
const ASKED = 2_000;

/** Events of a page of {@link EventLog.read}. */
const PAGE = 100;

/** Opens the log of a store. Events get into it by a relay, in this process or in another one. */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const { store, alone, clock = systemClock, poll = 100, onError = () => undefined } = options;
  const hub = createHub(onError);
  const book = createConsumerBook(store, clock);
  const counter = createCounter(store);
  await counter.load();
  await adoptLog(store, 'store', counter.position);
  hub.reset(counter.position);
  const follower = alone ? undefined : createFollower({ store, clock, hub, poll, onError });
  const target = createTarget({ store, clock, alone, hub, onError, follower: () => follower?.look() });
  const context: DeliveryContext = {
    store,
    clock,
    onError,
    lookup: (row) => lookup(store, row),
    durable: () => hub.durable,
    ...(alone ? {} : { poll: ASKED }),
  };
  const settled = async () => {
    await target.drained();
    await follower?.look();
  };
  return {
    ...target,
    ...reading(store, hub, book, () => follower?.look()),
    async append(events) {
      await append(store, events);
      await target.drained();
    },
    async consume(consumer) {
      return book.open(consumer.name, async () => {
        await follower?.look();
        const row = await book.enter(consumer, () => positionOf(store, consumer.start ?? 'new', hub.last));
        return startConsumption(context, consumer, row, async (work) => openFeed({ hub, settled }, work));
      });
    },
    async tail(topics, listener) {
      const wanted = topicFilter(topics);
      await follower?.look();
      const told = hub.last;
      return hub.onDurable((events) => {
        for (const one of events) if (one.position > told && wanted(one.event.type)) listener(one);
      });
    },
    async close() {
      await book.close();
      await follower?.stop();
    },
  };
}

type Reading = Pick<EventLog, 'read' | 'bounds' | 'standings' | 'rewind' | 'forget' | 'redeliver'>;

function reading(store: Store, hub: Hub, book: ConsumerBook, look: () => Promise<void> | undefined): Reading {
  return {
    async read({ topics, start, limit = PAGE }) {
      await look();
      const wanted = topicFilter(topics);
      const found: LoggedEvent[] = [];
      const end = hub.durable;
      for (let after = await positionOf(store, start, end); after < end && found.length < limit; ) {
        const next = await readNext(store, wanted, after, end);
        found.push(...next.events);
        after = next.upTo;
      }
      return found.slice(0, limit);
    },
    bounds: () => boundsOf(store),
    async standings() {
      await look();
      return book.standings(hub.last);
    },
    async rewind(name, start) {
      await look();
      await book.rewind(name, await positionOf(store, start, hub.last));
    },
    forget: book.forget,
    redeliver: book.redeliver,
  };
}

async function lookup(store: Store, { event }: DeliveryRow): Promise<EventEnvelope | undefined> {
  return (await store.get('outbox', event))?.envelope as unknown as EventEnvelope | undefined;
}

/** Puts events into the outbox, but for those that stand there already. */
async function append(store: Store, events: readonly EventEnvelope[]): Promise<void> {
  const fresh = [...new Map(events.map((event) => [event.id, event])).values()];
  try {
    await store.commit({ events: fresh });
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    const known = await store.find('outbox', { where: { id: { in: fresh.map(({ id }) => id) } }, limit: fresh.length });
    const ids = new Set(known.map(({ id }) => id));
    if (ids.size === 0) throw error;
    await append(
      store,
      fresh.filter(({ id }) => !ids.has(id)),
    );
  }
}

interface TargetOptions extends Required<Pick<EmbeddedLogOptions, 'store' | 'clock' | 'alone' | 'onError'>> {
  readonly hub: Hub;
  /** Hands over what other relays brought. */
  readonly follower: () => Promise<void> | undefined;
}

/** An outbox row that has got its position. */
interface Placed {
  readonly row: OutboxRow;
  readonly position: number;
}

/** The write that puts an event at its place. */
function placing({ row, position }: Placed): RowWrite {
  return { op: 'update', table: 'outbox', row: { ...row, state: 'delivered', position, rev: row.rev + 1 } };
}

/** Events that may wait for their mark before the relay has to wait. */
const MOST_UNMARKED = 20_000;

/** Gives positions to what the relay brings. */
function createTarget({ store, clock, alone, hub, onError, follower }: TargetOptions) {
  const counter = createCounter(store);
  const onMarked = ({ position }: Placed) => {
    counter.written();
    hub.confirm(position);
  };
  const seal = ({ position }: Placed) => counter.write(position);
  const mark = () => createMarker<Placed>({ store, clock, write: placing, seal, onMarked, onError });
  let marker = mark();
  let drain: () => Promise<void> = async () => {};

  const place = (rows: readonly OutboxRow[]): readonly Placed[] =>
    rows.map((row) => ({ row, position: counter.next() }));
  const hand = (placed: readonly Placed[]) =>
    hub.hand(placed.map(({ row, position }) => ({ position, event: row.envelope as unknown as EventEnvelope })));

  /** Alone on the store, nothing can come between: events are handed over while their places are written. */
  const bringAlone = async (rows: readonly OutboxRow[]): Promise<void> => {
    const placed = place(rows);
    hand(placed);
    marker.mark(placed);
    if (hub.last - hub.durable > MOST_UNMARKED) await marker.settled();
  };
  /** Another relay may be at work: places count once they are durable. */
  const bringShared = async (rows: readonly OutboxRow[]): Promise<void> => {
    const before = counter.position;
    const placed = place(rows);
    try {
      await store.commit({ rows: [...placed.map(placing), counter.write(counter.position)] });
    } catch (error) {
      await counter.load();
      throw error;
    }
    counter.written();
    if (hub.last !== before) await follower();
    else {
      hand(placed);
      hub.confirm(counter.position);
    }
  };
  const target: RelayTarget & { drained(): Promise<void> } = {
    async beginRelay(given) {
      await counter.load();
      // What was handed over and could not be marked comes again, at places of its own.
      counter.raise(hub.last);
      marker = mark();
      drain = given;
    },
    bring: alone ? bringAlone : bringShared,
    settled: () => marker.settled(),
    async endRelay() {
      drain = async () => {};
      await marker.stop();
    },
    drained: () => drain(),
  };
  return target;
}

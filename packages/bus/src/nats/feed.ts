import { AckPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Feed } from '../delivery/consumption.ts';
import { hasRoom, pass, take } from '../delivery/lanes.ts';
import { floorOf, type Work } from '../delivery/work.ts';
import { topicFilter } from '../topic-filter.ts';
import { keepSession } from './session.ts';
import { beginAt, type EventStream, eventOf, filterOf, isMissing, reaching } from './stream.ts';

/** Milliseconds after which the server gives a message again that nobody acknowledged or is said to work on. */
const ACK_WAIT = 60_000;

/** How often it is told what is still worked on. */
const STILL = ACK_WAIT / 3;

/** Messages without acknowledgement that the server allows, and that one request asks for. */
const MOST_OPEN = 30_000;
const BATCH = 1_000;

/** Milliseconds between looks whether everything has arrived. */
const LOOK = 10;

/** The durable name of a consumer at the server, which allows fewer characters. */
export function durableOf(name: string): string {
  return encodeURIComponent(name).replace(/[%.*~!'()]/g, (char) =>
    char === '%' ? '=' : `=${char.charCodeAt(0).toString(16)}`,
  );
}

/** A feed that can be told that the connection was lost. */
export interface NatsFeed extends Feed {
  restart(): void;
}

/** Hands what the server sends to a consumer's lanes, and acknowledges what is dealt with. */
interface Receiver {
  /** Gives a promise when there is no room for more until that resolves. */
  receive(message: JsMsg): Promise<void> | undefined;
  wake(): void;
  /** How many messages have come since the server's consumer was made. */
  count: number;
  /** Tells the server what is still worked on. */
  still(): void;
}

function createReceiver(work: Work): Receiver {
  const wanted = topicFilter(work.consumer.topics);
  const unsettled = new Map<number, JsMsg>();
  let room: (() => void) | undefined;
  const settled = work.onSettled;
  work.onSettled = (position) => {
    unsettled.get(position)?.ack();
    unsettled.delete(position);
    settled(position);
  };
  const receiver: Receiver = {
    count: 0,
    receive(message) {
      receiver.count = message.info.deliverySequence;
      const position = message.seq;
      if (position <= work.taken) {
        // Told before: it is acknowledged, or will be when it is dealt with.
        if (work.open.has(position)) unsettled.set(position, message);
        else message.ack();
        return undefined;
      }
      const event = eventOf(message.data);
      if (wanted(event.type)) {
        unsettled.set(position, message);
        take(work, { position, event });
      } else {
        message.ack();
        pass(work, position);
      }
      if (hasRoom(work) || work.stopped) return undefined;
      return new Promise((resolve) => {
        room = resolve;
      });
    },
    wake() {
      if (!room || !(hasRoom(work) || work.stopped)) return;
      room();
      room = undefined;
    },
    still() {
      for (const message of unsettled.values()) message.working();
    },
  };
  return receiver;
}

/**
 * Brings a consumer its events by a durable pull consumer with explicit acknowledgement. That is made anew behind the
 * last event that is surely dealt with whenever messages may have been missed: so a subject keeps its order.
 *
 * @throws events.log_unavailable
 */
export async function openNatsFeed(stream: EventStream, work: Work): Promise<NatsFeed> {
  const { manager, js, name } = stream;
  const durable = durableOf(work.consumer.name);
  const receiver = createReceiver(work);
  const open = async (): Promise<ConsumerMessages> => {
    await manager.consumers.delete(name, durable).catch(unlessMissing);
    const info = await manager.consumers.add(name, {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ACK_WAIT),
      max_ack_pending: MOST_OPEN,
      ...filterOf(stream, work.consumer.topics),
      ...beginAt({ after: floorOf(work) }),
    });
    receiver.count = 0;
    const consumer = js.consumers.getConsumerFromInfo(info);
    return consumer.consume({ max_messages: BATCH, abort_on_missing_resource: true });
  };
  /** Whether everything that concerns the consumer has arrived; then its position moves to the end of the log. */
  const refresh = async (): Promise<{ readonly last: number; readonly arrived: boolean }> => {
    const last = (await manager.streams.info(name)).state.last_seq;
    const { num_pending, delivered } = await manager.consumers.info(name, durable);
    const arrived = num_pending === 0 && receiver.count >= delivered.consumer_seq;
    if (arrived) pass(work, last);
    return { last, arrived };
  };
  const session = await reaching(() => keepSession({ open, take: receiver.receive, onError: work.context.onError }));
  const timer = setInterval(receiver.still, STILL);
  timer.unref();
  return {
    async last() {
      for (;;) {
        const { last, arrived } = await refresh().catch(() => ({ last: 0, arrived: work.stopped }));
        if (arrived || work.stopped) return last;
        await new Promise((resolve) => setTimeout(resolve, LOOK));
      }
    },
    async refresh() {
      await refresh().catch(work.context.onError);
    },
    wake: receiver.wake,
    restart: () => session.restart(),
    async stop() {
      clearInterval(timer);
      receiver.wake();
      await session.stop();
    },
  };
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

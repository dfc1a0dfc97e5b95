import { connectNats, openNatsLog } from '@counterpoint/bus';
import { type Causality, type EventEnvelope, newEvent } from '@counterpoint/events';
import { openSqliteStore } from '@counterpoint/store';
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** Where a way of publishing and taking works: a nats-server of its own, and a directory. */
export interface NatsPlace {
  readonly url: string;
  readonly directory: string;
}

/** How many events are on their way to the server at once, in both. */
const WINDOW = 256;
const TOPIC = 'verdict.ip.v1';
const causality: Causality = { principal: 'participant:bench_feed', trace: 'b'.repeat(32), cause: '', hop: 0 };

function someEvents(count: number): readonly EventEnvelope[] {
  const at = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const data = {
      ip: '198.51.100.7',
      verdict: 'malicious',
      confidence: 90,
      file: index.toString(16).padStart(64, '0'),
    };
    return newEvent(TOPIC, `subject-${index % 1_000}`, data, causality, at + index);
  });
}

/** Publishes and takes events; gives the seconds from the first one sent to the last one acknowledged. */
export type NatsWork = (place: NatsPlace, count: number) => Promise<number>;

/** The event log as the server uses it: consumer, cursor, dead letters and all. */
async function throughLog({ url, directory }: NatsPlace, count: number): Promise<number> {
  const store = await openSqliteStore({ directory });
  const link = await connectNats({ url, prefix: 'bench_log' });
  const log = await openNatsLog({ link, store });
  const events = someEvents(count);
  let taken = 0;
  const all = Promise.withResolvers<void>();
  const consumption = await log.consume({
    name: 'bench',
    topics: ['verdict.>'],
    inFlight: WINDOW,
    async handle() {
      taken += 1;
      if (taken === count) all.resolve();
    },
  });
  const began = performance.now();
  for (let from = 0; from < count; from += WINDOW) await log.append(events.slice(from, from + WINDOW));
  await all.promise;
  await consumption.drain();
  const seconds = (performance.now() - began) / 1_000;
  await consumption.stop();
  await log.close();
  await link.close();
  await store.close();
  return seconds;
}

/** The client of JetStream and nothing around it: the same subjects, sizes, message ids and acknowledgements. */
async function bare({ url }: NatsPlace, count: number): Promise<number> {
  const connection = await connect({ servers: url.replace('nats://', '') });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'bare_events', subjects: ['bare.events.>'], storage: StorageType.File });
  await manager.consumers.add('bare_events', {
    durable_name: 'bench',
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    filter_subject: 'bare.events.verdict.>',
    max_ack_pending: 30_000,
  });
  const js = jetstream(connection);
  const events = someEvents(count);
  const consumer = await js.consumers.get('bare_events', 'bench');
  const messages = await consumer.consume({ max_messages: 1_000 });
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const taking = (async () => {
    let taken = 0;
    for await (const message of messages) {
      JSON.parse(decoder.decode(message.data));
      message.ack();
      taken += 1;
      if (taken === count) return;
    }
  })();
  const began = performance.now();
  for (let from = 0; from < count; from += WINDOW) {
    const publish = (event: EventEnvelope) =>
      js.publish(`bare.events.${event.type}`, encoder.encode(JSON.stringify(event)), { msgID: event.id });
    await Promise.all(events.slice(from, from + WINDOW).map(publish));
  }
  await taking;
  await connection.flush();
  const seconds = (performance.now() - began) / 1_000;
  await messages.close();
  await connection.close();
  return seconds;
}

/** What is compared. */
export const natsModes = { log: throughLog, bare } as const satisfies Readonly<Record<string, NatsWork>>;

/** The name of one of them. */
export type NatsMode = keyof typeof natsModes;

import { eventErrors, type ProcessCalls } from '@counterpoint/events';
import { createInbox, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { NatsLink } from './connect.ts';

/** Names which part of how many a message is. */
const PART = 'Part';
/** What a message holds besides its payload, at most, in bytes. */
const ENVELOPE = 1_024;
/** The largest request or answer, in bytes; more is no call between our processes. */
const LARGEST = 64 * 1024 * 1024;
/** How long the rest of a request may take to come, in milliseconds. */
const REST = 30_000;
/** The payload that says that there is no answer. */
const FAILED = 'Failed';

/**
 * Calls over NATS request and reply: a request goes to `<prefix>.call.<process>`, its answer to an inbox of its own. Both are cut
 * into parts of what the server accepts in one message.
 */
export function createNatsProcessCalls(link: NatsLink): ProcessCalls {
  const { connection } = link;
  const subjectOf = (process: string): string => `${link.prefix}.call.${process}`;
  return {
    async serve(process, answer) {
      const collecting = new Map<string, Collector>();
      const subscription = connection.subscribe(subjectOf(process), {
        callback(error, message) {
          const reply = message?.reply;
          if (error || !reply) return;
          const whole = collect(collecting, reply, message);
          if (!whole) return;
          answer(whole).then(
            (bytes) => send(connection, reply, bytes),
            () => connection.publish(reply, '', { headers: failure() }),
          );
        },
      });
      await connection.flush();
      return async () => {
        if (!connection.isClosed()) await subscription.drain();
        for (const { timer } of collecting.values()) clearTimeout(timer);
      };
    },
    async call(process, request, timeout) {
      if (!link.up()) throw eventErrors.process_absent({ process });
      const inbox = createInbox();
      const answered = Promise.withResolvers<Uint8Array>();
      const unreachable = () => answered.reject(eventErrors.process_unreachable({ process }));
      const collecting = new Map<string, Collector>();
      const subscription = connection.subscribe(inbox, {
        callback(error, message) {
          if (error || message.headers?.has(FAILED)) unreachable();
          else if (isUndelivered(message)) answered.reject(eventErrors.process_absent({ process }));
          else {
            const whole = collect(collecting, inbox, message);
            if (whole) answered.resolve(whole);
          }
        },
      });
      const timer = setTimeout(unreachable, timeout);
      try {
        send(connection, subjectOf(process), request, inbox);
        return await answered.promise;
      } finally {
        clearTimeout(timer);
        subscription.unsubscribe();
        for (const one of collecting.values()) clearTimeout(one.timer);
      }
    },
  };
}

function failure(): ReturnType<typeof headers> {
  const fields = headers();
  fields.set(FAILED, '1');
  return fields;
}

/** The server knows of nobody who listens there: a part, and so the whole, was given to nobody. */
function isUndelivered({ headers: fields }: Msg): boolean {
  return fields?.code === 503;
}

/** Parts of one message that is not complete yet. */
interface Collector {
  readonly parts: Uint8Array[];
  readonly timer: NodeJS.Timeout;
  size: number;
}

/** Adds a part, and gives the whole when it is the last. */
function collect(collecting: Map<string, Collector>, key: string, message: Msg): Uint8Array | undefined {
  const [part, of] = (message.headers?.get(PART) || '1/1').split('/').map(Number);
  if (of === 1) return message.data;
  let collector = collecting.get(key);
  if (!collector) {
    if (part !== 1) return undefined;
    collector = { parts: [], size: 0, timer: setTimeout(() => collecting.delete(key), REST) };
    collecting.set(key, collector);
  }
  collector.parts.push(message.data);
  collector.size += message.data.length;
  const lost = collector.parts.length !== part || collector.size > LARGEST;
  if (!lost && part !== of) return undefined;
  clearTimeout(collector.timer);
  collecting.delete(key);
  return lost ? undefined : Buffer.concat(collector.parts);
}

function send(connection: NatsConnection, subject: string, bytes: Uint8Array, reply?: string): void {
  const size = (connection.info?.max_payload ?? LARGEST) - ENVELOPE;
  const of = Math.max(1, Math.ceil(bytes.length / size));
  for (let part = 1; part <= of; part++) {
    const fields = headers();
    if (of > 1) fields.set(PART, `${part}/${of}`);
    const payload = bytes.subarray((part - 1) * size, part * size);
    connection.publish(subject, payload, {
      ...(reply === undefined ? {} : { reply }),
      ...(of > 1 ? { headers: fields } : {}),
    });
  }
}

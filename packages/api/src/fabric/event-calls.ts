import type { Clock, Redactor } from '@counterpoint/core';
import type { Participant, Publication } from '@counterpoint/fabric';
import { bearerOf } from '@counterpoint/identity';
import { errors } from '../errors.ts';
import { PROBLEM_TYPE } from '../problem.ts';
import type { Call, CallHandlers } from './call.ts';
import type { Durable, DurableWish, Handed } from './durable.ts';
import type { Presence, Presences } from './presence.ts';
import { publishAll } from './publish.ts';
import type { FabricServices } from './services.ts';
import { type EventStream, openEventStream } from './sse.ts';
import { deliveryOf, durableOf, type Place, receivable, startOf, topicsOf } from './subscribe.ts';
import { tailTo } from './tail.ts';

const ATTEMPTS = 10;
const TIMEOUT = 30;
/** How many events are written to a stream before its reader has to catch up. */
const AT_ONCE = 16;

type Wished = Place & { readonly attempts?: number | undefined; readonly timeout?: number | undefined };

/** Aborts after `millis`, or when what is under way now has had its turn; `cancel` forgets it. */
export function timeLimit(clock: Clock, millis: number): { readonly signal: AbortSignal; cancel(): void } {
  const over = new AbortController();
  const abort = () => over.abort();
  if (millis > 0) return { signal: over.signal, cancel: clock.after(millis, abort) };
  setImmediate(abort);
  return { signal: over.signal, cancel: () => {} };
}

/** Opens a stream to a participant that ends with its session, or when its token no longer counts. */
export function streamTo(
  { participants, clock }: FabricServices,
  presences: Presences,
  presence: Presence,
  { request, reply, participant }: Pick<Call<'subscribe'>, 'request' | 'reply' | 'participant'>,
): EventStream {
  const release = presence.read();
  const stream = openEventStream(reply, clock, async () => {
    presences.heard(participant.id);
    await participants.byToken(bearerOf(request.headers.authorization ?? '') ?? '');
  });
  stream.signal.addEventListener('abort', release, { once: true });
  const leave = () => stream.end('left', String(presence.gone.reason));
  presence.gone.addEventListener('abort', leave, { once: true, signal: stream.signal });
  if (presence.gone.aborted) leave();
  return stream;
}

function wishOf(services: FabricServices, participant: Participant, query: Wished): DurableWish {
  const { attempts = ATTEMPTS, timeout = TIMEOUT } = query;
  return { topics: topicsOf(services, participant, query), start: startOf(query), attempts, timeout: timeout * 1_000 };
}

function resumeAt({ request, query }: Call<'subscribe'>): Place {
  const last = request.headers['last-event-id'];
  if (last === undefined || last === '') return query;
  if (!/^\d{1,15}$/.test(String(last))) {
    throw errors.request_invalid({ reason: 'Last-Event-ID is not the id of an event of this stream' });
  }
  return { ...query, after: Number(last) };
}

async function pour(durable: Durable, stream: EventStream, taken: AbortSignal, auto: boolean): Promise<void> {
  const over = AbortSignal.any([stream.signal, taken]);
  const settle = (items: readonly Handed[]) => {
    if (auto && !stream.signal.aborted) for (const { ack } of items) durable.settle(ack);
  };
  while (!over.aborted) {
    const items = await durable.next(AT_ONCE, over);
    for (const item of items) stream.send({ id: item.ack, data: deliveryOf(item) });
    await stream.room();
    settle(items);
  }
  if (!stream.signal.aborted) stream.end('replaced', 'another connection took this subscription over, or it ended');
}

function subscription(services: FabricServices, presences: Presences) {
  return {
    async subscribe(call) {
      const { participant, query, reply } = call;
      const { log } = services;
      const wish = wishOf(services, participant, query);
      const presence = await presences.enter(participant);
      if (query.durable === undefined) {
        const start = startOf(resumeAt(call));
        const stream = streamTo(services, presences, presence, call);
        const allowed = receivable(services, participant.id);
        await tailTo(stream, log, { topics: wish.topics, start, allowed });
        return reply;
      }
      const name = query.durable;
      const durable = await durableOf(services, presence, participant.id, name, wish);
      const stream = streamTo(services, presences, presence, call);
      const taken = durable.attach(true);
      await pour(durable, stream, taken, query.ack === 'auto');
      if (!taken.aborted) presence.abandon(name);
      return reply;
    },
    async pull(call) {
      const { participant, query, signal } = call;
      const wish = wishOf(services, participant, query);
      const presence = await presences.enter(participant);
      const durable = await durableOf(services, presence, participant.id, query.durable, wish);
      const release = presence.read();
      const limit = timeLimit(services.clock, query.wait * 1_000);
      const taken = durable.attach(false);
      try {
        const over = AbortSignal.any([signal, taken, presence.gone, limit.signal]);
        return { events: (await durable.next(query.max, over)).map(deliveryOf) };
      } finally {
        limit.cancel();
        release();
        if (!taken.aborted) presence.abandon(query.durable);
      }
    },
  } satisfies CallHandlers<'subscribe' | 'pull'>;
}

/** Publishing and subscribing. */
export function eventCalls(
  services: FabricServices,
  presences: Presences,
  redactor: Redactor,
): CallHandlers<'publish' | 'subscribe' | 'pull' | 'ack' | 'nack'> {
  const settle = async (id: string, ids: readonly string[], failed?: string) => {
    const opening = [...(presences.get(id)?.durables.values() ?? [])];
    const durables = await Promise.all(opening.map((one) => one.catch(() => undefined)));
    const settled = ids.filter((ack) => durables.some((durable) => durable?.settle(ack, failed)));
    const known = new Set(settled);
    return { settled, unknown: ids.filter((ack) => !known.has(ack)) };
  };
  return {
    ...subscription(services, presences),
    async publish({ participant, body, reply }) {
      const list = (Array.isArray(body) ? body : [body]) as readonly Publication[];
      const events = await publishAll(services, redactor, participant, list);
      const [first] = events;
      if (!Array.isArray(body) && first && first.status !== 202) {
        return reply.code(first.status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(first);
      }
      const all = events.every(({ status }) => status === 202);
      return reply
        .code(all ? 202 : 207)
        .serializer(JSON.stringify)
        .send({ events });
    },
    ack: ({ participant, body }) => settle(participant.id, body.ids),
    nack: ({ participant, body }) => settle(participant.id, body.ids, body.reason || 'given back without a reason'),
  };
}

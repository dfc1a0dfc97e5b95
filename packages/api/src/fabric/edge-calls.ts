import type { EdgeBatch, EdgeEndpointName, edgeEndpoints } from '@counterpoint/contracts';
import type { EdgeCentre, Participant } from '@counterpoint/fabric';
import type { z } from 'zod';
import { type Durable, openDurable } from './durable.ts';
import { timeLimit } from './event-calls.ts';
import type { Presence, Presences } from './presence.ts';
import type { FabricServices } from './services.ts';

type Definition<Name extends EdgeEndpointName> = (typeof edgeEndpoints)[Name];
type Body<Name extends EdgeEndpointName> = z.output<Definition<Name>['body']>;
type Answer<Name extends EdgeEndpointName> = Promise<z.input<Definition<Name>['response']>>;

/** A validated request of an edge node. */
export interface EdgeCall<Name extends EdgeEndpointName> {
  readonly body: Body<Name>;
  /** Aborted when the connection is closed. */
  readonly signal: AbortSignal;
}

/** What performs the operations between an edge node and its centre. */
export interface EdgeCalls {
  join(call: EdgeCall<'join'>): Answer<'join'>;
  sync(call: EdgeCall<'sync'>, node: Participant): Answer<'sync'>;
  events(call: EdgeCall<'events'>, node: Participant): Answer<'events'>;
  merge(call: EdgeCall<'merge'>, node: Participant): Answer<'merge'>;
}

/** Name of the durable subscription of a node. */
const DURABLE = 'edge';
const ATTEMPTS = 20;
const TIMEOUT = 30_000;

type Fabric = Pick<FabricServices, 'log' | 'clock' | 'participants'>;

/** The subscription of a node to these topics. What it published itself does not come back to it. */
async function subscription(fabric: Fabric, presence: Presence, node: string, topics: readonly string[]) {
  presence.keep(DURABLE);
  const before = presence.durables.get(DURABLE);
  const open = async (): Promise<Durable> => {
    const known = await before?.catch(() => undefined);
    if (known && JSON.stringify(known.wish.topics) === JSON.stringify(topics)) return known;
    await known?.stop();
    const wish = { topics, start: 'new', attempts: ATTEMPTS, timeout: TIMEOUT } as const;
    return openDurable(fabric, `edge:${node}`, wish, ({ event }) => event.participant !== node);
  };
  const opening = open();
  presence.durables.set(DURABLE, opening);
  try {
    return await opening;
  } catch (error) {
    if (presence.durables.get(DURABLE) === opening) presence.durables.delete(DURABLE);
    throw error;
  }
}

interface Wanted {
  readonly max: number;
  readonly topics: readonly string[];
  readonly afresh: boolean;
  /** Aborted when nobody waits any more. */
  readonly over: AbortSignal;
}

/** Waits for events that a node's reactions are to hear of; the topics may change meanwhile. */
async function nextEvents(
  centre: EdgeCentre,
  fabric: Fabric,
  presence: Presence,
  node: string,
  { max, over, topics: wanted, afresh }: Wanted,
) {
  for (let first = true; ; first = false) {
    const changed = new AbortController();
    const listening = AbortSignal.any([over, changed.signal]);
    const heard = centre.changed(listening).then(() => changed.abort());
    try {
      const topics = (await centre.topicsOf(node)).filter((topic) => wanted.includes(topic));
      const durable = topics.length === 0 ? undefined : await subscription(fabric, presence, node, topics);
      const taken = durable?.attach(first && afresh);
      const until = AbortSignal.any([listening, ...(taken ? [taken] : [])]);
      const items = (await durable?.next(max, until)) ?? [];
      if (durable === undefined) await heard;
      if (items.length > 0 || over.aborted || taken?.aborted) return items;
    } finally {
      changed.abort();
    }
  }
}

/** What an edge node asks of its centre. */
export function edgeCalls(centre: EdgeCentre, fabric: Fabric, presences: Presences): EdgeCalls {
  return {
    async join({ body }) {
      const { node, site, installation, token, centreKey } = await centre.join(body.token, body.public_key);
      return { node, site, installation, token, centre_key: centreKey };
    },
    async sync({ body, signal }, node) {
      const presence = await presences.enter(node);
      const over = AbortSignal.any([signal, presence.gone]);
      return centre.sync(node.id, { bundle: body.bundle, done: body.done, wait: body.wait * 1_000 }, over);
    },
    async events({ body, signal }, node) {
      const presence = await presences.enter(node);
      const before = await presence.durables.get(DURABLE)?.catch(() => undefined);
      for (const ack of body.ack) before?.settle(ack);
      const release = presence.read();
      const limit = timeLimit(fabric.clock, body.wait * 1_000);
      try {
        const over = AbortSignal.any([signal, presence.gone, limit.signal]);
        const { max, topics, afresh } = body;
        const items = await nextEvents(centre, fabric, presence, node.id, { max, topics, afresh, over });
        return { events: items.map(({ ack, logged }) => ({ ack, event: logged.event })) };
      } finally {
        limit.cancel();
        release();
        presence.abandon(DURABLE);
      }
    },
    async merge({ body }, node) {
      const { refused, audit } = await centre.merge(node.id, body as EdgeBatch);
      return { refused: refused.map((one) => ({ ...one })), audit };
    },
  };
}

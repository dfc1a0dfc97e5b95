import type { FabricEndpointName } from '@counterpoint/contracts';
import { type Clock, isCounterpointError, type Json, newTraceId } from '@counterpoint/core';
import { type EventCheck, exampleOf } from '@counterpoint/engine';
import {
  type ConsumerStanding,
  type DeliveryRow,
  type EventEnvelope,
  type EventLog,
  isForeignTopic,
  type LoggedEvent,
  newEvent,
  type OutboxRow,
  type Store,
} from '@counterpoint/events';
import {
  checkFabric,
  deadByTopic,
  type FabricMap,
  fabricErrors,
  fabricMap,
  type MappedTopic,
  mapTopics,
  type Participant,
  type Published,
  type ReadGraph,
  type Span,
  type WhatIfOptions,
  whatIf,
  whyNotPublished,
} from '@counterpoint/fabric';
import type { Principal } from '@counterpoint/identity';
import type { EffectOf } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { causalityOfPrincipal } from '../occasion.ts';
import { conditions, pageRows } from '../paging.ts';

/** What the handlers of the fabric need. */
export interface FabricDesk {
  readonly store: Store;
  readonly clock: Clock;
  /** Its `rewind` also serves consumers that are at work. */
  readonly eventLog: EventLog;
  /** What was published over a span until now. */
  readonly traffic: { over(span: Span): Promise<Published> };
  /** What {@link whatIf} looks at. */
  readonly plans: WhatIfOptions['plans'];
  readonly members: { all(): readonly Participant[] } & WhatIfOptions['participants'];
  readonly catalogue: WhatIfOptions['catalogue'];
  readonly maxHops: number;
  /** Holds events against the schemas of their topics. */
  readonly checkEvent: EventCheck;
  /** The graph of what is published and who is let in. */
  graph(): Promise<ReadGraph>;
  /** The effect classes of what is known here. */
  effectOf(): EffectOf;
}

type Names = FabricEndpointName;
type Group<Some extends Names> = Pick<Handlers<Names>, Some>;

function topicView(one: MappedTopic) {
  const { topic, title, version, declared, open, publishers, takers, events, dead } = one;
  return {
    topic,
    title,
    version,
    declared,
    open,
    publishers: [...publishers],
    takers: [...takers],
    events,
    dead,
  };
}

function consumerView({ name, topics, position, behind, retrying, dead }: ConsumerStanding) {
  return { name, topics: [...topics], position, behind, retrying, dead };
}

function mapView(map: FabricMap) {
  const { at, span: window, participants, reactions, playbooks, topics, edges, consumers, dead } = map;
  return {
    at,
    window,
    participants: participants.map(({ participant, drifted, published, refused }) => {
      const { id, title, kind, site, state, enabled } = participant;
      return { id, title, kind, site, state, enabled, drifted, published, refused };
    }),
    reactions: reactions.map(({ actor, breaker, held, runs, outcomes }) => {
      const { mode = 'observe', topic = '' } = actor.plan?.reaction ?? {};
      return { id: actor.id, title: actor.title, mode, topic, breaker, held, runs, outcomes: { ...outcomes } };
    }),
    playbooks: playbooks.map(({ actor: { id, title }, runs }) => ({ id, title, runs })),
    topics: topics.map(topicView),
    topics_left_out: map.topicsLeftOut,
    edges: edges.map(({ from, to, kind, conditional, events }) => ({ from, to, kind, conditional, events })),
    consumers: consumers.map(consumerView),
    storms: map.storms.map((one) => ({ ...one })),
    dead,
  };
}

function eventView({ position, event }: LoggedEvent) {
  const { id, type, subject, participant, time, trace, cause, hop, data } = event;
  return { position, id, topic: type, subject, participant, at: Date.parse(time), trace, cause, hop, data };
}

function seeing(desk: FabricDesk): Group<'fabricMap' | 'checkFabric' | 'listTopics' | 'whatIf'> {
  const { store, clock, eventLog, members } = desk;
  return {
    async fabricMap({ query: { window: span } }) {
      const { graph } = await desk.graph();
      const [traffic, participants] = [await desk.traffic.over(span), members.all()];
      return mapView(await fabricMap(graph, { store, clock, eventLog, span, traffic, participants }));
    },
    async checkFabric() {
      const { graph, findings } = await desk.graph();
      const all = [...findings, ...checkFabric(graph, desk.effectOf())];
      return {
        findings: all.map(({ place: { file: of, line, column }, suggestion = null, ...rest }) => ({
          ...rest,
          suggestion,
          ...{ of, line, column },
        })),
        actors: graph.actors.length,
        topics: graph.topics.size,
      };
    },
    async listTopics({ query }) {
      const [{ graph }, dead, traffic, consumers] = await Promise.all([
        desk.graph(),
        deadByTopic(store),
        desk.traffic.over(query.window),
        eventLog.standings(),
      ]);
      const { topics } = mapTopics(graph, { traffic, dead, consumers });
      return {
        window: query.window,
        items: topics.map((one) => {
          const { schema } = graph.topics.get(one.topic) ?? {};
          return { ...topicView(one), schema: schema ?? null, example: schema ? exampleOf(schema) : null };
        }),
      };
    },
    async whatIf({ body, principal }) {
      const { topic, data, participant, hop } = body;
      const problem = problemOf(desk, participant, topic, data);
      if (problem !== undefined) return { problem, takers: [] };
      const event: EventEnvelope = {
        ...newEvent(topic, participant, data, { ...causalityOfPrincipal(principal), hop: hop - 1 }, clock.now()),
        participant,
      };
      const { plans, catalogue, maxHops } = desk;
      const takers = await whatIf({ plans, participants: members, catalogue, maxHops, clock }, event);
      return { problem: '', takers: takers.map((one) => ({ ...one, steps: [...one.steps] })) };
    },
  };
}

/** Why an event could not be published; undefined when it could. */
function problemOf({ members, checkEvent }: FabricDesk, by: string, topic: string, data: Json): string | undefined {
  if (by === 'server') return isForeignTopic(topic) ? undefined : checkEvent(topic, data)?.message;
  const participant = members.get(by);
  if (!participant) return fabricErrors.participant_unknown({ participant: by, suggestion: '' }).message;
  return whyNotPublished(participant, { topic, data }, checkEvent)?.message;
}

function recentView({ envelope }: OutboxRow) {
  const { position: _position, ...rest } = eventView({ position: 0, event: envelope as unknown as EventEnvelope });
  return rest;
}

function looking({ store }: FabricDesk): Group<'listRecentEvents' | 'getEvent'> {
  return {
    // From the outbox, through which every event goes: unlike the log it can be read backwards, whatever that is kept in.
    async listRecentEvents({ query }) {
      const where = conditions<OutboxRow>({ topic: query.topic, participant: query.participant });
      const { rows, next } = await pageRows(store, 'outbox', query, { column: 'at', key: 'id', where });
      return { items: rows.map(recentView), next };
    },
    async getEvent({ params: { id = '' } }) {
      const row = await store.get('outbox', id);
      if (!row) throw errors.not_found({ kind: 'event', id });
      return recentView(row);
    },
  };
}

function reading({ eventLog }: FabricDesk): Group<'listEvents' | 'listConsumers'> {
  return {
    async listEvents({ query: { topic, since, after, limit } }) {
      const start = after !== undefined ? { after } : since !== undefined ? { since } : 'first';
      const found = await eventLog.read({ topics: [topic], start, limit: limit + 1 });
      const items = found.slice(0, limit);
      return { items: items.map(eventView), next: found.length > limit ? (items.at(-1)?.position ?? null) : null };
    },
    async listConsumers() {
      const [standings, bounds] = await Promise.all([eventLog.standings(), eventLog.bounds()]);
      return { items: standings.map(consumerView), ...bounds };
    },
  };
}

/** @throws api.not_found */
async function deliveryOf({ store }: FabricDesk, id = ''): Promise<DeliveryRow> {
  const row = await store.get('deliveries', id);
  if (!row) throw errors.not_found({ kind: 'delivery', id });
  return row;
}

function deliveryView({ id, consumer, event, topic, subject, state, attempts, next_at, error, at }: DeliveryRow) {
  return { id, consumer, event, topic, subject, state, attempts, next_at, error, at };
}

async function audit(
  { store, clock }: FabricDesk,
  principal: Principal,
  entry: {
    readonly action: string;
    readonly object: string;
    readonly data: { readonly [name: string]: string | number };
  },
): Promise<void> {
  const at = clock.now();
  await store.commit({ audit: [{ at, principal: principal.ref, ...entry, trace: newTraceId(at) }] });
}

function operating(
  desk: FabricDesk,
): Group<'rewindConsumer' | 'listDead' | 'getDead' | 'redeliverDead' | 'discardDead'> {
  const { store, eventLog } = desk;
  const noted = (row: DeliveryRow, principal: Principal, action: string, reason: string) =>
    audit(desk, principal, {
      action,
      object: `event:${row.event}`,
      data: { consumer: row.consumer, topic: row.topic, error: row.error, reason },
    });
  return {
    async rewindConsumer({ params: { name = '' }, body, principal }) {
      const before = (await eventLog.standings()).find((one) => one.name === name);
      if (!before) throw errors.not_found({ kind: 'consumer', id: name });
      await eventLog.rewind(name, body.time === undefined ? { after: body.after ?? 0 } : { since: body.time });
      const after = (await eventLog.standings()).find((one) => one.name === name) ?? before;
      const data = { from: before.position, to: after.position, reason: body.reason };
      await audit(desk, principal, { action: 'fabric.rewound', object: `consumer:${name}`, data });
      return consumerView(after);
    },
    async listDead({ query }) {
      const where = conditions<DeliveryRow>({ state: query.state, consumer: query.consumer });
      const { rows, next } = await pageRows(store, 'deliveries', query, { column: 'at', key: 'id', where });
      return { items: rows.map(deliveryView), next };
    },
    async getDead({ params }) {
      const row = await deliveryOf(desk, params.id);
      return { ...deliveryView(row), envelope: (await store.get('outbox', row.event))?.envelope ?? null };
    },
    async redeliverDead({ params, body, principal }) {
      const row = await deliveryOf(desk, params.id);
      await eventLog.redeliver(row.id);
      await noted(row, principal, 'fabric.redelivered', body.reason);
      return deliveryView((await store.get('deliveries', row.id)) ?? { ...row, state: 'retry' });
    },
    async discardDead({ params, body, principal }) {
      const row = await deliveryOf(desk, params.id);
      if (row.state !== 'dead') throw errors.delivery_alive({ id: row.id, state: row.state });
      await store.commit({ rows: [{ op: 'delete', table: 'deliveries', id: row.id }] });
      await noted(row, principal, 'fabric.discarded', body.reason);
      return deliveryView(row);
    },
  };
}

/** How many are given again with one call: as many as one request may keep others waiting for. */
const AT_ONCE = 200;

/** Gives dead events to their consumers again. */
function replaying(desk: FabricDesk): Group<'redeliverAllDead'> {
  const { store, clock, eventLog } = desk;
  /** Whether it was dead still: what somebody else gave again or threw away meanwhile is left alone. */
  const again = async ({ id }: DeliveryRow): Promise<boolean> => {
    try {
      await eventLog.redeliver(id);
      return true;
    } catch (error) {
      if (isCounterpointError(error, 'events.delivery_unknown')) return false;
      throw error;
    }
  };
  return {
    async redeliverAllDead({ body: { consumer, until = clock.now(), reason }, principal }) {
      // What dies again is dead later than that, so that nobody gives it for ever.
      const where = {
        state: 'dead',
        next_at: { lte: until },
        ...(consumer === undefined ? {} : { consumer }),
      } as const;
      const orderBy = [{ column: 'position' }] as const;
      const rows = await store.find('deliveries', { where, orderBy, limit: AT_ONCE });
      const done: DeliveryRow[] = [];
      // One after the other: those of one subject go in their order.
      for (const row of rows) if (await again(row)) done.push(row);
      const at = clock.now();
      const audit = done.map((row) => redelivered(row, principal, reason, at));
      if (audit.length > 0) await store.commit({ audit });
      return { redelivered: done.length, left: await store.count('deliveries', where), until };
    },
  };
}

function redelivered({ event, consumer, topic, error }: DeliveryRow, by: Principal, reason: string, at: number) {
  const about = { action: 'fabric.redelivered', object: `event:${event}`, data: { consumer, topic, error, reason } };
  return { at, principal: by.ref, ...about, trace: newTraceId(at) };
}

/** Performs the operations on the fabric as a whole. */
export function fabricHandlers(desk: FabricDesk): Handlers<Names> {
  return { ...seeing(desk), ...looking(desk), ...reading(desk), ...operating(desk), ...replaying(desk) };
}

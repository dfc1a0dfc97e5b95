import { type ConsumerStanding, type EventLog, type Reader, topicMatches } from '@counterpoint/events';
import { driftOf } from '../participants/drift.ts';
import type { Participant } from '../participants/participant.ts';
import { refusedSince } from '../publishing/refusals.ts';
import { heldBy } from '../reactions/breakers.ts';
import { actorRef, type FabricActor, type FabricGraph, type FlowKind, giversOf, takersOf, topicsOf } from './graph.ts';
import { type Published, type Span, widthOf } from './traffic.ts';

/** What {@link fabricMap} looks at. */
export interface FabricMapOptions {
  readonly store: Reader;
  readonly clock: { now(): number };
  readonly eventLog: Pick<EventLog, 'standings'>;
  /** What its figures are of. */
  readonly span: Span;
  /** What was published over the span. */
  readonly traffic: Published;
  readonly participants: readonly Participant[];
}

/** A topic with who publishes and takes it. */
export interface MappedTopic {
  readonly topic: string;
  readonly title: string;
  /** The number behind `.v`; null for a topic of another system. */
  readonly version: number | null;
  readonly declared: boolean;
  readonly open: boolean;
  readonly publishers: readonly string[];
  readonly takers: readonly string[];
  /** Events of the span. */
  readonly events: number;
  /** Dead letters, counted among the newest {@link DEAD_LOOKED_AT}. */
  readonly dead: number;
}

/** That events go from a topic to somebody, or the other way. */
export interface MappedEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: FlowKind;
  readonly conditional: boolean;
  /** Of the span. */
  readonly events: number;
}

/** A participant on the map. */
export interface MappedParticipant {
  readonly participant: Participant;
  readonly drifted: boolean;
  /** Events of the span. */
  readonly published: number;
  /** How often it was refused in the span. */
  readonly refused: number;
}

/** A reaction on the map. */
export interface MappedReaction {
  readonly actor: FabricActor;
  readonly breaker: 'closed' | 'open';
  readonly held: number;
  /** Runs of the span. */
  readonly runs: number;
  /** Outcome -> how often in the span. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Everything that takes part, how it hangs together, and how much went through over a span. */
export interface FabricMap {
  readonly at: number;
  readonly span: Span;
  readonly participants: readonly MappedParticipant[];
  readonly reactions: readonly MappedReaction[];
  readonly playbooks: readonly { readonly actor: FabricActor; readonly runs: number }[];
  readonly topics: readonly MappedTopic[];
  /** Topics that nobody declares or names, beyond the busiest {@link MOST_SEEN}. */
  readonly topicsLeftOut: number;
  readonly edges: readonly MappedEdge[];
  readonly consumers: readonly ConsumerStanding[];
  /** Storm breakers that are open. */
  readonly storms: readonly Storm[];
  readonly dead: number;
}

/** A storm breaker that is open. */
export interface Storm {
  /** Id of the reaction, or `<participant>@<topic>`. */
  readonly id: string;
  readonly reason: string;
  readonly at: number;
  readonly held: number;
}

/** Whoever invents topics must not make the map unreadable. */
const MOST_SEEN = 300;
const DEAD_LOOKED_AT = 1_000;
const MOST_STORMS = 1_000;
const OUTCOMES = ['observed', 'started', 'duplicate', 'unconfirmed', 'refused', 'expired', 'discarded'] as const;

/** The number at the end of a topic’s name; null for one of another system. */
export function versionOf(topic: string): number | null {
  const [, version] = /\.v([1-9][0-9]*)$/.exec(topic) ?? [];
  return version === undefined ? null : Number(version);
}

/** Participants that publish on a topic without having said so. */
function unannounced(graph: FabricGraph, topic: string, traffic: Published): readonly string[] {
  const said = new Set(giversOf(graph, topic).map(({ actor }) => actor.id));
  const heard = traffic.publishers(topic).filter((participant) => participant !== 'server' && !said.has(participant));
  return heard.map((participant) => `participant:${participant}`);
}

/** Participants with a durable subscription to a topic that have not said that they take it. */
function subscribers(graph: FabricGraph, topic: string, consumers: readonly ConsumerStanding[]): readonly string[] {
  const said = new Set(takersOf(graph, topic).map(({ actor }) => actorRef(actor)));
  const heard = consumers.flatMap(({ name, topics }) => {
    const [, participant] = /^(participant:[^/]+)\//.exec(name) ?? [];
    return participant !== undefined && topics.some((one) => topicMatches(one, topic)) ? [participant] : [];
  });
  return [...new Set(heard)].filter((participant) => !said.has(participant));
}

/** What of the fabric is put together with its graph. */
interface Seen {
  readonly traffic: Published;
  /** Dead letters by topic. */
  readonly dead: ReadonlyMap<string, number>;
  readonly consumers: readonly ConsumerStanding[];
}

function mappedTopic(graph: FabricGraph, topic: string, { traffic, dead, consumers }: Seen): MappedTopic {
  const declaration = graph.topics.get(topic);
  return {
    topic,
    title: declaration?.title ?? '',
    version: versionOf(topic),
    declared: declaration !== undefined,
    open: declaration?.open ?? true,
    publishers: [...giversOf(graph, topic).map(({ actor }) => actorRef(actor)), ...unannounced(graph, topic, traffic)],
    takers: [...takersOf(graph, topic).map(({ actor }) => actorRef(actor)), ...subscribers(graph, topic, consumers)],
    events: traffic.ofTopic(topic),
    dead: dead.get(topic) ?? 0,
  };
}

function edgesOf(graph: FabricGraph, topic: string, { traffic, consumers }: Seen): readonly MappedEdge[] {
  const given = giversOf(graph, topic).map(({ actor, flow }): MappedEdge => {
    // What reactions and playbooks publish is published by the server.
    const by = actor.kind === 'participant' ? traffic.by(actor.id, topic) : traffic.by('server', topic);
    return {
      from: actorRef(actor),
      to: `topic:${topic}`,
      kind: flow.kind,
      conditional: flow.conditional,
      events: by,
    };
  });
  const taken = takersOf(graph, topic).map(({ actor, flow }): MappedEdge => {
    const { kind, conditional } = flow;
    return { from: `topic:${topic}`, to: actorRef(actor), kind, conditional, events: traffic.ofTopic(topic) };
  });
  const heard = unannounced(graph, topic, traffic).map((from): MappedEdge => {
    const events = traffic.by(from.slice('participant:'.length), topic);
    return { from, to: `topic:${topic}`, kind: 'publish', conditional: true, events };
  });
  const listening = subscribers(graph, topic, consumers).map((to): MappedEdge => {
    const events = traffic.ofTopic(topic);
    return { from: `topic:${topic}`, to, kind: 'subscribe', conditional: true, events };
  });
  return [...given, ...heard, ...taken, ...listening];
}

/**
 * Every topic that is declared or named, those that have dead letters, and the busiest of those that were only seen over
 * the span, with their traffic; sorted. `leftOut` counts the others.
 */
export function mapTopics(
  graph: FabricGraph,
  there: Seen,
): { readonly topics: readonly MappedTopic[]; readonly leftOut: number } {
  const { traffic, dead } = there;
  const named = new Set(topicsOf(graph));
  const seen = [...new Set([...traffic.topics(), ...dead.keys()])].filter((topic) => !named.has(topic));
  const worth = (topic: string) => traffic.ofTopic(topic) + (dead.has(topic) ? Number.MAX_SAFE_INTEGER / 2 : 0);
  const busiest = seen.sort((a, b) => worth(b) - worth(a)).slice(0, MOST_SEEN);
  const names = [...named, ...busiest].sort();
  return {
    topics: names.map((name) => mappedTopic(graph, name, there)),
    leftOut: seen.length - busiest.length,
  };
}

/** How many dead letters there are by topic, among the newest thousand. */
export async function deadByTopic(store: Reader): Promise<ReadonlyMap<string, number>> {
  const orderBy = [{ column: 'at', descending: true }] as const;
  const rows = await store.find('deliveries', { where: { state: 'dead' }, orderBy, limit: DEAD_LOOKED_AT });
  const counts = new Map<string, number>();
  for (const { topic } of rows) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  return counts;
}

async function openStorms(store: Reader): Promise<readonly Storm[]> {
  const rows = await store.find('breakers', { where: { state: 'open' }, limit: MOST_STORMS });
  return Promise.all(
    rows.map(async ({ id, reason, at }) => ({
      id,
      reason,
      at,
      held: await store.count('reaction_events', heldBy(id)),
    })),
  );
}

/** Puts the map together. */
export async function fabricMap(graph: FabricGraph, options: FabricMapOptions): Promise<FabricMap> {
  const { store, clock, eventLog, span, traffic, participants } = options;
  const now = clock.now();
  const since = now - widthOf(span);
  const [dead, storms, consumers, refused] = await Promise.all([
    deadByTopic(store),
    openStorms(store),
    eventLog.standings(),
    refusedSince(
      store,
      participants.map(({ id }) => id),
      since,
    ),
  ]);
  const there = { traffic, dead, consumers };
  const { topics, leftOut } = mapTopics(graph, there);
  const stormy = new Set(storms.map(({ id }) => id));
  const ofKind = (kind: FabricActor['kind']) => graph.actors.filter((actor) => actor.kind === kind);
  const runsOf = ({ id }: FabricActor) => store.count('runs', { playbook: id, created_at: { gte: since } });
  return {
    at: now,
    span,
    participants: participants.map((participant) => ({
      participant,
      drifted: driftOf(participant).length > 0,
      published: traffic.by(participant.id),
      refused: refused.get(participant.id) ?? 0,
    })),
    reactions: await Promise.all(
      ofKind('reaction').map(async (actor) => ({
        actor,
        breaker: stormy.has(actor.id) ? 'open' : 'closed',
        held: await store.count('reaction_events', { reaction: actor.id, outcome: 'held' }),
        runs: await runsOf(actor),
        outcomes: await outcomesOf(store, actor.id, since),
      })),
    ),
    playbooks: await Promise.all(ofKind('playbook').map(async (actor) => ({ actor, runs: await runsOf(actor) }))),
    topics,
    topicsLeftOut: leftOut,
    edges: topics.flatMap(({ topic }) => edgesOf(graph, topic, there)),
    consumers,
    storms,
    dead: consumers.reduce((sum, { dead }) => sum + dead, 0),
  };
}

async function outcomesOf(store: Reader, reaction: string, since: number): Promise<Readonly<Record<string, number>>> {
  const counts = await Promise.all(
    OUTCOMES.map(async (outcome) => {
      const count = await store.count('reaction_events', { reaction, outcome, at: { gte: since } });
      return [outcome, count] as const;
    }),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

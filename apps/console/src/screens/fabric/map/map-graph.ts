import type { CallResult } from '@counterpoint/sdk';

/** What the server tells of the fabric. */
export type FabricMap = CallResult<'fabricMap'>;
export type MapTopic = FabricMap['topics'][number];
export type MapParticipant = FabricMap['participants'][number];
export type MapReaction = FabricMap['reactions'][number];
export type MapPlaybook = FabricMap['playbooks'][number];

/** Topics of other systems that are drawn as one: the same ones publish and take them, or their names begin alike. */
export interface TopicGroup {
  /** What their names begin with, where that is what they have in common. */
  readonly prefix?: string;
  readonly topics: readonly MapTopic[];
  readonly events: number;
  readonly dead: number;
}

/** Somebody or something on the map; `id` is its reference, such as `reaction:block_url`. */
export type MapNode =
  | {
      readonly id: string;
      readonly kind: 'participant';
      readonly of: MapParticipant;
      readonly storms: readonly string[];
    }
  | { readonly id: string; readonly kind: 'reaction'; readonly of: MapReaction }
  | { readonly id: string; readonly kind: 'playbook'; readonly of: MapPlaybook }
  | { readonly id: string; readonly kind: 'topic'; readonly of: MapTopic }
  | { readonly id: string; readonly kind: 'group'; readonly of: TopicGroup }
  | { readonly id: string; readonly kind: 'server' };

/** A topic, or several that are drawn as one. */
export type TopicNode = Extract<MapNode, { readonly kind: 'topic' | 'group' }>;

/** How events go from one node to another. */
export interface MapEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: FabricMap['edges'][number]['kind'];
  readonly conditional: boolean;
  readonly events: number;
}

/** The map as it is drawn. */
export interface MapGraph {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** What its figures are of. */
  readonly window: FabricMap['window'];
}

/** The site that a storm breaker `<participant>@<topic>` is about; undefined for that of a reaction. */
function stormOf(id: string): { readonly participant: string; readonly topic: string } | undefined {
  const at = id.indexOf('@');
  return at < 0 ? undefined : { participant: id.slice(0, at), topic: id.slice(at + 1) };
}

function nodesOf(map: FabricMap): readonly MapNode[] {
  const storms = map.storms.flatMap(({ id }) => stormOf(id) ?? []);
  return [
    ...map.participants.map((of): MapNode => {
      const stormy = storms.filter(({ participant }) => participant === of.id).map(({ topic }) => topic);
      return { id: `participant:${of.id}`, kind: 'participant', of, storms: stormy };
    }),
    ...map.topics.map((of): MapNode => ({ id: `topic:${of.topic}`, kind: 'topic', of })),
    ...map.reactions.map((of): MapNode => ({ id: `reaction:${of.id}`, kind: 'reaction', of })),
    ...map.playbooks.map((of): MapNode => ({ id: `playbook:${of.id}`, kind: 'playbook', of })),
    { id: 'server', kind: 'server' },
  ];
}

/** Edges between what stands for their ends: those with the same ends become one. */
export function mergeEdges(edges: Iterable<Omit<MapEdge, 'id'>>, standsFor: ReadonlyMap<string, string>): MapEdge[] {
  const merged = new Map<string, MapEdge>();
  for (const { kind, conditional, events, ...ends } of edges) {
    const [from, to] = [standsFor.get(ends.from) ?? ends.from, standsFor.get(ends.to) ?? ends.to];
    const id = `${from}>${to}`;
    const known = merged.get(id);
    merged.set(id, {
      ...{ id, from, to, kind },
      conditional: conditional && (known?.conditional ?? true),
      events: events + (known?.events ?? 0),
    });
  }
  return [...merged.values()];
}

/** The whole map as a graph. */
export function graphOf(map: FabricMap): MapGraph {
  const nodes = nodesOf(map);
  const known = new Set(nodes.map(({ id }) => id));
  const edges = mergeEdges(map.edges, new Map()).filter(({ from, to }) => known.has(from) && known.has(to));
  const touched = new Set(edges.flatMap(({ from, to }) => [from, to]));
  // A playbook that no event starts is no part of the fabric.
  const shown = nodes.filter(({ kind, id }) => !(kind === 'playbook' || kind === 'server') || touched.has(id));
  return { nodes: shown, edges, window: map.window };
}

/** Events that went through a topic. */
export function eventsOf(node: MapNode): number {
  if (node.kind === 'topic') return node.of.events;
  return node.kind === 'group' ? node.of.events : 0;
}

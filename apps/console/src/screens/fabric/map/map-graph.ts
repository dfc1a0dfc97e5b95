import type { CallResult } from '@counterpoint/sdk';

/** What the server tells of the fabric. */
export type FabricMap = CallResult<'fabricMap'>;
export type MapTopic = FabricMap['topics'][number];
export type MapParticipant = FabricMap['participants'][number];
export type MapReaction = FabricMap['reactions'][number];
export type MapPlaybook = FabricMap['playbooks'][number];

/** Topics of other systems that the same ones publish and take, drawn as one. */
export interface TopicGroup {
  readonly topics: readonly MapTopic[];
  readonly lastHour: number;
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

/** How events go from one node to another. */
export interface MapEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly kind: FabricMap['edges'][number]['kind'];
  readonly conditional: boolean;
  readonly lastHour: number;
}

/** The map as it is drawn. */
export interface MapGraph {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** What of the map is shown. */
export interface MapFilter {
  /** Words in names or titles. */
  readonly text: string;
  /** Kinds that are shown; empty: all. */
  readonly kinds: readonly MapNode['kind'][];
  /** Only participants of this site; empty: all. */
  readonly site: string;
  /** Leaves out topics without an event in the last hour. */
  readonly busy: boolean;
  /** Only this node and what it is connected with; empty: everything. */
  readonly focus: string;
}

/** Nothing is left out. */
export const EVERYTHING: MapFilter = { text: '', kinds: [], site: '', busy: false, focus: '' };

/** So many topics of other systems with the same ends are drawn as one. */
const GROUP_FROM = 4;

/** The site that a storm breaker `<participant>@<topic>` is about; undefined for that of a reaction. */
function stormOf(id: string): { readonly participant: string; readonly topic: string } | undefined {
  const at = id.indexOf('@');
  return at < 0 ? undefined : { participant: id.slice(0, at), topic: id.slice(at + 1) };
}

/** A short name for a text, the same for the same text (FNV-1a); two groups that share one would be drawn as one. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}

interface Grouping {
  /** The node that stands for a topic. */
  readonly nodeOf: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, readonly MapTopic[]>;
}

function groupTopics(topics: readonly MapTopic[]): Grouping {
  const alike = new Map<string, MapTopic[]>();
  for (const topic of topics) {
    if (topic.declared) continue;
    const key = JSON.stringify([[...topic.publishers].sort(), [...topic.takers].sort()]);
    const same = alike.get(key);
    if (same) same.push(topic);
    else alike.set(key, [topic]);
  }
  const nodeOf = new Map(topics.map(({ topic }) => [topic, `topic:${topic}`]));
  const groups = new Map<string, readonly MapTopic[]>();
  for (const [key, same] of alike) {
    if (same.length < GROUP_FROM) continue;
    const id = `group:${fingerprint(key)}`;
    groups.set(id, same);
    for (const { topic } of same) nodeOf.set(topic, id);
  }
  return { nodeOf, groups };
}

const sum = (topics: readonly MapTopic[], of: (topic: MapTopic) => number) =>
  topics.reduce((total, topic) => total + of(topic), 0);

function nodesOf(map: FabricMap, { nodeOf, groups }: Grouping): readonly MapNode[] {
  const storms = map.storms.flatMap(({ id }) => stormOf(id) ?? []);
  return [
    ...map.participants.map((of): MapNode => {
      const stormy = storms.filter(({ participant }) => participant === of.id).map(({ topic }) => topic);
      return { id: `participant:${of.id}`, kind: 'participant', of, storms: stormy };
    }),
    ...map.topics.flatMap((of): MapNode[] => {
      const id = `topic:${of.topic}`;
      return nodeOf.get(of.topic) === id ? [{ id, kind: 'topic', of }] : [];
    }),
    ...[...groups].map(([id, topics]): MapNode => {
      const of = { topics, lastHour: sum(topics, (one) => one.last_hour), dead: sum(topics, (one) => one.dead) };
      return { id, kind: 'group', of };
    }),
    ...map.reactions.map((of): MapNode => ({ id: `reaction:${of.id}`, kind: 'reaction', of })),
    ...map.playbooks.map((of): MapNode => ({ id: `playbook:${of.id}`, kind: 'playbook', of })),
    { id: 'server', kind: 'server' },
  ];
}

function edgesOf(map: FabricMap, { nodeOf }: Grouping): readonly MapEdge[] {
  const edges = new Map<string, MapEdge>();
  const end = (ref: string) => (ref.startsWith('topic:') ? (nodeOf.get(ref.slice(6)) ?? ref) : ref);
  for (const { from, to, kind, conditional, last_hour } of map.edges) {
    const [start, goal] = [end(from), end(to)];
    const id = `${start}>${goal}`;
    const known = edges.get(id);
    edges.set(id, {
      ...{ id, from: start, to: goal, kind },
      conditional: conditional && (known?.conditional ?? true),
      lastHour: last_hour + (known?.lastHour ?? 0),
    });
  }
  return [...edges.values()];
}

/** The whole map as a graph. Topics that nobody declares are drawn as one where the same ones publish and take them. */
export function graphOf(map: FabricMap): MapGraph {
  const grouping = groupTopics(map.topics);
  const nodes = nodesOf(map, grouping);
  const known = new Set(nodes.map(({ id }) => id));
  const edges = edgesOf(map, grouping).filter(({ from, to }) => known.has(from) && known.has(to));
  const touched = new Set(edges.flatMap(({ from, to }) => [from, to]));
  // A playbook that no event starts is no part of the fabric.
  const shown = nodes.filter(({ kind, id }) => !(kind === 'playbook' || kind === 'server') || touched.has(id));
  return { nodes: shown, edges };
}

/** Name and title of a node, as people search for it. */
export function searchTextOf(node: MapNode): string {
  switch (node.kind) {
    case 'topic':
      return `${node.of.topic} ${node.of.title}`;
    case 'group':
      return node.of.topics.map(({ topic }) => topic).join(' ');
    case 'server':
      return 'this server';
    default:
      return `${node.of.id} ${node.of.title}`;
  }
}

const isTopic = ({ kind }: MapNode) => kind === 'topic' || kind === 'group';

/** Events of the last hour that went through a topic. */
export function lastHourOf(node: MapNode): number {
  if (node.kind === 'topic') return node.of.last_hour;
  return node.kind === 'group' ? node.of.lastHour : 0;
}

/**
 * A node with what it is connected with: of a topic those who publish and take it; of others their topics, and who is at
 * the other end of those.
 */
export function neighbourhood({ nodes, edges }: MapGraph, focus: string): ReadonlySet<string> {
  const topics = new Set(nodes.filter(isTopic).map(({ id }) => id));
  const around = (ids: ReadonlySet<string>) =>
    edges.flatMap(({ from, to }) => (ids.has(from) || ids.has(to) ? [from, to] : []));
  const near = new Set([focus, ...around(new Set([focus]))]);
  if (topics.has(focus)) return near;
  const own = new Set([...near].filter((id) => topics.has(id)));
  return new Set([...near, ...around(own)]);
}

/** The part of a graph that a filter leaves: what matches, with what stands between matches. */
export function filterGraph(graph: MapGraph, filter: MapFilter): MapGraph {
  const near = filter.focus === '' ? undefined : neighbourhood(graph, filter.focus);
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const shown = graph.nodes.filter((node) => {
    if (near && !near.has(node.id)) return false;
    if (filter.busy && isTopic(node) && lastHourOf(node) === 0) return false;
    return filter.site === '' || node.kind !== 'participant' || node.of.site === filter.site;
  });
  const ofKind = (node: MapNode) =>
    filter.kinds.length === 0 || filter.kinds.includes(node.kind === 'group' ? 'topic' : node.kind);
  const hits = (node: MapNode) => {
    const text = searchTextOf(node).toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const left = new Set(shown.filter(ofKind).map(({ id }) => id));
  const wanted =
    words.length === 0
      ? left
      : withNeighbours(
          graph,
          left,
          shown.filter(hits).map(({ id }) => id),
        );
  const nodes = shown.filter(({ id }) => wanted.has(id) && left.has(id));
  const ids = new Set(nodes.map(({ id }) => id));
  return { nodes, edges: graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
}

function withNeighbours({ edges }: MapGraph, left: ReadonlySet<string>, hits: readonly string[]): ReadonlySet<string> {
  const found = new Set(hits.filter((id) => left.has(id)));
  const beside = edges.flatMap(({ from, to }) => (found.has(from) || found.has(to) ? [from, to] : []));
  return new Set([...found, ...beside]);
}

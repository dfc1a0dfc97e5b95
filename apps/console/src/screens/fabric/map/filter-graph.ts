import { groupAlike, isFolded, prefixOfFold } from './fold-topics.ts';
import { eventsOf, type MapGraph, type MapNode, type TopicNode } from './map-graph.ts';

/** What of the map is shown. */
export interface MapFilter {
  /** Words in names or titles. */
  readonly text: string;
  /** Kinds that are shown; empty: all. */
  readonly kinds: readonly MapNode['kind'][];
  /** Only participants of this site; empty: all. */
  readonly site: string;
  /** Leaves out topics without an event in the window. */
  readonly busy: boolean;
  /** Only this node and what it is connected with; empty: everything. */
  readonly focus: string;
}

/** Nothing is left out. */
export const EVERYTHING: MapFilter = { text: '', kinds: [], site: '', busy: false, focus: '' };

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

const isTopic = (node: MapNode): node is TopicNode => node.kind === 'topic' || node.kind === 'group';

/**
 * A node with what it is connected with: of topics those who publish and take it; of others their topics, and who is at
 * the other end of those.
 */
export function neighbourhood(graph: MapGraph, focus: string): ReadonlySet<string> {
  const { nodes, edges } = graph;
  const topics = new Set(nodes.filter(isTopic).map(({ id }) => id));
  const around = (ids: ReadonlySet<string>) =>
    edges.flatMap(({ from, to }) => (ids.has(from) || ids.has(to) ? [from, to] : []));
  const meant = new Set(meantBy(graph, focus));
  const near = new Set([...meant, ...around(meant)]);
  if ([...meant].every((id) => topics.has(id))) return near;
  const own = new Set([...near].filter((id) => topics.has(id)));
  return new Set([...near, ...around(own)]);
}

/** The nodes that are meant: itself, or the topics that it stands for. */
function meantBy(graph: MapGraph, focus: string): readonly string[] {
  const prefix = prefixOfFold(focus);
  if (prefix !== undefined) {
    return graph.nodes.flatMap((node) => (node.kind === 'topic' && isFolded(node.of, prefix) ? [node.id] : []));
  }
  if (!focus.startsWith('group:')) return [focus];
  const group = groupAlike(graph).nodes.find(({ id }) => id === focus);
  return group?.kind === 'group' ? group.of.topics.map(({ topic }) => `topic:${topic}`) : [];
}

/** The part of a graph that a filter leaves: what matches, with what stands between matches. */
export function filterGraph(graph: MapGraph, filter: MapFilter): MapGraph {
  const near = filter.focus === '' ? undefined : neighbourhood(graph, filter.focus);
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const shown = graph.nodes.filter((node) => {
    if (near && !near.has(node.id)) return false;
    if (filter.busy && isTopic(node) && eventsOf(node) === 0) return false;
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
  return { ...graph, nodes, edges: graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
}

function withNeighbours({ edges }: MapGraph, left: ReadonlySet<string>, hits: readonly string[]): ReadonlySet<string> {
  const found = new Set(hits.filter((id) => left.has(id)));
  const beside = edges.flatMap(({ from, to }) => (found.has(from) || found.has(to) ? [from, to] : []));
  return new Set([...found, ...beside]);
}

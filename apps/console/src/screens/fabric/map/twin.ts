import { nameOf } from '../parts/words.ts';
import { eventsOf, type MapEdge, type MapGraph, type MapNode } from './map-graph.ts';

/** An end of a topic in the list: who, and by which edge. */
export interface TwinEnd {
  readonly node: MapNode;
  readonly edge: MapEdge;
}

/** A topic with who publishes it and who takes it. */
export interface TwinTopic {
  readonly node: MapNode;
  readonly publishers: readonly TwinEnd[];
  readonly takers: readonly TwinEnd[];
}

/** The map as a list: the same nodes and edges, in words. */
export interface Twin {
  /** The busiest first, then by name. */
  readonly topics: readonly TwinTopic[];
  /** Those that neither publish nor take anything here. */
  readonly alone: readonly MapNode[];
}

/** Turns what is drawn into its list. */
export function twinOf({ nodes, edges }: MapGraph): Twin {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const end = (edge: MapEdge, id: string): readonly TwinEnd[] => {
    const node = known.get(id);
    return node ? [{ node, edge }] : [];
  };
  const topics = nodes
    .filter(({ kind }) => kind === 'topic' || kind === 'group')
    .map((node) => ({
      node,
      publishers: edges.flatMap((edge) => (edge.to === node.id ? end(edge, edge.from) : [])),
      takers: edges.flatMap((edge) => (edge.from === node.id ? end(edge, edge.to) : [])),
    }))
    .sort((a, b) => eventsOf(b.node) - eventsOf(a.node) || nameOf(a.node).localeCompare(nameOf(b.node)));
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const alone = nodes.filter(({ id, kind }) => !linked.has(id) && kind !== 'topic' && kind !== 'group');
  return { topics, alone };
}

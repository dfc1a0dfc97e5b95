import type { MapEdge, MapGraph } from './map-graph.ts';

/** The edges that an event goes over, first to its topic and then on. */
export interface EventRoute {
  readonly given: readonly string[];
  readonly taken: readonly string[];
}

/** What the stream tells of an event, as far as its way is concerned. */
export interface PassingEvent {
  readonly topic: string;
  readonly participant: string;
}

const NOWHERE: EventRoute = { given: [], taken: [] };

/**
 * Tells which way events go over a graph; made once for a graph, so that asking is cheap. What this server publishes comes
 * from itself where it announces the topic, otherwise from the reactions and playbooks that publish it.
 */
export function createRouter(graph: MapGraph): (event: PassingEvent) => EventRoute {
  const nodeOf = new Map<string, string>();
  for (const node of graph.nodes) {
    if (node.kind === 'topic') nodeOf.set(node.of.topic, node.id);
    if (node.kind === 'group') for (const { topic } of node.of.topics) nodeOf.set(topic, node.id);
  }
  const into = new Map<string, MapEdge[]>();
  const outOf = new Map<string, string[]>();
  const put = <Value>(map: Map<string, Value[]>, key: string, value: Value) => {
    const known = map.get(key);
    if (known) known.push(value);
    else map.set(key, [value]);
  };
  for (const edge of graph.edges) {
    put(into, edge.to, edge);
    put(outOf, edge.from, edge.id);
  }
  return ({ topic, participant }) => {
    const node = nodeOf.get(topic);
    if (node === undefined) return NOWHERE;
    const givers = into.get(node) ?? [];
    const exactly = givers.filter(
      ({ from }) => from === (participant === 'server' ? 'server' : `participant:${participant}`),
    );
    const plans = givers.filter(({ from }) => from.startsWith('reaction:') || from.startsWith('playbook:'));
    const given = exactly.length > 0 ? exactly : participant === 'server' ? plans : [];
    return { given: given.map(({ id }) => id), taken: outOf.get(node) ?? [] };
  };
}

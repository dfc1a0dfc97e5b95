import { type MapGraph, type MapNode, type MapTopic, mergeEdges } from './map-graph.ts';

/** More nodes than this cannot be looked at one by one: topics of other systems are then drawn by how their names begin. */
export const MANY = 70;
/** More lines than this cannot be followed one by one. */
const MANY_LINES = 150;
/** So many nodes may stand for topics of other systems. */
const MOST_FOLDS = 32;
const DEEPEST = 6;
const FOLD = 'fold:';
/** So many topics of other systems with the same ends are drawn as one. */
const GROUP_FROM = 4;

/** Whether a graph is more than can be followed line by line: it is then shown as an overview. */
export function isOverview({ nodes, edges }: MapGraph): boolean {
  return nodes.length > MANY || edges.length > MANY_LINES;
}

/** What the names of topics that are drawn as one begin with; undefined for any other node. */
export function prefixOfFold(id: string): string | undefined {
  return id.startsWith(FOLD) ? id.slice(FOLD.length) : undefined;
}

/** Whether a topic is among those that are drawn as one. */
export function isFolded({ topic, declared }: MapTopic, prefix: string): boolean {
  return !declared && topic.startsWith(`${prefix}.`);
}

/** Topics of other systems; those of this one are told apart by their schemas. */
function foreignTopics({ nodes }: MapGraph): readonly MapTopic[] {
  return nodes.flatMap((node) => (node.kind === 'topic' && !node.of.declared ? [node.of] : []));
}

/** Draws topics as one; `groups` by the id of what stands for them. */
function drawAsOne(graph: MapGraph, groups: readonly (readonly [id: string, topics: readonly MapTopic[]])[]): MapGraph {
  const standsFor = new Map<string, string>();
  for (const [id, topics] of groups) for (const { topic } of topics) standsFor.set(`topic:${topic}`, id);
  const drawn = groups.map(([id, topics]): MapNode => {
    const sum = (of: (topic: MapTopic) => number) => topics.reduce((total, topic) => total + of(topic), 0);
    const prefix = prefixOfFold(id);
    const figures = { events: sum(({ events }) => events), dead: sum(({ dead }) => dead) };
    return { id, kind: 'group', of: { topics, ...figures, ...(prefix === undefined ? {} : { prefix }) } };
  });
  const left = graph.nodes.filter(({ id }) => !standsFor.has(id));
  return { ...graph, nodes: [...left, ...drawn], edges: mergeEdges(graph.edges, standsFor) };
}

/** A short name for a text, the same for the same text (FNV-1a); two groups that share one would be drawn as one. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}

/** Draws topics of other systems as one where the same ones publish and take them. */
export function groupAlike(graph: MapGraph): MapGraph {
  const alike = Map.groupBy(foreignTopics(graph), ({ publishers, takers }) =>
    JSON.stringify([[...publishers].sort(), [...takers].sort()]),
  );
  const groups = [...alike].filter(([, topics]) => topics.length >= GROUP_FROM);
  return drawAsOne(
    graph,
    groups.map(([ends, topics]) => [`group:${fingerprint(ends)}`, topics]),
  );
}

/** Draws topics of other systems by the first words of their names, as many words as leave few enough. */
function groupByName(graph: MapGraph): MapGraph {
  const topics = foreignTopics(graph);
  const by = (depth: number) =>
    Map.groupBy(topics, ({ topic }) => topic.split('.').slice(0, -1).slice(0, depth).join('.'));
  let depth = DEEPEST;
  while (depth > 1 && by(depth).size > MOST_FOLDS) depth -= 1;
  const groups = [...by(depth)].filter(([prefix, alike]) => prefix !== '' && alike.length > 1);
  return drawAsOne(
    graph,
    groups.map(([prefix, alike]) => [`${FOLD}${prefix}`, alike]),
  );
}

/**
 * A graph that can be looked at: topics of other systems are drawn as one where they are alike, and by how their names begin
 * where there are still too many nodes.
 */
export function foldTopics(graph: MapGraph): MapGraph {
  const alike = groupAlike(graph);
  return alike.nodes.length <= MANY ? alike : groupByName(graph);
}

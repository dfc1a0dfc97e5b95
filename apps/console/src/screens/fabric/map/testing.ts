import type { FabricMap, MapTopic } from './map-graph.ts';
import { NODE, type Places } from './spot.ts';

/** A topic that nobody publishes or takes. */
export function topic(name: string, more: Partial<MapTopic> = {}): MapTopic {
  return {
    ...{ topic: name, title: '', version: 1, declared: true, open: false, publishers: [], takers: [] },
    ...{ events: 0, dead: 0 },
    ...more,
  };
}

/** A participant that is online. */
export function participant(id: string, more: Partial<FabricMap['participants'][number]> = {}) {
  return {
    ...{ id, title: id, kind: 'token', site: '', state: 'online' as const, enabled: true, drifted: false },
    ...{ published: 0, refused: 0 },
    ...more,
  };
}

/** A reaction that acts. */
export function reaction(id: string, more: Partial<FabricMap['reactions'][number]> = {}) {
  return {
    ...{ id, title: id, mode: 'act' as const, topic: '', breaker: 'closed' as const, held: 0, runs: 0, outcomes: {} },
    ...more,
  };
}

/** An edge between two references: publishing where it leads to a topic, subscribing otherwise. */
export function edge(from: string, to: string, events = 0): FabricMap['edges'][number] {
  return { from, to, kind: to.startsWith('topic:') ? 'publish' : 'subscribe', conditional: false, events };
}

/** A map of what is given, and nothing else. */
export function fabric(more: Partial<FabricMap>): FabricMap {
  return {
    ...{
      at: 0,
      window: '1h' as const,
      participants: [],
      reactions: [],
      playbooks: [],
      topics: [],
      topics_left_out: 0,
      edges: [],
    },
    ...{ consumers: [], storms: [], dead: 0 },
    ...more,
  };
}

/** Two participants, a topic between them, and a reaction that answers on another one. */
export const small: FabricMap = fabric({
  participants: [participant('sandbox'), participant('proxy', { site: 'hq', state: 'offline' })],
  topics: [topic('verdict.url.v1', { events: 3 }), topic('control.url_blocked.v1')],
  reactions: [reaction('proxy_blocks_url', { topic: 'verdict.url.v1' })],
  edges: [
    edge('participant:sandbox', 'topic:verdict.url.v1', 3),
    edge('topic:verdict.url.v1', 'reaction:proxy_blocks_url', 3),
    edge('topic:verdict.url.v1', 'participant:proxy', 3),
    edge('reaction:proxy_blocks_url', 'topic:control.url_blocked.v1'),
  ],
});

/** Nodes that stand over one another. */
export function overlapping(places: Places): readonly string[] {
  const all = [...places];
  return all.flatMap(([id, one], index) =>
    all
      .slice(index + 1)
      .filter(([, other]) => Math.abs(one.x - other.x) < NODE.width && Math.abs(one.y - other.y) < NODE.height)
      .map(([other]) => `${id} and ${other}`),
  );
}

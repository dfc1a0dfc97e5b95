import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING, filterGraph } from './filter-graph.ts';
import { foldTopics, MANY } from './fold-topics.ts';
import { graphOf, type MapGraph } from './map-graph.ts';
import { layOut } from './place-nodes.ts';
import { edge, fabric, overlapping, participant, reaction, topic } from './testing.ts';

/** A plant: so many tools, each publishing on some of so many topics of other systems, and a reaction. */
function plant(tools: number, topics: number): MapGraph {
  const name = (n: number) => `mqtt.site${n % 9}.line${n % 4}.sensor${n}`;
  return graphOf(
    fabric({
      participants: Array.from({ length: tools }, (_, n) => participant(`tool_${n}`)),
      topics: [
        ...Array.from({ length: topics }, (_, n) =>
          topic(name(n), { declared: false, open: true, events: n, publishers: [`participant:tool_${n % tools}`] }),
        ),
        topic('verdict.url.v1'),
      ],
      reactions: [reaction('block')],
      edges: [
        edge('topic:verdict.url.v1', 'reaction:block'),
        ...Array.from({ length: topics }, (_, n) => edge(`participant:tool_${n % tools}`, `topic:${name(n)}`, n)),
      ],
    }),
  );
}

const events = ({ edges }: MapGraph) => edges.reduce((sum, one) => sum + one.events, 0);
const nodeIds = ({ nodes }: MapGraph) => nodes.map(({ id }) => id);

describe('a map of too much', () => {
  it('is left alone while it can be looked at', () => {
    const graph = plant(10, 30);
    expect(foldTopics(graph)).toEqual(graph);
  });

  it('draws topics of other systems by how their names begin, and everybody else as before', () => {
    const graph = plant(50, 200);
    const folded = foldTopics(graph);
    expect(folded.nodes.length).toBeLessThan(100);
    expect(nodeIds(folded)).toEqual(
      expect.arrayContaining(['topic:verdict.url.v1', 'reaction:block', 'fold:mqtt.site3']),
    );
    expect(folded.nodes.filter(({ kind }) => kind === 'participant')).toHaveLength(50);
    const topics = folded.nodes.flatMap((node) => (node.kind === 'group' ? node.of.topics : []));
    expect(new Set(topics.map((one) => one.topic)).size).toBe(200);
    expect(events(folded)).toBe(events(graph));
  });

  it('opens what was drawn as one: its topics, and who publishes and takes them', () => {
    const inside = filterGraph(plant(50, 200), { ...EVERYTHING, focus: 'fold:mqtt.site3' });
    const topics = inside.nodes.filter(({ kind }) => kind === 'topic');
    expect(topics.length).toBeGreaterThan(10);
    for (const { id } of topics) expect(id).toMatch(/^topic:mqtt\.site3\./);
    expect(inside.nodes.some(({ kind }) => kind === 'participant')).toBe(true);
  });

  it('loses no edge’s end and no event, whatever the fabric', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 150 }));
    fc.assert(
      fc.property(sizes, ([tools, topics]) => {
        const graph = plant(tools, topics);
        const folded = foldTopics(graph);
        const known = new Set(nodeIds(folded));
        expect(folded.edges.every(({ from, to }) => known.has(from) && known.has(to))).toBe(true);
        expect(events(folded)).toBe(events(graph));
      }),
      { numRuns: 40 },
    );
  });

  it('is laid out in blocks of about the shape of a screen, without anything over anything', () => {
    const folded = foldTopics(plant(60, 300));
    expect(folded.nodes.length).toBeGreaterThan(MANY);
    const places = layOut(folded);
    expect(overlapping(places)).toEqual([]);
    const spots = [...places.values()];
    const wide = Math.max(...spots.map(({ x }) => x));
    const high = Math.max(...spots.map(({ y }) => y));
    expect(wide / high).toBeGreaterThan(0.8);
    expect(wide / high).toBeLessThan(2.5);
    const right = Math.max(
      ...folded.nodes.flatMap(({ id, kind }) => (kind === 'participant' ? (places.get(id)?.x ?? 0) : [])),
    );
    const left = Math.min(
      ...folded.nodes.flatMap(({ id, kind }) => (kind === 'reaction' ? (places.get(id)?.x ?? 0) : [])),
    );
    expect(right).toBeLessThan(left);
  });
});

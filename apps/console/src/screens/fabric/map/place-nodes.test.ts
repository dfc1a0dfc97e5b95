import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from './map-graph.ts';
import { layOut, placeNodes } from './place-nodes.ts';
import { edge, fabric, overlapping, participant, reaction, small, topic } from './testing.ts';

/** A fabric where so many participants publish on some topics, and reactions take them. */
function grown(participants: number, topics: number, links: readonly number[]) {
  const name = (n: number) => `t${n}.seen.v1`;
  return graphOf(
    fabric({
      participants: Array.from({ length: participants }, (_, n) => participant(`p${n}`)),
      topics: Array.from({ length: topics }, (_, n) => topic(name(n))),
      reactions: Array.from({ length: topics }, (_, n) => reaction(`r${n}`)),
      edges: [
        ...links.map((link, n) => edge(`participant:p${n % participants}`, `topic:${name(link % topics)}`)),
        ...Array.from({ length: topics }, (_, n) => edge(`topic:${name(n)}`, `reaction:r${n}`)),
      ],
    }),
  );
}

describe('the layout', () => {
  it('goes from who publishes over the topic to who takes it', () => {
    const places = layOut(graphOf(small));
    const x = (id: string) => places.get(id)?.x ?? Number.NaN;
    expect(x('participant:sandbox')).toBeLessThan(x('topic:verdict.url.v1'));
    expect(x('topic:verdict.url.v1')).toBeLessThan(x('reaction:proxy_blocks_url'));
    expect(x('reaction:proxy_blocks_url')).toBeLessThan(x('topic:control.url_blocked.v1'));
  });

  it('places also what is connected with nothing', () => {
    const graph = graphOf(fabric({ participants: [participant('a'), participant('b')] }));
    expect(overlapping(layOut(graph))).toEqual([]);
    expect(layOut(graph).size).toBe(2);
  });

  it('leaves what was there where it was when somebody joins, and gives the new one room of its own', () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }));
    fc.assert(
      fc.property(counts, fc.array(fc.nat(50), { maxLength: 20 }), ([participants, topics], links) => {
        const before = layOut(grown(participants, topics, links));
        const after = placeNodes(grown(participants + 1, topics, [...links, 3]), before);
        for (const [id, spot] of before) expect(after.get(id)).toEqual(spot);
        expect(after.has(`participant:p${participants}`)).toBe(true);
        expect(overlapping(after)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('puts who joins left of the topic that it publishes on', () => {
    const before = layOut(graphOf(small));
    const joined = graphOf({
      ...small,
      participants: [...small.participants, participant('intel')],
      edges: [...small.edges, edge('participant:intel', 'topic:verdict.url.v1')],
    });
    const places = placeNodes(joined, before);
    expect(places.get('participant:intel')?.x).toBe(places.get('participant:sandbox')?.x);
  });

  it('is made anew where hardly anything was there before', () => {
    const graph = graphOf(small);
    const before = new Map([['participant:sandbox', { x: 5_000, y: 5_000 }]]);
    expect(placeNodes(graph, before)).toEqual(layOut(graph));
  });
});

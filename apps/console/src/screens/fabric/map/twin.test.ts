import { describe, expect, it } from 'vitest';
import { graphOf } from './map-graph.ts';
import { participant, small } from './testing.ts';
import { twinOf } from './twin.ts';

describe('the list beside the map', () => {
  const graph = graphOf({ ...small, participants: [...small.participants, participant('newcomer')] });
  const { topics, alone } = twinOf(graph);

  it('names every edge of the map once, the busiest topic first', () => {
    const told = topics.flatMap(({ publishers, takers }) => [...publishers, ...takers].map(({ edge }) => edge.id));
    expect(told.sort()).toEqual(graph.edges.map(({ id }) => id).sort());
    expect(topics.map(({ node }) => node.id)).toEqual(['topic:verdict.url.v1', 'topic:control.url_blocked.v1']);
  });

  it('names also who is connected with nothing', () => {
    expect(alone.map(({ id }) => id)).toEqual(['participant:newcomer']);
  });
});

import { describe, expect, it } from 'vitest';
import { graphOf } from './map-graph.ts';
import { layOut } from './place-nodes.ts';
import { small } from './testing.ts';
import { directionOf, inReadingOrder, walk } from './walk.ts';

const graph = graphOf(small);
const places = layOut(graph);
const step = (from: string | undefined, direction: 'left' | 'right' | 'up' | 'down') =>
  walk(graph, places, from, direction);

describe('the walk by keyboard', () => {
  it('follows events to the right and goes back to the left', () => {
    expect(step('participant:sandbox', 'right')).toBe('topic:verdict.url.v1');
    expect(step('topic:verdict.url.v1', 'left')).toBe('participant:sandbox');
    expect(step('participant:sandbox', 'left')).toBeUndefined();
  });

  it('stays within a column up and down', () => {
    const taker = step('topic:verdict.url.v1', 'right') ?? '';
    const other = step(taker, 'up') ?? step(taker, 'down');
    expect([taker, other].sort()).toEqual(['participant:proxy', 'reaction:proxy_blocks_url']);
  });

  it('begins with the first one', () => {
    expect(step(undefined, 'right')).toBe(inReadingOrder(graph, places)[0]);
    expect(step('somebody who left', 'down')).toBe(inReadingOrder(graph, places)[0]);
  });

  it('knows the arrow keys only', () => {
    expect([directionOf('ArrowUp'), directionOf('x'), directionOf('toString')]).toEqual(['up', undefined, undefined]);
  });
});

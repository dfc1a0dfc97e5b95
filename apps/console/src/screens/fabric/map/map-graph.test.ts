import { describe, expect, it } from 'vitest';
import { EVERYTHING, filterGraph, neighbourhood } from './filter-graph.ts';
import { groupAlike } from './fold-topics.ts';
import { graphOf } from './map-graph.ts';
import { edge, fabric, participant, small, topic } from './testing.ts';

const ids = (graph: { readonly nodes: readonly { readonly id: string }[] }) => graph.nodes.map(({ id }) => id).sort();
const filtered = (more: Partial<typeof EVERYTHING>) => ids(filterGraph(graphOf(small), { ...EVERYTHING, ...more }));

describe('the graph of a map', () => {
  it('has everybody and every topic, and leaves out what no event reaches', () => {
    const map = { ...small, playbooks: [{ id: 'by_hand', title: 'By hand', runs: 2 }] };
    expect(ids(graphOf(map))).toEqual([
      'participant:proxy',
      'participant:sandbox',
      'reaction:proxy_blocks_url',
      'topic:control.url_blocked.v1',
      'topic:verdict.url.v1',
    ]);
    expect(graphOf(small).edges).toHaveLength(4);
  });

  it('draws topics of other systems with the same ends as one, with their sums', () => {
    const names = Array.from({ length: 60 }, (_, n) => `dxl.a.t${n}`);
    const ends = { declared: false, publishers: ['participant:tie'], takers: [], events: 2, dead: 1 };
    const whole = graphOf(
      fabric({
        participants: [participant('tie')],
        topics: [...names.map((name) => topic(name, ends)), topic('dxl.b', { declared: false, events: 1 })],
        edges: names.map((name) => edge('participant:tie', `topic:${name}`, 2)),
      }),
    );
    const graph = groupAlike(whole);
    const group = graph.nodes.find(({ kind }) => kind === 'group');
    expect(group).toMatchObject({ of: { events: 120, dead: 60 } });
    expect(graph.edges).toEqual([expect.objectContaining({ from: 'participant:tie', to: group?.id, events: 120 })]);
    expect(ids(graph)).toContain('topic:dxl.b');
    expect([...neighbourhood(whole, group?.id ?? '')].filter((id) => id.startsWith('topic:dxl.a'))).toHaveLength(60);
  });

  it('says at which topics the breaker of a participant is open', () => {
    const storms = [{ id: 'sandbox@verdict.url.v1', reason: 'too many', at: 1, held: 4 }];
    const node = graphOf({ ...small, storms }).nodes.find(({ id }) => id === 'participant:sandbox');
    expect(node).toMatchObject({ storms: ['verdict.url.v1'] });
  });
});

describe('a filter', () => {
  it('leaves everything when nothing is asked for', () => {
    expect(filtered({})).toEqual(ids(graphOf(small)));
  });

  it('finds by words, with what is connected', () => {
    expect(filtered({ text: 'SANDBOX' })).toEqual(['participant:sandbox', 'topic:verdict.url.v1']);
    expect(filtered({ text: 'nothing of that name' })).toEqual([]);
  });

  it('leaves out idle topics, other kinds and other sites', () => {
    expect(filtered({ busy: true })).not.toContain('topic:control.url_blocked.v1');
    expect(filtered({ kinds: ['topic'] })).toEqual(['topic:control.url_blocked.v1', 'topic:verdict.url.v1']);
    expect(filtered({ site: 'hq' })).not.toContain('participant:sandbox');
    expect(filtered({ site: 'hq' })).toContain('participant:proxy');
  });

  it('focuses on one node: its topics, and who is at their other end', () => {
    expect([...neighbourhood(graphOf(small), 'topic:control.url_blocked.v1')].sort()).toEqual([
      'reaction:proxy_blocks_url',
      'topic:control.url_blocked.v1',
    ]);
    expect(filtered({ focus: 'participant:proxy' })).toEqual([
      'participant:proxy',
      'participant:sandbox',
      'reaction:proxy_blocks_url',
      'topic:verdict.url.v1',
    ]);
  });

  it('never leaves an edge without both of its ends', () => {
    const { nodes, edges } = filterGraph(graphOf(small), { ...EVERYTHING, kinds: ['participant', 'topic'] });
    const left = new Set(nodes.map(({ id }) => id));
    expect(edges.every(({ from, to }) => left.has(from) && left.has(to))).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { graphOf } from './map-graph.ts';
import { createRouter } from './routes-of-event.ts';
import { edge, fabric, participant, small, topic } from './testing.ts';

const route = createRouter(graphOf(small));

describe('the way of an event', () => {
  it('goes from its participant over its topic to everybody who takes it', () => {
    expect(route({ topic: 'verdict.url.v1', participant: 'sandbox' })).toEqual({
      given: ['participant:sandbox>topic:verdict.url.v1'],
      taken: ['topic:verdict.url.v1>reaction:proxy_blocks_url', 'topic:verdict.url.v1>participant:proxy'],
    });
  });

  it('comes from the reaction when the server published it on its behalf', () => {
    expect(route({ topic: 'control.url_blocked.v1', participant: 'server' }).given).toEqual([
      'reaction:proxy_blocks_url>topic:control.url_blocked.v1',
    ]);
  });

  it('begins at the topic when whoever published it is not on the map', () => {
    expect(route({ topic: 'verdict.url.v1', participant: 'stranger' }).given).toEqual([]);
    expect(route({ topic: 'not.on_the_map.v1', participant: 'sandbox' })).toEqual({ given: [], taken: [] });
  });

  it('goes over the group that stands for its topic', () => {
    const names = ['dxl.a', 'dxl.b', 'dxl.c', 'dxl.d'];
    const own = { declared: false, publishers: ['participant:tie'] };
    const group = createRouter(
      graphOf(
        fabric({
          participants: [participant('tie')],
          topics: names.map((name) => topic(name, own)),
          edges: names.map((name) => edge('participant:tie', `topic:${name}`)),
        }),
      ),
    );
    expect(group({ topic: 'dxl.c', participant: 'tie' }).given).toHaveLength(1);
  });
});

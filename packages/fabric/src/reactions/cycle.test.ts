import type { EventEnvelope } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createRig } from './testing/rig.ts';

const turning = (id: string, from: string, to: string, hops: number) => `kind: reaction/v1
id: ${id}
title: T
mode: act
uses: { fw: fw }
subscribe: { topic: ${from} }
limits: { max_hops: ${hops} }
do:
  - { id: note, action: fw.note, with: { n: "\${{ event.n }}" } }
publish: { topic: ${to}, data: { n: "\${{ event.n + 1 }}" } }
`;

describe('two reactions that start one another', () => {
  it.each([
    [5, 6],
    [50, 20],
  ])('stop at the smaller hop budget (max_hops %i), and every event is accounted for', async (ping, pong) => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(turning('ping', 'a.v1', 'b.v1', ping));
    await rig.publish(turning('pong', 'b.v1', 'a.v1', pong));
    const last = Math.min(Math.max(ping, pong), 20);
    await rig.announce({ n: 0 }, { type: 'a.v1', hop: 1 });
    await rig.dance();
    const events = (await rig.store.find('outbox', { limit: 1_000 })).map(
      ({ envelope }) => envelope as unknown as EventEnvelope,
    );
    const runs = [...(await rig.runs('ping')), ...(await rig.runs('pong'))];
    const refused = [...(await rig.outcomes('ping')), ...(await rig.outcomes('pong'))];
    expect(events.length).toBeLessThanOrEqual(last + 1);
    for (const { id } of events) {
      const own = runs.filter(({ cause }) => cause === `event:${id}`).length;
      const said = refused.filter(({ event }) => event === id).length;
      expect(own + said).toBe(1);
    }
    expect(refused).toMatchObject([{ outcome: 'refused', reason: 'hops' }]);
    expect(new Set(runs.map(({ trace }) => trace)).size).toBe(1);
    expect(runs.every(({ hop }) => hop <= last)).toBe(true);
    expect(rig.sent).toHaveLength(runs.length);
  });

  it('can be let on by a person, one event further', async () => {
    const rig = await createRig(createMemoryStore());
    await rig.publish(turning('ping', 'a.v1', 'b.v1', 1));
    await rig.announce({ n: 0 }, { type: 'a.v1', hop: 2 });
    await rig.dance();
    const [row] = await rig.outcomes('ping');
    expect(await rig.runs('ping')).toEqual([]);
    await rig.reactions.release(row?.id ?? '', 'user:ada');
    expect(await rig.runs('ping')).toHaveLength(1);
  });
});

import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { errors } from '../errors.ts';
import { createRetractions, type Retractions } from './retraction.ts';
import { because, createRetractionWorld, type RetractionWorld } from './testing/world.ts';

interface Scene extends RetractionWorld {
  readonly retractions: Retractions;
  readonly verdict: string;
  readonly cancelled: string[];
  /** What reactions were told to forget, and what was blocked then. */
  readonly forgotten: { events: readonly string[]; runs: readonly string[]; blocked: readonly string[] }[];
}

/**
 * A verdict, at which one address was blocked, a run waits, and an event is held for a reaction.
 *
 * @param goesOn the held event that becomes a run at the moment when it is thrown away
 */
async function scene(goesOn = ''): Promise<Scene> {
  const world = await createRetractionWorld(createMemoryStore());
  const { store, context } = world;
  const cancelled: string[] = [];
  const engine = {
    async cancel(id: string) {
      cancelled.push(id);
      const ended = { status: 'cancelled', ended_at: 1 } as const;
      await store.commit({ runs: [{ op: 'advance', id, epoch: 1, seq: 0, to: 0, set: ended }] });
    },
  };
  const discard = async (id: string) => {
    const row = await store.get('reaction_events', id);
    if (!row) throw new Error(`no ${id}`);
    const outcome = id === goesOn ? 'started' : 'discarded';
    const after = { ...row, outcome, rev: row.rev + 1 } as const;
    await store.commit({ rows: [{ op: 'update', table: 'reaction_events', row: after }] });
    if (id === goesOn) throw errors.reaction_event_over({ id, outcome });
  };
  const forgotten: Scene['forgotten'] = [];
  const forget = async ({ events, runs }: { events: readonly string[]; runs: readonly string[] }) => {
    forgotten.push({ events, runs, blocked: [...world.blocked] });
  };
  const { id: verdict } = await world.event('verdict.ip.v1', 'sandbox', { ip: '203.0.113.7' });
  await world.block('203.0.113.7', `event:${verdict}`);
  await world.run('run-waits', `event:${verdict}`);
  await world.hold('held', verdict);
  return {
    ...world,
    retractions: createRetractions({ context, engine, discard, forget, caughtUp: async () => true }),
    verdict,
    cancelled,
    forgotten,
  };
}

const wish = (ref: string) => ({ ref, reason: 'benign after all', causality: because('user:ada', 'user:ada') });

describe('a retraction', () => {
  it('says beforehand what it would undo, throw away and cancel, and changes nothing by that', async () => {
    const one = await scene();
    const foreseen = await one.retractions.foresee(`event:${one.verdict}`);
    expect(foreseen).toMatchObject({
      effects: [{ will: 'undo', effect: { target: 'ipv4-addr:203.0.113.7' } }],
      held: [{ id: 'held' }],
      runs: [{ id: 'run-waits' }],
    });
    expect([...one.blocked]).toEqual(['203.0.113.7']);
    expect(one.cancelled).toEqual([]);
  });

  it('undoes what followed, calls off what waits, tells it in the trace, and is repeated without harm', async () => {
    const one = await scene();
    const result = await one.retractions.retract(wish(`event:${one.verdict}`));
    expect(result).toMatchObject({
      undone: [expect.any(String)],
      kept: [],
      failed: [],
      discarded: ['held'],
      cancelled: ['run-waits'],
    });
    expect([...one.blocked]).toEqual([]);
    const topics = (await one.store.find('outbox', {})).map(({ topic }) => topic);
    expect(topics).toContain('fabric.retracted.v1');
    const [entry] = await one.store.find('audit', { where: { action: 'fabric.retracted' } });
    expect(entry).toMatchObject({ principal: 'user:ada', object: `event:${one.verdict}`, data: { undone: 1 } });
    expect(await one.retractions.retract(wish(`event:${one.verdict}`))).toEqual({
      undone: [],
      kept: [],
      failed: [],
      discarded: [],
      cancelled: [],
    });
    expect(await one.store.count('outbox', { topic: 'fabric.retracted.v1' })).toBe(1);
  });

  it('has reactions forget what was wrong before anything is undone', async () => {
    const one = await scene();
    await one.retractions.retract(wish(`event:${one.verdict}`));
    expect(one.forgotten).toEqual([{ events: [one.verdict], runs: ['run-waits'], blocked: ['203.0.113.7'] }]);
  });

  it('throws away more than fits one round, and lets be what went on at that moment', async () => {
    const one = await scene('held-7');
    for (let at = 0; at < 600; at++) await one.hold(`held-${at}`, one.verdict);
    const { discarded } = await one.retractions.retract(wish(`event:${one.verdict}`));
    expect(discarded).toHaveLength(600);
    expect(await one.store.count('reaction_events', { outcome: 'held' })).toBe(0);
  });

  it('leaves what waits alone when it is asked to', async () => {
    const one = await scene();
    const result = await one.retractions.retract({ ...wish(`event:${one.verdict}`), waiting: false });
    expect(result).toMatchObject({ undone: [expect.any(String)], discarded: [], cancelled: [] });
    expect((await one.store.get('reaction_events', 'held'))?.outcome).toBe('held');
    expect(one.cancelled).toEqual([]);
  });

  it('keeps what somebody else claims, and says who', async () => {
    const one = await scene();
    const { id: other } = await one.event('verdict.ip.v1', 'intel', { ip: '203.0.113.7' });
    await one.block('203.0.113.7', `event:${other}`, 'participant:dns');
    const foreseen = await one.retractions.foresee(`event:${one.verdict}`);
    expect(foreseen.effects).toMatchObject([{ will: 'keep', reason: 'still claimed by dns' }]);
    expect(await one.retractions.retract(wish(`event:${one.verdict}`))).toMatchObject({
      undone: [],
      kept: [{ reason: 'still claimed by dns' }],
    });
    expect([...one.blocked]).toEqual(['203.0.113.7']);
  });

  it('leaves alone what came before, and what followed from the revision itself', async () => {
    const one = await scene();
    const { id: seen } = await one.event('file.seen.v1', 'mail', {}, '');
    const { id: second } = await one.event('verdict.ip.v1', 'sandbox', {}, `event:${seen}`);
    await one.block('203.0.113.20', `event:${seen}`);
    await one.block('203.0.113.21', `event:${second}`);
    const { id: revised } = await one.event('verdict.revised.v1', 'sandbox', {}, `event:${second}`);
    await one.block('203.0.113.22', `event:${revised}`);
    await one.retractions.retract(wish(`event:${second}`));
    expect([...one.blocked].sort()).toEqual(['203.0.113.20', '203.0.113.22', '203.0.113.7']);
  });

  it('of what is not known is refused', async () => {
    const one = await scene();
    await expect(one.retractions.foresee('event:none')).rejects.toMatchObject({ code: 'actions.trace_not_found' });
  });
});

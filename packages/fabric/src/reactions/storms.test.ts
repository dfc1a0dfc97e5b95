import { createDecisions, voteOn } from '@counterpoint/cases';
import type { EventEnvelope, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { STORM_QUESTIONS, stormDecisions } from './storms.ts';
import { createRig, type Rig, reactionText } from './testing/rig.ts';

const storm = { events: 3, window: 60_000 };
let store: Store;
let rig: Rig;
beforeEach(async () => {
  store = createMemoryStore();
  const ada = { id: 'ada', name: 'ada', role: 'analyst', password_hash: '', disabled: false, created_at: 1, rev: 1 };
  await store.commit({ rows: [{ op: 'insert', table: 'users', row: ada }] });
  rig = await createRig(store, { storm });
  await rig.publish(reactionText());
});

const acted = () => rig.sent.map(({ input }) => input.what);
const held = async (reason = 'storm') =>
  (await rig.outcomes()).filter((one) => one.outcome === 'held' && one.reason === reason).length;

async function give(from: number, to: number, patch: Partial<EventEnvelope> = {}) {
  for (let what = from; what < to; what++) await rig.give(await rig.announce({ what }, patch));
}

/** Answers the open question, and hands the answer over as the consumer of decisions does. */
async function answer(decision: 'release' | 'discard') {
  const [item] = await store.find('inbox_items', { where: { status: 'open' } });
  const ballot = { vote: 'answer', reason: '', form: { decision }, shown: '', to: '' } as const;
  await voteOn(store, item?.id ?? '', { ref: 'user:ada', userId: 'ada' }, ballot, rig.clock);
  const decisions = createDecisions(store, new Map([[STORM_QUESTIONS, stormDecisions(rig.reactions)]]));
  for (const { envelope } of await store.find('outbox', { where: { topic: 'inbox.changed.v1' } })) {
    await decisions.handle(envelope as unknown as EventEnvelope);
  }
}

describe('a storm', () => {
  it('opens the breaker: what comes is held, people are told and asked once', async () => {
    await give(0, 6);
    expect(acted()).toEqual([0, 1, 2]);
    expect(await held()).toBe(3);
    expect(await store.find('breakers', {})).toMatchObject([{ id: 'r', state: 'open' }]);
    expect(await store.find('inbox_items', {})).toMatchObject([
      { about: 'storm:r', status: 'open', text: expect.stringContaining('More than 3 events in 60 s') },
    ]);
    const told = await store.find('outbox', { where: { topic: 'fabric.storm.v1' } });
    expect(told.map(({ envelope }) => (envelope as unknown as EventEnvelope).data)).toMatchObject([{ reaction: 'r' }]);
  });

  it('stays open over quiet times and restarts, and does not expire', async () => {
    await give(0, 5);
    await rig.reactions.stop();
    rig = await rig.again();
    await rig.pass(4_000_000 / 100);
    rig.clock.advance(4_000_000);
    await rig.settle();
    await give(5, 6);
    expect(acted()).toEqual([]);
    expect(await held()).toBe(3);
  });

  it('does not hold what was acted on before it, when that comes again', async () => {
    const events = await Promise.all([0, 1, 2, 3].map((what) => rig.announce({ what })));
    for (const event of events) await rig.give(event);
    for (const event of events) await rig.give(event);
    expect(await held()).toBe(1);
    expect(await rig.outcomes()).toHaveLength(1);
  });

  it('ends when people release it: the backlog goes on in order, and what comes then behind it', async () => {
    await give(0, 6);
    await answer('release');
    await rig.give({ what: 6 });
    await rig.pass(3_000);
    expect(acted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await store.find('breakers', {})).toMatchObject([{ state: 'closed', item: '' }]);
    expect(await store.find('inbox_items', { where: { status: 'open' } })).toEqual([]);
  });

  it('flows off no faster than the rate of the reaction', async () => {
    await rig.publish(reactionText('limits: { rate: 2/10s }'));
    await give(0, 7);
    await rig.reactions.decideStorm('r', 'release', 'user:ada');
    await rig.pass(10_100);
    expect(acted().length).toBeLessThanOrEqual(4);
    await rig.pass(30_000);
    expect(acted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('ends when people throw the backlog away', async () => {
    await give(0, 6);
    await answer('discard');
    expect((await rig.outcomes()).map(({ outcome }) => outcome)).toEqual(['discarded', 'discarded', 'discarded']);
    await give(6, 7);
    await rig.pass(2_000);
    expect(acted()).toEqual([0, 1, 2, 6]);
    await expect(rig.reactions.decideStorm('r', 'release', 'user:ada')).rejects.toMatchObject({
      code: 'fabric.breaker_closed',
    });
  });

  it('of one participant holds what that one says, and nobody else', async () => {
    await give(0, 5, { participant: 'loud' });
    await give(5, 7, { participant: 'calm' });
    expect(acted()).toEqual([0, 1, 2, 5, 6]);
    expect(await held('flood:loud')).toBe(2);
    expect(await store.find('breakers', {})).toMatchObject([{ id: 'loud@seen.v1', state: 'open' }]);
    await rig.reactions.decideStorm('loud@seen.v1', 'release', 'user:ada');
    await rig.pass(3_000);
    expect(acted()).toEqual([0, 1, 2, 5, 6, 3, 4]);
  });

  it('is a person’s to let single events through or to throw them away', async () => {
    await give(0, 6);
    const [first, second] = await rig.outcomes();
    expect(await rig.reactions.release(first?.id ?? '', 'user:ada')).toMatchObject({ outcome: 'started' });
    expect(await rig.reactions.discard(second?.id ?? '', 'user:ada')).toMatchObject({ outcome: 'discarded' });
    await rig.settle();
    expect(acted()).toEqual([0, 1, 2, 3]);
    await expect(rig.reactions.release(first?.id ?? '', 'user:ada')).rejects.toMatchObject({
      code: 'fabric.reaction_event_over',
    });
    expect(await store.find('audit', { where: { action: 'reaction.released' } })).toMatchObject([
      { principal: 'user:ada', object: 'reaction:r' },
    ]);
    expect(await rig.reactions.discardHeld('r', 'user:ada')).toBe(1);
  });
});

import type { EventEnvelope, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { askFreely, createDecisions, type FreeDecision } from './decisions.ts';
import { cancelItem, voteOn } from './inbox.ts';

const form = {
  type: 'object',
  properties: { decision: { type: 'string', enum: ['release', 'discard'], default: 'release' } },
  required: ['decision'],
  additionalProperties: false,
};

const asked = {
  id: 'item',
  about: 'storm:block:url',
  text: 'Let 40 held events go on?',
  form,
  causality: { principal: 'system', trace: 'a'.repeat(32), cause: '', hop: 0 },
  now: 1_000,
};

async function ask(about = asked.about): Promise<Store> {
  const store = createMemoryStore();
  const ada = { id: 'ada', name: 'ada', role: 'analyst', password_hash: '', disabled: false, created_at: 1, rev: 1 };
  await store.commit({ rows: [{ op: 'insert', table: 'users', row: ada }] });
  await store.commit(askFreely({ ...asked, about }));
  return store;
}

const answer = (store: Store) =>
  voteOn(
    store,
    'item',
    { ref: 'user:ada', userId: 'ada' },
    { vote: 'answer', reason: 'seen', form: { decision: 'discard' }, shown: '', to: '' },
    { now: () => 2_000 },
  );

async function announced(store: Store): Promise<EventEnvelope[]> {
  const rows = await store.find('outbox', { orderBy: [{ column: 'at' }] });
  return rows.map((row) => row.envelope as unknown as EventEnvelope);
}

async function deliver(store: Store): Promise<FreeDecision[]> {
  const heard: FreeDecision[] = [];
  const handlers = new Map([['storm', async (one: FreeDecision) => void heard.push(one)]]);
  const decisions = createDecisions(store, handlers);
  for (const event of await announced(store)) await decisions.handle(event);
  return heard;
}

describe('a question of the server itself', () => {
  it('reaches its handler when it is answered, with what it is about and what was entered', async () => {
    const store = await ask();
    expect(await deliver(store)).toEqual([]);
    await answer(store);
    expect(await deliver(store)).toMatchObject([
      {
        object: 'block:url',
        status: 'answered',
        by: ['user:ada'],
        reason: 'seen',
        form: { decision: 'discard' },
        item: { id: 'item', run: '' },
      },
    ]);
    expect(await store.count('signals')).toBe(0);
  });

  it('is asked once', async () => {
    const store = await ask();
    await expect(store.commit(askFreely(asked))).rejects.toMatchObject({ code: 'events.conflict' });
    expect(await store.count('inbox_items')).toBe(1);
  });

  it.each(['', 'other:x'])('reaches nobody when it is about %j', async (about) => {
    const store = await ask(about);
    await answer(store);
    expect(await deliver(store)).toEqual([]);
  });

  it('reaches nobody when it is called off', async () => {
    const store = await ask();
    await store.commit(cancelItem(await store.get('inbox_items', 'item'), 3_000));
    expect(await deliver(store)).toEqual([]);
  });
});

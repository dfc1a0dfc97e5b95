import type { Store, UserRow } from '@counterpoint/events';
import { aRun } from '@counterpoint/events/conformance';
import { createMemoryStore } from '@counterpoint/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancelItem, expireItem, getMatter, voteOn } from './inbox.ts';
import { askPeople } from './item.ts';
import { usersMeant } from './person.ts';
import { question } from './testing/matter.ts';

const clock = { now: () => 2_000 };

function userRow(id: string, role = 'analyst'): UserRow {
  return { id: `id-${id}`, name: id, role, password_hash: '', disabled: false, created_at: 1, rev: 1 };
}

async function storeWith(patch: Parameters<typeof question>[0] = {}): Promise<Store> {
  const store = createMemoryStore();
  const users = ['ada', 'ben', 'cleo'].map((id) => userRow(id));
  await store.commit({ rows: users.map((row) => ({ op: 'insert', table: 'users', row }) as const) });
  await store.commit(askPeople(question(patch)));
  return store;
}

async function vote(store: Store, who: string, word: 'approve' | 'deny', token = '') {
  const { item } = await getMatter(store, 'item');
  const ref = token === '' ? `user:id-${who}` : `token:${token}`;
  const ballot = { vote: word, reason: '', form: null, shown: item.covers_hash, to: '' } as const;
  return voteOn(store, 'item', { ref, userId: `id-${who}` }, ballot, clock);
}

describe('the inbox', () => {
  it('decides once when the last two votes come at the same moment', async () => {
    const store = await storeWith({ quorum: 2 });
    await vote(store, 'ada', 'approve');
    const outcomes = await Promise.allSettled([vote(store, 'ben', 'approve'), vote(store, 'cleo', 'deny')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'cases.already_decided' },
    });
    expect(await store.count('signals')).toBe(1);
    expect(await store.count('inbox_votes')).toBe(2);
  });

  it('counts two tokens of one user once', async () => {
    const store = await storeWith({ quorum: 2 });
    await Promise.all([vote(store, 'ada', 'approve', 't1'), vote(store, 'ada', 'approve', 't2')]);
    expect((await getMatter(store, 'item')).item.status).toBe('open');
    expect(await store.count('inbox_votes')).toBe(1);
  });

  it('lets a vote or the time-out win, never both', async () => {
    const store = await storeWith();
    const { change } = await expireItem(store, 'item', 10_000);
    await vote(store, 'ada', 'approve');
    await expect(store.commit(change)).rejects.toMatchObject({ code: 'events.conflict' });
    const again = await expireItem(store, 'item', 10_000);
    expect(again).toMatchObject({ change: {}, decided: { status: 'approved', by: ['user:id-ada'] } });
    expect(await store.count('signals')).toBe(1);
  });

  it('expires as the playbook says, and counts no vote that was too few', async () => {
    const store = await storeWith({ quorum: 2, otherwise: 'approve' });
    await vote(store, 'ada', 'approve');
    const { change, decided } = await expireItem(store, 'item', 10_000);
    await store.commit(change);
    expect(decided).toMatchObject({ status: 'approved', by: [], reason: 'nobody decided in time' });
    expect(await expireItem(store, 'item', 11_000)).toMatchObject({ change: {}, decided });
  });

  it('calls off what nobody waits for, and leaves alone what is decided', async () => {
    const open = await storeWith();
    await open.commit(cancelItem(await open.get('inbox_items', 'item'), 3_000));
    await expect(vote(open, 'ada', 'approve')).rejects.toMatchObject({ code: 'cases.already_decided' });
    expect(await open.count('signals')).toBe(0);
    const decided = await storeWith();
    await vote(decided, 'ada', 'approve');
    expect(cancelItem(await decided.get('inbox_items', 'item'), 3_000)).toEqual({});
  });

  it('knows nothing of other ids, and of people who are gone', async () => {
    const store = await storeWith();
    await expect(getMatter(store, 'nothing')).rejects.toMatchObject({ code: 'cases.inbox_not_found' });
    await expect(vote(store, 'zoe', 'approve')).rejects.toMatchObject({ code: 'cases.decider_not_asked' });
  });

  it('gives one decision, which its votes explain, for any sequence of votes and time-outs', async () => {
    const step = fc.record({
      who: fc.constantFrom('ada', 'ben', 'cleo'),
      word: fc.constantFrom('approve' as const, 'deny' as const),
      expire: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), async (steps, quorum) => {
        const store = await storeWith({ quorum });
        let ended: string | undefined;
        for (const { who, word, expire } of steps) {
          if (expire) await store.commit((await expireItem(store, 'item', 10_000)).change);
          else await vote(store, who, word).catch(() => undefined);
          const { item, votes } = await getMatter(store, 'item');
          if (ended !== undefined) expect(item.status).toBe(ended);
          else if (item.status !== 'open') ended = item.status;
          const approvals = new Set(votes.filter((one) => one.vote === 'approve').map((one) => one.principal));
          expect(new Set(votes.map((one) => one.principal)).size).toBe(votes.length);
          if (item.status === 'approved') expect(approvals.size).toBe(quorum);
          if (item.status === 'open') expect(approvals.size).toBeLessThan(quorum);
          expect(item.status === 'denied').toBe(votes.some((one) => one.vote === 'deny'));
          expect(await store.count('signals')).toBe(item.status === 'open' ? 0 : 1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('whom a reference means', () => {
  it('is the person behind tokens, names and runs that called one another', async () => {
    const store = await storeWith();
    const token = {
      id: 't1',
      user: 'id-ben',
      title: '',
      hash: 'h',
      permissions: [],
      created_at: 1,
      expires_at: null,
      revoked_at: null,
      rev: 1,
    };
    await store.commit({ rows: [{ op: 'insert', table: 'tokens', row: token }] });
    const run = (id: string, cause: string) => ({ op: 'create', row: aRun(id, { cause }) }) as const;
    await store.commit({ runs: [run('r1', 'token:t1'), run('r2', 'run:r1/sub'), run('r3', 'event:e1')] });
    expect([...(await usersMeant(store, ['run:r2/decision']))]).toEqual(['id-ben']);
    expect([...(await usersMeant(store, ['ada', 'user:id-cleo', 'token:t1']))]).toEqual([
      'id-ada',
      'id-cleo',
      'id-ben',
    ]);
    expect([...(await usersMeant(store, ['run:r3', 'event:e1', 'nobody', 'token:none', '']))]).toEqual([]);
  });
});

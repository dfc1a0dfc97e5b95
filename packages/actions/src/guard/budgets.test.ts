import { voteOn } from '@counterpoint/cases';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { explain } from '../explain.ts';
import { createWorld, testPolicy, type World } from '../testing/world.ts';
import { loadPolicy } from './load-policy.ts';
import type { Budget } from './policy.ts';

const HOUR = 3_600_000;

async function world(...budgets: readonly Budget[]): Promise<World> {
  const one = await createWorld(createMemoryStore());
  const state = testPolicy();
  if (!state.ok) throw new Error('the policy of tests is not valid');
  one.policy = { ok: true, policy: { ...state.policy, budgets } };
  return one;
}

const block = (one: World, last: number, key?: string) =>
  one.perform({ input: { ip: `203.0.113.${last}` }, ...(key === undefined ? {} : { key }) });

describe('a budget', () => {
  it('lets so much happen within its time, and holds what comes after', async () => {
    const one = await world({ of: 'contain', max: 3, per: HOUR });
    for (const last of [1, 2, 3]) expect(await block(one, last)).toMatchObject({ status: 'succeeded' });
    expect(await block(one, 4)).toMatchObject({ status: 'held' });
    expect(one.product.blocked.size).toBe(3);
    const [item] = await one.rows('inbox_items');
    expect(item?.text).toContain('no more than 3 times contain within 1 h');
    one.clock.advance(HOUR);
    expect(await block(one, 5)).toMatchObject({ status: 'succeeded' });
  });

  it('lets never more happen when they come at the same moment', async () => {
    const one = await world({ of: 'firewall.block', max: 5, per: HOUR });
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, last) => block(one, last + 1)));
    expect(outcomes.filter(({ status }) => status === 'succeeded')).toHaveLength(5);
    expect(outcomes.filter(({ status }) => status === 'held')).toHaveLength(15);
    expect(one.product.blocked.size).toBe(5);
  });

  it('counts what happened before it was made smaller', async () => {
    const one = await world({ of: 'contain', max: 3, per: HOUR });
    for (const last of [1, 2, 3]) await block(one, last);
    const { policy } = one;
    if (policy.ok)
      one.policy = { ok: true, policy: { ...policy.policy, budgets: [{ of: 'contain', max: 2, per: HOUR }] } };
    expect(await block(one, 4)).toMatchObject({ status: 'held' });
  });

  it('counts the same request once', async () => {
    const one = await world({ of: 'contain', max: 1, per: HOUR });
    await block(one, 1, 'same');
    expect(await block(one, 1, 'same')).toMatchObject({ status: 'succeeded' });
    expect(await one.store.count('settings', { id: { prefix: 'guard.budget/' } })).toBe(1);
  });

  it('leaves other classes and actions alone', async () => {
    const one = await world({ of: 'contain', max: 1, per: HOUR }, { of: 'firewall.scan', max: 1, per: HOUR });
    await block(one, 1);
    const ticket = { action: 'ticket', input: { text: 'x' }, lease: undefined } as const;
    for (let count = 0; count < 3; count++) expect(await one.perform(ticket)).toMatchObject({ status: 'succeeded' });
  });

  it('gives way to people, and is explained without taking anything', async () => {
    const one = await world({ of: 'contain', max: 1, per: HOUR });
    await block(one, 1);
    expect(await explain(one.context, one.request())).toMatchObject({ outcome: 'hold', rule: 'guard.budget_spent' });
    await block(one, 2, 'k');
    const user = {
      id: 'eve',
      name: 'eve',
      role: 'engineer',
      password_hash: '',
      disabled: false,
      created_at: 1,
      rev: 1,
    };
    await one.store.commit({ rows: [{ op: 'insert', table: 'users', row: user }] });
    const [item] = await one.rows('inbox_items');
    const ballot = { vote: 'approve', reason: '', form: null, shown: item?.covers_hash ?? '', to: '' } as const;
    await voteOn(one.store, item?.id ?? '', { ref: 'user:eve', userId: 'eve' }, ballot, one.clock);
    expect(await block(one, 2, 'k')).toMatchObject({ status: 'succeeded' });
  });

  it('is read from the policy', () => {
    const text = (budget: string) => `
kind: policy/v1
protected: { own: [] }
widest_prefix: { ipv4: 24, ipv6: 48 }
lease: { max: 30d }
budgets: [${budget}]`;
    expect(loadPolicy(text('{ of: contain, max: 20, per: 1h }'))).toMatchObject({
      ok: true,
      policy: { budgets: [{ of: 'contain', max: 20, per: HOUR }] },
    });
    expect(loadPolicy(text('{ of: everything, max: 20, per: 1h }'))).toMatchObject({ ok: false });
    expect(loadPolicy(text('{ of: contain, max: 20, per: soon }'))).toMatchObject({
      ok: false,
      findings: [{ code: 'policy.duration_invalid' }],
    });
  });
});

import { askPeople, voteOn } from '@counterpoint/cases';
import type { UserRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import type { ActionRequest } from '../door.ts';
import { explain } from '../explain.ts';
import { createWorld, testPolicy, type World } from '../testing/world.ts';

function userRow(id: string, role: string): UserRow {
  return { id, name: id, role, password_hash: '', disabled: false, created_at: 1, rev: 1 };
}

async function world(policy = ''): Promise<World> {
  const store = createMemoryStore();
  const rows = [
    userRow('ann', 'analyst'),
    userRow('eve', 'engineer'),
    userRow('eli', 'engineer'),
    userRow('oda', 'owner'),
  ];
  await store.commit({ rows: rows.map((row) => ({ op: 'insert', table: 'users', row }) as const) });
  const one = await createWorld(store);
  if (policy !== '') one.policy = withApproval(policy);
  return one;
}

/** The policy of tests, with another `approval`. */
function withApproval(approval: string) {
  const state = testPolicy();
  if (!state.ok) throw new Error('the policy of tests is not valid');
  return {
    ok: true,
    policy: { ...state.policy, approval: { ...state.policy.approval, ...JSON.parse(approval) } },
  } as const;
}

const wipe = { action: 'wipe', input: { host: 'web7' }, lease: undefined } as const;

async function vote(one: World, user: string, word: 'approve' | 'deny', shown?: string) {
  const [item] = await one.rows('inbox_items');
  if (!item) throw new Error('nothing is in the inbox');
  const ballot = { vote: word, reason: '', form: null, shown: shown ?? item.covers_hash, to: '' } as const;
  return voteOn(one.store, item.id, { ref: `user:${user}`, userId: user }, ballot, one.clock);
}

describe('what the guard holds', () => {
  it('sends nothing, and puts exactly the call before people', async () => {
    const one = await world();
    const outcome = await one.perform(wipe);
    const [item] = await one.rows('inbox_items');
    expect(outcome).toMatchObject({ status: 'held', item: item?.id });
    expect(one.product.calls).toEqual([]);
    expect(item).toMatchObject({
      kind: 'approval',
      status: 'open',
      role: 'engineer',
      excluded: ['user:ann'],
      covers: [{ kind: 'action', connector: 'firewall', action: 'wipe', connection: 'fw1', input: { host: 'web7' } }],
    });
    expect(item?.text).toMatch(/^Wipe .*web7.* on .+\? /);
    expect(await one.rows('effects')).toMatchObject([{ state: 'held', args: { host: 'web7' } }]);
  });

  it('is also what asks for people itself, though the policy lets it', async () => {
    const one = await world();
    const request = one.request({ ask: true });
    const [item] = await (async () => {
      expect(await one.perform(request)).toMatchObject({ status: 'held' });
      return one.rows('inbox_items');
    })();
    expect(item).toMatchObject({ text: expect.stringContaining('does not act without people'), status: 'open' });
    expect(one.product.calls).toEqual([]);
    await vote(one, 'eve', 'approve');
    expect(await one.perform(request)).toMatchObject({ status: 'succeeded' });
    expect(one.product.calls).toContain('block 203.0.113.7 none');
  });

  it('is never a look at something', async () => {
    const one = await world();
    const request = one.request({ ask: true, action: 'list', input: {}, lease: undefined });
    expect(await one.perform(request)).toMatchObject({ status: 'succeeded' });
  });

  it('asks once, however often the same request comes', async () => {
    const one = await world();
    const request = one.request(wipe);
    await one.perform(request);
    expect(await one.perform(request)).toMatchObject({ status: 'held' });
    expect(await one.rows('inbox_items')).toHaveLength(1);
    expect(await one.rows('effects')).toHaveLength(1);
  });

  it('is sent once when it was approved and is asked for again', async () => {
    const one = await world();
    const request = one.request(wipe);
    await one.perform(request);
    await vote(one, 'eve', 'approve');
    expect(one.product.calls).toEqual([]);
    expect(await one.perform(request)).toMatchObject({ status: 'succeeded' });
    expect(await one.perform(request)).toMatchObject({ status: 'succeeded' });
    expect(one.product.calls).toEqual(['wipe web7']);
    expect(await one.rows('effects')).toMatchObject([{ state: 'performed' }]);
  });

  it('stays undone when it was denied', async () => {
    const one = await world();
    const request = one.request(wipe);
    await one.perform(request);
    await vote(one, 'eve', 'deny');
    const denied = { status: 'failed', performed: 'no', error: { code: 'guard.denied_by_people' } };
    expect(await one.perform(request)).toMatchObject(denied);
    expect(await one.perform(request)).toMatchObject(denied);
    expect(one.product.calls).toEqual([]);
    expect(await one.rows('effects')).toMatchObject([{ state: 'failed' }]);
  });

  it('cannot be approved by whoever asked for it, unless the policy says so', async () => {
    const asked: Partial<ActionRequest> = {
      ...wipe,
      causality: { principal: 'user:eve', trace: 'a'.repeat(32), cause: '', hop: 0 },
    };
    const strict = await world();
    await strict.perform(asked);
    await expect(vote(strict, 'eve', 'approve')).rejects.toMatchObject({ code: 'cases.decider_excluded' });
    await expect(vote(strict, 'ann', 'approve')).rejects.toMatchObject({ code: 'cases.decider_not_asked' });
    expect(await vote(strict, 'oda', 'approve')).toMatchObject({ status: 'approved' });
    const lenient = await world('{"self":true}');
    await lenient.perform(asked);
    expect(await vote(lenient, 'eve', 'approve')).toMatchObject({ status: 'approved' });
  });

  it('does not use an approval that is too old', async () => {
    const one = await world('{"valid":60000}');
    const request = one.request(wipe);
    await one.perform(request);
    await vote(one, 'eve', 'approve');
    const late = { ...request, now: one.clock.now() + 60_001 };
    expect(await one.perform(late)).toMatchObject({ error: { code: 'guard.approval_invalid' } });
    expect(one.product.calls).toEqual([]);
  });

  it('is explained as held', async () => {
    const one = await world();
    const decision = await explain(one.context, one.request(wipe));
    expect(decision).toMatchObject({ outcome: 'hold', rule: 'guard.needs_approval' });
    expect(decision.reasons.join(' ')).toContain('the role engineer, not of whoever asked for it');
  });

  it('is still refused when it would be refused without people', async () => {
    const one = await world('{"effects":["contain"]}');
    expect(await one.perform({ input: { ip: '8.8.8.8' } })).toMatchObject({ error: { code: 'guard.protected' } });
    expect(await one.perform({ lease: undefined })).toMatchObject({ error: { code: 'guard.lease_required' } });
    expect(await one.perform()).toMatchObject({ status: 'held' });
  });
});

describe('an approval that a playbook asked for', () => {
  const covered = {
    kind: 'action',
    step: 'wipe',
    address: 'wipe',
    connector: 'firewall',
    action: 'wipe',
    connection: null,
    lease: null,
    input: { host: 'web7' },
  } as const;

  async function approved(one: World, by: readonly string[], patch: { readonly role?: string } = {}) {
    const change = askPeople({
      id: 'item',
      kind: 'approval',
      run: 'run-1',
      address: 'decision',
      playbook: 'p',
      text: 'Wipe it?',
      covers: [covered],
      role: '',
      users: [],
      excluded: [],
      quorum: by.length,
      delegable: false,
      form: null,
      via: [],
      due_at: null,
      otherwise: 'deny',
      simulated: true,
      causality: { principal: 'playbook:p', trace: 'a'.repeat(32), cause: '', hop: 0 },
      now: one.clock.now(),
      ...patch,
    });
    await one.store.commit(change);
    for (const user of by) await vote(one, user, 'approve');
    const [item] = await one.rows('inbox_items');
    const approval = { item: 'item', hash: item?.covers_hash ?? '' };
    return one.request({ ...wipe, run: 'run-1', address: 'wipe', approval });
  }

  it('spares people the second question of the guard', async () => {
    const one = await world();
    expect(await one.perform(await approved(one, ['eve']))).toMatchObject({ status: 'succeeded' });
    expect(one.product.calls).toEqual(['wipe web7']);
  });

  it('does not stand for the people that the policy wants', async () => {
    const one = await world();
    expect(await one.perform(await approved(one, ['ann']))).toMatchObject({ status: 'held' });
    const strict = await world('{"quorum":2}');
    expect(await strict.perform(await approved(strict, ['eve']))).toMatchObject({ status: 'held' });
    const two = await world('{"quorum":2}');
    expect(await two.perform(await approved(two, ['eve', 'eli']))).toMatchObject({ status: 'succeeded' });
  });

  it('counts for nothing but the very arguments, and only when it was given', async () => {
    const one = await world();
    const request = await approved(one, ['eve']);
    const invalid = { status: 'failed', error: { code: 'guard.approval_invalid' } };
    expect(await one.perform({ ...request, key: 'k1', input: { host: 'web8' } })).toMatchObject(invalid);
    expect(await one.perform({ ...request, key: 'k2', address: 'other' })).toMatchObject(invalid);
    expect(await one.perform({ ...request, key: 'k3', approval: { item: 'item', hash: 'x' } })).toMatchObject(invalid);
    expect(await one.perform({ ...request, key: 'k4', approval: { item: 'no', hash: 'x' } })).toMatchObject(invalid);
    expect(one.product.calls).toEqual([]);
  });

  it('counts for nothing when its row was changed behind its hash', async () => {
    const one = await world();
    const request = await approved(one, ['eve']);
    const [item] = await one.rows('inbox_items');
    if (!item) throw new Error('no item');
    const covers = [{ ...covered, input: { host: 'web8' } }];
    await one.store.commit({ rows: [{ op: 'put', table: 'inbox_items', row: { ...item, covers } }] });
    expect(await one.perform({ ...request, input: { host: 'web8' } })).toMatchObject({
      error: { code: 'guard.approval_invalid' },
    });
    expect(one.product.calls).toEqual([]);
  });
});

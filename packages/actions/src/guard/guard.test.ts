import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { explain } from '../explain.ts';
import { createWorld, testPolicy } from '../testing/world.ts';
import type { PolicyState } from './policy.ts';
import { setSwitch } from './switches.ts';

const world = () => createWorld(createMemoryStore());
const by = { principal: 'user:ann', at: 1, trace: '' };
type World = Awaited<ReturnType<typeof world>>;

async function engage(one: World, id: string, engaged = true) {
  await one.store.commit(await setSwitch(one.store, { id, engaged, reason: 'drill', ...by }));
}

const failure = (code: string) => ({ status: 'failed', performed: 'no', error: { code } });

describe('the guard', () => {
  it('refuses a protected target, says why, and audits it', async () => {
    const one = await world();
    const outcome = await one.perform({ input: { ip: '8.8.8.8' } });
    expect(outcome).toMatchObject(failure('guard.protected'));
    expect(one.product.calls).toEqual([]);
    expect(await one.rows('effects')).toEqual([]);
    const [entry] = await one.rows('audit');
    expect(entry).toMatchObject({
      action: 'effect.denied',
      principal: 'user:ann',
      data: { rule: 'guard.protected', target: 'ipv4-addr:8.8.8.8', reason: expect.stringContaining('resolver') },
    });
  });

  it('wants a lease for what contains, and not too long a one', async () => {
    const one = await world();
    expect(await one.perform({ lease: undefined })).toMatchObject(failure('guard.lease_required'));
    expect(await one.perform({ lease: 31 * 86_400_000 })).toMatchObject(failure('guard.lease_too_long'));
    expect(await one.perform({ lease: 30 * 86_400_000 })).toMatchObject({ status: 'succeeded' });
    expect(await one.perform({ action: 'ticket', input: { text: 'x' }, lease: undefined })).toMatchObject({
      status: 'succeeded',
    });
  });

  it('lets stay for good what the policy names', async () => {
    const one = await world();
    const { policy } = testPolicy() as Extract<PolicyState, { ok: true }>;
    one.policy = { ok: true, policy: { ...policy, lease: { max: 1, permanent: ['firewall.block'] } } };
    expect(await one.perform({ lease: undefined })).toMatchObject({ status: 'succeeded' });
    const [effect] = await one.rows('effects');
    expect(effect).toMatchObject({ lease_until: null, wake_at: null });
  });

  it('fails closed without a policy: nothing is contained or destroyed, the rest goes on', async () => {
    const one = await world();
    one.policy = { ok: false, findings: [{ code: 'policy.syntax', message: 'bad', line: 3, column: 1 }] };
    expect(await one.perform()).toMatchObject(failure('guard.policy_invalid'));
    expect(await one.perform({ action: 'wipe', input: { host: 'web7' } })).toMatchObject(
      failure('guard.policy_invalid'),
    );
    expect(await one.perform({ action: 'ticket', input: { text: 'x' } })).toMatchObject({ status: 'succeeded' });
    expect(await one.perform({ action: 'list', input: {} })).toMatchObject({ status: 'succeeded' });
  });

  it('explains without doing anything', async () => {
    const one = await world();
    expect(await explain(one.context, one.request({ input: { ip: '010.8.8.8' } }))).toMatchObject({
      outcome: 'deny',
      rule: 'guard.protected',
    });
    const allowed = await explain(one.context, one.request());
    expect(allowed).toMatchObject({ outcome: 'allow', rule: 'guard.allowed' });
    expect(allowed.reasons.join('; ')).toContain('leased for 1 h');
    expect(await explain(one.context, one.request({ connector: 'firewal' }))).toMatchObject({
      outcome: 'deny',
      rule: 'actions.unknown_connector',
      reasons: [expect.stringContaining('did you mean firewall?'), expect.anything()],
    });
    expect(await explain(one.context, one.request({ connector: 'util', action: 'hash' }))).toMatchObject({
      outcome: 'allow',
    });
    expect(one.product.calls).toEqual([]);
    expect(await one.rows('audit')).toEqual([]);
  });
});

describe('kill switches', () => {
  it.each(['global', 'connector:firewall'])('%s stops what is new, and reading goes on', async (id) => {
    const one = await world();
    await engage(one, id);
    expect(await one.perform()).toMatchObject(failure('guard.switch_engaged'));
    expect(await one.perform({ action: 'list', input: {} })).toMatchObject({ status: 'succeeded' });
    await engage(one, id, false);
    expect(await one.perform()).toMatchObject({ status: 'succeeded' });
    expect((await one.rows('audit')).map((row) => row.action)).toContain('switch.released');
  });

  it('of another connector does not matter', async () => {
    const one = await world();
    await engage(one, 'connector:other');
    expect(await one.perform()).toMatchObject({ status: 'succeeded' });
  });

  it('that another process engaged after the admission stops the send', async () => {
    const one = await world();
    const admission = await one.door.admit(one.request());
    if (admission.kind !== 'send') throw new Error('not admitted');
    await one.store.commit(admission.change);
    await engage(one, 'global');
    const outcome = await admission.send(new AbortController().signal);
    expect(outcome).toMatchObject(failure('guard.switch_engaged'));
    expect(one.product.blocked.size).toBe(0);
    await one.store.commit(outcome.change);
    expect(await one.store.get('effects', admission.effect!)).toMatchObject({ state: 'failed', wake_at: null });
  });

  it('survives a restart', async () => {
    const one = await world();
    await engage(one, 'global');
    const next = await createWorld(one.store);
    expect(await next.perform()).toMatchObject(failure('guard.switch_engaged'));
  });
});

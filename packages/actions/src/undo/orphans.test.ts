import type { EffectRow, RunRow } from '@counterpoint/events';
import { aRun } from '@counterpoint/events/conformance';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import type { ActionOutcome, ActionRequest } from '../door.ts';
import type { PolicyState } from '../guard/policy.ts';
import { keepReceipt } from '../ledger/late-receipt.ts';
import { resolveUnknown } from '../resolve-unknown.ts';
import { crashingStore } from '../testing/crashing-store.ts';
import { createFirewall, createWorld, drain, testPolicy, vendorError, type World } from '../testing/world.ts';
import { type Alarm, createLeaseKeeper, type LeaseKeeperOptions } from './lease-keeper.ts';

const HOUR = 3_600_000;
const causality = { principal: 'user:ann', trace: 'a'.repeat(32), cause: 'user:ann', hop: 0 };
const signal = new AbortController().signal;
const world = () => createWorld(createMemoryStore());
const effects = async (one: World) => (await one.rows('effects')).filter((row) => row.undo_of === '');
const ofRun = (one: World, patch: Partial<ActionRequest> = {}) =>
  one.request({ run: 'r1', address: 'block', key: 'r1/block', holder: 'run:r1/block', ...patch });

/** Something is asked for and its intention is durable; gives how it is sent. */
async function intend(one: World, request: ActionRequest): Promise<() => Promise<ActionOutcome>> {
  const admission = await one.door.admit(request);
  if (admission.kind !== 'send') throw new Error('it was to be sent');
  await one.store.commit(admission.change);
  return () => admission.send(signal);
}

/** The process dies before the answer is durable; `happens` says whether the call went out. */
async function cutOff(one: World, request: ActionRequest, happens: boolean): Promise<void> {
  const send = await intend(one, request);
  if (happens) await send();
}

async function storeRun(one: World, status: RunRow['status'], id = 'r1'): Promise<void> {
  const row = aRun(id, { ...causality, status, epoch: 1, simulated: true });
  await one.store.commit({ runs: [{ op: 'create', row }] });
}

/** The keeper of another process for so many minutes. */
async function keep(one: World, minutes: number, options: Partial<LeaseKeeperOptions> = {}): Promise<void> {
  const keeper = createLeaseKeeper({ context: one.context, ...options });
  await keeper.start();
  for (let minute = 0; minute < minutes; minute++) {
    one.clock.advance(60_000);
    await drain(5);
  }
  await keeper.stop();
}

describe('a call that no run waits for any more', () => {
  it.each([true, false])(
    'is found out by asking the product (it happened: %s), and ends with its lease',
    async (happens) => {
      const one = await world();
      await cutOff(one, ofRun(one), happens);
      await storeRun(one, 'cancelled');
      await keep(one, 3);
      expect(await effects(one)).toMatchObject([{ state: happens ? 'performed' : 'failed' }]);
      expect((await one.rows('claims')).map((claim) => claim.ended_at === null)).toEqual([happens]);
      await keep(one, 60);
      expect(await effects(one)).toMatchObject([{ state: happens ? 'undone' : 'failed' }]);
      expect(one.product.blocked.size).toBe(0);
    },
  );

  it('is unknown when nobody can tell, for a person to settle', async () => {
    const one = await world();
    await cutOff(one, ofRun(one, { action: 'ticket', input: { text: 'x' }, lease: undefined }), true);
    await storeRun(one, 'cancelled');
    await keep(one, 10);
    const [row] = (await effects(one)) as [EffectRow];
    expect(row).toMatchObject({ state: 'unknown', wake_at: null, ended_at: null });
    expect(one.product.calls).toEqual(['ticket x']);
    await one.store.commit(await resolveUnknown(one.context, { effect: row.id, happened: true, causality }));
    expect(await effects(one)).toMatchObject([{ state: 'performed' }]);
  });

  it('is unknown when its connection is gone', async () => {
    const one = await world();
    await cutOff(one, ofRun(one), true);
    await storeRun(one, 'failed');
    await one.store.commit({ rows: [{ op: 'delete', table: 'connections', id: 'fw1' }] });
    const alarms: Alarm[] = [];
    await keep(one, 10, { onAlarm: (alarm) => alarms.push(alarm) });
    expect(await effects(one)).toMatchObject([{ state: 'unknown', wake_at: null }]);
    expect(alarms).toEqual([]);
  });

  it('stays in force and is listed when it was asked for without a lease', async () => {
    const one = await world();
    const { policy } = testPolicy() as Extract<PolicyState, { ok: true }>;
    one.policy = { ok: true, policy: { ...policy, lease: { ...policy.lease, permanent: ['firewall.block'] } } };
    await cutOff(one, ofRun(one, { lease: undefined }), true);
    await storeRun(one, 'cancelled');
    await keep(one, 120);
    expect(await effects(one)).toMatchObject([{ state: 'performed', ended_at: null, lease_until: null }]);
    expect([...one.product.blocked]).toEqual(['203.0.113.7']);
  });

  it('goes on being asked about when the product completes it later', async () => {
    const one = await world();
    const send = await intend(one, ofRun(one, { action: 'scan', lease: undefined }));
    await one.store.commit((await send()).change);
    expect(await effects(one)).toMatchObject([{ state: 'pending' }]);
    await storeRun(one, 'cancelled');
    one.product.will('scan_state', () => ({ state: 'done', open: 3 }));
    await keep(one, 3);
    expect(await effects(one)).toMatchObject([{ state: 'performed', receipt: { open: 3 } }]);
  });

  it('is unknown when the product never completes it', async () => {
    const one = await world();
    const send = await intend(one, ofRun(one, { action: 'scan', lease: undefined }));
    await one.store.commit((await send()).change);
    await keep(one, 5);
    expect(await effects(one)).toMatchObject([{ state: 'unknown', wake_at: null }]);
  });
});

describe('a call that its run looks after', () => {
  it('is left alone, however late, until the step is over', async () => {
    const one = await world();
    await cutOff(one, ofRun(one), true);
    await storeRun(one, 'waiting');
    const before = await effects(one);
    let open = true;
    const keeper = createLeaseKeeper({ context: one.context, stepIsOpen: async () => open });
    one.clock.advance(HOUR / 2);
    await keeper.settle();
    await keeper.settle();
    expect(await effects(one)).toEqual(before);
    open = false;
    one.clock.advance(60_000);
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'performed' }]);
  });

  it('does not keep others waiting, nor the keeper busy', async () => {
    const one = await world();
    await storeRun(one, 'running');
    for (let index = 0; index < 205; index++) {
      const key = `r1/tag[${index}]`;
      await cutOff(one, ofRun(one, { action: 'ticket', input: { text: key }, lease: undefined, key }), false);
    }
    one.clock.advance(1);
    await one.perform({ lease: 60_000 });
    one.clock.advance(HOUR);
    let asked = 0;
    const stepIsOpen = async () => {
      asked += 1;
      return true;
    };
    const keeper = createLeaseKeeper({ context: one.context, stepIsOpen });
    await keeper.start();
    expect(one.product.blocked.size).toBe(0);
    for (let second = 0; second < 30; second++) {
      one.clock.advance(1_000);
      await drain(5);
    }
    expect(asked).toBe(205);
    await keeper.stop();
  });
});

describe('a person whose process dies', () => {
  const settledAs = async (action: string, input: ActionRequest['input'], at: number, when: 'before' | 'after') => {
    const firewall = createFirewall();
    const store = createMemoryStore();
    await createWorld(store, { firewall });
    const dying = await createWorld(crashingStore(store, at, when), { firewall });
    await dying.perform({ action, input }).catch(() => undefined);
    const next = await createWorld(store, { firewall, clock: dying.clock });
    await keep(next, 5);
    const [row] = await effects(next);
    return { state: row?.state, happened: firewall.product.calls.some((call) => call.startsWith(action)) };
  };

  // The first commit of a process is its connection, then come the intention and the receipt.
  it.each([
    { at: 2, when: 'before', happened: false, block: undefined, ticket: undefined },
    { at: 2, when: 'after', happened: false, block: 'failed', ticket: 'unknown' },
    { at: 3, when: 'before', happened: true, block: 'performed', ticket: 'unknown' },
    { at: 3, when: 'after', happened: true, block: 'performed', ticket: 'performed' },
  ] as const)(
    '$when commit $at leaves nothing that is under way for ever',
    async ({ at, when, happened, ...states }) => {
      const { block: state, ticket } = states;
      expect(await settledAs('block', { ip: '203.0.113.7' }, at, when)).toEqual({ state, happened });
      expect(await settledAs('isolate', { host: 'web7' }, at, when)).toEqual({ state, happened });
      expect(await settledAs('ticket', { text: 'x' }, at, when)).toEqual({ state: ticket, happened });
    },
  );
});

describe('an answer that comes after its effect was concluded without it', () => {
  const late = async (one: World, request: ActionRequest) => {
    const send = await intend(one, request);
    return async () => keepReceipt(one.store, (await send()).change, one.clock.now());
  };

  it('settles what was unknown', async () => {
    const one = await world();
    const answer = await late(one, ofRun(one, { action: 'ticket', input: { text: 'x' }, lease: undefined }));
    await keep(one, 3);
    expect(await effects(one)).toMatchObject([{ state: 'unknown' }]);
    expect(await answer()).toBe(true);
    expect(await effects(one)).toMatchObject([{ state: 'performed', receipt: { number: 1 } }]);
  });

  it('undoes what nobody claims any more, because the product had said that it did not happen', async () => {
    const one = await world();
    const answer = await late(one, ofRun(one));
    await keep(one, 3);
    expect(await effects(one)).toMatchObject([{ state: 'failed' }]);
    expect(await answer()).toBe(true);
    expect(one.product.blocked.size).toBe(1);
    await keep(one, 1);
    expect(await effects(one)).toMatchObject([{ state: 'undone' }]);
    expect(one.product.blocked.size).toBe(0);
  });

  it('changes nothing of what a person or a later attempt has settled', async () => {
    const one = await world();
    one.product.will('ticket', vendorError('unavailable', 'no'));
    const answer = await late(one, ofRun(one, { action: 'ticket', input: { text: 'x' }, lease: undefined }));
    await keep(one, 3);
    const [row] = (await effects(one)) as [EffectRow];
    await one.store.commit(await resolveUnknown(one.context, { effect: row.id, happened: true, causality }));
    const before = await effects(one);
    expect(await answer()).toBe(false);
    expect(await effects(one)).toEqual(before);
  });
});

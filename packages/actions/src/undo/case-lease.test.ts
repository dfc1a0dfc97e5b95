import { newCase, openCase, setCaseStatus } from '@counterpoint/cases';
import type { CaseRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { Crash, crashingStore } from '../testing/crashing-store.ts';
import { createWorld, drain, type World } from '../testing/world.ts';
import { createLeaseKeeper } from './lease-keeper.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const signal = new AbortController().signal;

const occasionOf = (one: World, key: string) => ({
  key,
  causality: { principal: 'user:ann', trace: 'a'.repeat(32), cause: 'user:ann', hop: 0 },
  now: one.clock.now(),
});

async function caseNamed(one: World, title: string): Promise<string> {
  const occasion = occasionOf(one, title);
  await one.store.commit(openCase(occasion, { title }));
  return newCase(occasion, { title }).id;
}

async function setStatus(one: World, id: string, status: CaseRow['status']): Promise<void> {
  const row = (await one.store.get('cases', id))!;
  await one.store.commit(setCaseStatus(occasionOf(one, `${id}/${status}/${one.clock.now()}`), row, status, 'done'));
}

interface Wish {
  readonly run: string;
  readonly of: string;
  readonly lease?: number;
  readonly max?: number;
  readonly action?: string;
}

const requestOf = (one: World, { run, of, lease, max, action = 'block' }: Wish) =>
  one.request({
    action,
    run,
    address: 'isolate',
    holder: `run:${run}/isolate`,
    lease,
    whileCase: { case: of, max },
    causality: { principal: 'playbook:p', trace: run, cause: `run:${run}/isolate`, hop: 0 },
  });

const isolate = (one: World, wish: Wish) => one.door.perform(requestOf(one, wish), signal);
const effects = async (one: World) => (await one.rows('effects')).filter((row) => row.undo_of === '');
const world = () => createWorld(createMemoryStore());

describe('a lease while a case is open', () => {
  it('keeps one host isolated until the second of two cases is closed', async () => {
    const one = await world();
    const [first, second] = [await caseNamed(one, 'first'), await caseNamed(one, 'second')];
    await isolate(one, { run: 'r1', of: first });
    await isolate(one, { run: 'r2', of: second });
    expect((await one.rows('claims')).map((claim) => claim.holder).sort()).toEqual(
      [`case:${first}`, `case:${second}`].sort(),
    );
    const keeper = createLeaseKeeper({ context: one.context });
    await setStatus(one, first, 'closed');
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'performed' }]);
    expect([...one.product.blocked]).toEqual(['203.0.113.7']);
    await setStatus(one, second, 'resolved');
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'undone' }]);
    expect(one.product.blocked.size).toBe(0);
    expect(await one.store.find('settings', {})).toEqual([]);
  });

  it('mixes with leases in time: the last reason of any kind keeps it', async () => {
    const one = await world();
    const first = await caseNamed(one, 'first');
    await isolate(one, { run: 'r1', of: first });
    await one.perform({ holder: 'user:bob', lease: 2 * HOUR, key: 'bob' });
    const keeper = createLeaseKeeper({ context: one.context });
    await setStatus(one, first, 'closed');
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'performed', lease_until: one.clock.now() + 2 * HOUR }]);
    one.clock.advance(2 * HOUR);
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'undone' }]);
  });

  it('stays at least for the time given beside it, and longer while the case is open', async () => {
    const one = await world();
    const [closed, open] = [await caseNamed(one, 'closed soon'), await caseNamed(one, 'open long')];
    const keeper = createLeaseKeeper({ context: one.context });
    await isolate(one, { run: 'r1', of: closed, lease: HOUR });
    await setStatus(one, closed, 'closed');
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'performed', lease_until: one.clock.now() + HOUR }]);
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(one.product.blocked.size).toBe(0);
    await isolate(one, { run: 'r2', of: open, lease: HOUR, max: DAY });
    one.clock.advance(2 * HOUR);
    await keeper.settle();
    expect(one.product.blocked.size).toBe(1);
    one.clock.advance(DAY);
    await keeper.settle();
    expect(one.product.blocked.size).toBe(0);
  });

  it('without an end of its own ends after the longest lease of the policy', async () => {
    const one = await world();
    const id = await caseNamed(one, 'for ever');
    await isolate(one, { run: 'r1', of: id });
    expect(await effects(one)).toMatchObject([{ lease_until: one.clock.now() + 30 * DAY }]);
    expect(await isolate(one, { run: 'r2', of: id, max: 31 * DAY })).toMatchObject({
      status: 'failed',
      error: { code: 'guard.lease_too_long' },
    });
  });

  it('is refused for a case that is closed', async () => {
    const one = await world();
    const id = await caseNamed(one, 'over');
    await setStatus(one, id, 'closed');
    expect(await isolate(one, { run: 'r1', of: id })).toMatchObject({ error: { code: 'actions.case_over' } });
    expect(one.product.calls).toEqual([]);
  });

  it('is undone when the case was closed while the call was under way', async () => {
    const one = await world();
    const id = await caseNamed(one, 'closed meanwhile');
    const admission = await one.door.admit(requestOf(one, { run: 'r1', of: id }));
    if (admission.kind !== 'send') throw new Error('not admitted');
    // The claim becomes durable only after the keeper has ended those that it found.
    await setStatus(one, id, 'closed');
    const keeper = createLeaseKeeper({ context: one.context });
    await keeper.settle();
    await one.store.commit(admission.change);
    await one.store.commit((await admission.send(signal)).change);
    await keeper.settle();
    expect(one.product.blocked.size).toBe(0);
    expect(await effects(one)).toMatchObject([{ state: 'undone' }]);
  });

  it('is undone by the run that made it, step by step, and what another run of the case claims stays', async () => {
    const one = await world();
    const id = await caseNamed(one, 'two runs');
    await isolate(one, { run: 'r1', of: id });
    await isolate(one, { run: 'r2', of: id });
    const causality = occasionOf(one, 'x').causality;
    const release = (of: Parameters<World['door']['release']>[0]['of']) =>
      one.door.release({ of, reason: 'test', causality, now: one.clock.now() });
    expect(await release({ kind: 'step', run: 'r1', step: 'isolate' })).toMatchObject({ undone: [] });
    expect(await release({ kind: 'case', case: id })).toMatchObject({ undone: [expect.any(String)] });
  });

  it('does not end what was claimed after the case was opened again', async () => {
    const one = await world();
    const id = await caseNamed(one, 'again');
    await setStatus(one, id, 'closed');
    one.clock.advance(1);
    await setStatus(one, id, 'open');
    await isolate(one, { run: 'r1', of: id });
    await createLeaseKeeper({ context: one.context }).settle();
    expect(one.product.blocked.size).toBe(1);
  });

  it('ends a claim of a case that was opened, used and closed again while the first closing was worked off', async () => {
    const one = await world();
    const id = await caseNamed(one, 'again and again');
    await setStatus(one, id, 'closed');
    let meanwhile = async (): Promise<void> => {
      one.clock.advance(1);
      await setStatus(one, id, 'open');
      await isolate(one, { run: 'r1', of: id });
      await setStatus(one, id, 'closed');
    };
    const store: Store = {
      ...one.store,
      async commit(change) {
        const removes = change.rows?.some((write) => write.table === 'settings' && write.op === 'delete');
        const first = meanwhile;
        if (removes) meanwhile = async () => {};
        if (removes) await first();
        await one.store.commit(change);
      },
    };
    await createLeaseKeeper({ context: { ...one.context, store } }).settle();
    await createLeaseKeeper({ context: one.context }).settle();
    expect(one.product.blocked.size).toBe(0);
  });

  it('is noticed by the keeper at once, in the process that closes the case', async () => {
    const one = await world();
    const id = await caseNamed(one, 'watched');
    await isolate(one, { run: 'r1', of: id });
    const keeper = createLeaseKeeper({ context: one.context });
    await keeper.start();
    await setStatus(one, id, 'closed');
    one.clock.advance(0);
    await drain();
    expect(one.product.blocked.size).toBe(0);
    await keeper.stop();
  });

  it('ends in spite of a crash at any moment after the case was closed', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 2; at < 12; at++) {
        const one = await world();
        const [first, second] = [await caseNamed(one, 'first'), await caseNamed(one, 'second')];
        await isolate(one, { run: 'r1', of: first });
        await isolate(one, { run: 'r2', of: second });
        const firewall = { product: one.product, connector: one.context.connectors.get('firewall')! };
        const dying = await createWorld(crashingStore(one.store, at, when), { clock: one.clock, firewall });
        const steps = async () => {
          const keeper = createLeaseKeeper({ context: dying.context });
          await setStatus(dying, first, 'closed');
          await keeper.settle();
          await setStatus(dying, second, 'closed');
          await keeper.settle();
        };
        await steps().catch((error: unknown) => expect(error).toBeInstanceOf(Crash));
        const keeper = createLeaseKeeper({ context: one.context, alone: true });
        const over = async (id: string) => (await one.store.get('cases', id))?.status === 'closed';
        await keeper.start();
        expect([at, when, one.product.blocked.size]).toEqual([at, when, (await over(second)) ? 0 : 1]);
        await keeper.stop();
      }
    }
  });
});

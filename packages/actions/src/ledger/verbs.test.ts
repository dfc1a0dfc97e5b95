import { newCase, openCase } from '@counterpoint/cases';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createWorld, vendorError, type World } from '../testing/world.ts';
import { foreseeRelease } from '../undo/foresee-release.ts';
import { createLeaseKeeper } from '../undo/lease-keeper.ts';
import { checkDrift } from './check-drift.ts';
import { extendLease } from './extend-lease.ts';
import { readBack, type Settle } from './read-back.ts';
import { whyOf } from './why.ts';

const HOUR = 3_600_000;
const signal = new AbortController().signal;
const world = () => createWorld(createMemoryStore());
const noSettling: Settle = async () => {
  throw new Error('nothing to settle');
};

async function blocked(one: World, patch: Parameters<World['perform']>[0] = {}): Promise<string> {
  const outcome = await one.perform(patch);
  if (outcome.status !== 'succeeded') throw new Error(outcome.status);
  return outcome.effect ?? '';
}

const read = (one: World, id: string, settle = noSettling) =>
  readBack(one.context, id, settle, { principal: 'user:ann' }, signal);

const audits = async (one: World) => (await one.rows('audit')).map((row) => row.action);

describe('reading an effect back', () => {
  it('tells what is in force, what is gone and what nobody can tell, and writes drift down once', async () => {
    const one = await world();
    const id = await blocked(one);
    expect(await read(one, id)).toMatchObject({ finding: 'in_force' });
    one.product.blocked.clear();
    expect(await read(one, id)).toMatchObject({ finding: 'gone' });
    expect(await read(one, id)).toMatchObject({ finding: 'gone' });
    expect(await one.store.get('effects', id)).toMatchObject({ state: 'performed', error: { finding: 'gone' } });
    expect((await audits(one)).filter((action) => action === 'effect.drifted')).toHaveLength(1);
    one.product.blocked.add('203.0.113.7');
    expect(await read(one, id)).toMatchObject({ finding: 'in_force' });
    expect(await one.store.get('effects', id)).toMatchObject({ error: null });
    expect((await audits(one)).at(-1)).toBe('effect.in_force_again');
    one.product.will('list', vendorError('unavailable', 'no'));
    expect(await read(one, id)).toMatchObject({ finding: 'unclear' });
    const timed = await blocked(one, { action: 'block_for', input: { ip: '203.0.113.8' } });
    expect(await read(one, timed)).toMatchObject({
      finding: 'unclear',
      reason: expect.stringMatching(/declares no way/),
    });
  });

  it('tells when the product would end it before the ledger does', async () => {
    const one = await world();
    const id = await blocked(one);
    one.product.will(
      'list',
      () => ({ ips: ['203.0.113.7'], left: 3_600 }),
      () => ({ ips: ['203.0.113.7'], left: 600 }),
    );
    expect(await read(one, id)).toMatchObject({ finding: 'in_force' });
    expect(await read(one, id)).toMatchObject({ finding: 'changed' });
  });

  it('is written into the timeline of each case that claims the effect', async () => {
    const one = await world();
    const occasion = { key: 'c', causality: one.request().causality, now: one.clock.now() };
    await one.store.commit(openCase(occasion, { title: 'c' }));
    const { id: of } = newCase(occasion, { title: 'c' });
    const id = await blocked(one, { lease: undefined, whileCase: { case: of, max: undefined } });
    one.product.blocked.clear();
    await read(one, id);
    const entries = await one.store.find('case_entries', { where: { case_id: of, kind: 'effect' } });
    expect(entries).toMatchObject([{ text: expect.stringMatching(/fw1 block ipv4-addr:203.0.113.7: gone/) }]);
  });

  it('settles what nobody knew about by what the product says', async () => {
    const one = await world();
    one.product.will('isolate', vendorError('timeout', 'maybe'));
    const lost = await one.perform({ action: 'isolate', input: { host: 'pc7' } });
    const id = (lost as { effect: string }).effect;
    const said: unknown[] = [];
    const settle: Settle = async (row, what) => void said.push([row.id, what.happened]);
    expect(await read(one, id, settle)).toMatchObject({ finding: 'gone' });
    one.product.blocked.add('pc7');
    expect(await read(one, id, settle)).toMatchObject({ finding: 'in_force' });
    expect(said).toEqual([
      [id, false],
      [id, true],
    ]);
  });

  it('says so when there is nothing to read back any more', async () => {
    const one = await world();
    const id = await blocked(one);
    one.clock.advance(HOUR);
    await createLeaseKeeper({ context: one.context }).settle();
    expect(await read(one, id)).toMatchObject({ finding: 'over', reason: 'it is undone' });
  });

  it('goes round all containments, a part at a time', async () => {
    const one = await world();
    const ids: string[] = [];
    for (let n = 1; n <= 5; n++) ids.push(await blocked(one, { input: { ip: `203.0.113.${n}` } }));
    one.product.blocked.clear();
    const found: string[] = [];
    for (let round = 0; round < 3; round++) {
      found.push(...(await checkDrift(one.context, 2, signal)).map(({ effect }) => effect));
    }
    expect(found.sort()).toEqual(ids.sort());
    expect(await checkDrift(one.context, 10, signal)).toHaveLength(5);
  });
});

describe('extending a lease', () => {
  const extend = (one: World, effect: string, lease: number, holder = 'user:bob') =>
    extendLease(
      one.context,
      {
        effect,
        lease,
        reason: 'still needed',
        holder,
        permissions: one.request().permissions,
        causality: one.request().causality,
      },
      signal,
    );

  it('keeps the effect for longer, in the ledger and at the vendor, and is audited with its reason', async () => {
    const one = await world();
    const id = await blocked(one, { action: 'block_for', lease: HOUR });
    const after = await extend(one, id, 3 * HOUR);
    expect(after).toMatchObject({ lease_until: one.clock.now() + 3 * HOUR, args: { seconds: 10_800 } });
    expect(one.product.calls).toEqual(['block_for 203.0.113.7 3600', 'block_for 203.0.113.7 10800']);
    const last = (await one.rows('audit')).at(-1);
    expect(last).toMatchObject({ action: 'effect.lease_extended', data: { reason: 'still needed' } });
    one.clock.advance(2 * HOUR);
    await createLeaseKeeper({ context: one.context }).settle();
    expect(one.product.blocked.size).toBe(1);
  });

  it('never makes it shorter', async () => {
    const one = await world();
    const id = await blocked(one, { lease: 2 * HOUR });
    expect(await extend(one, id, HOUR, 'user:ann')).toMatchObject({ lease_until: one.clock.now() + 2 * HOUR });
  });

  it('is refused beyond what the policy allows, without the right to contain, and when it is over', async () => {
    const one = await world();
    const id = await blocked(one);
    await expect(extend(one, id, 1_000 * HOUR)).rejects.toMatchObject({ code: 'guard.lease_too_long' });
    const { causality } = one.request();
    const wish = {
      effect: id,
      lease: HOUR,
      reason: 'r',
      holder: 'user:eve',
      permissions: new Set<string>(),
      causality,
    };
    await expect(extendLease(one.context, wish, signal)).rejects.toMatchObject({ code: 'actions.forbidden' });
    one.clock.advance(HOUR);
    await createLeaseKeeper({ context: one.context }).settle();
    await expect(extend(one, id, HOUR)).rejects.toMatchObject({ code: 'actions.not_in_force' });
  });
});

describe('foreseeing a release', () => {
  it('says what would be undone and why the rest would stay, and changes nothing', async () => {
    const one = await world();
    const holder = 'run:r1/a';
    const gone = await blocked(one, { run: 'r1', address: 'a', holder });
    const shared = await blocked(one, { run: 'r1', address: 'b', holder, input: { ip: '203.0.113.8' } });
    await blocked(one, { holder: 'user:bob', input: { ip: '203.0.113.8' } });
    one.product.blocked.add('203.0.113.9');
    await blocked(one, { run: 'r1', address: 'c', holder, input: { ip: '203.0.113.9' } });
    const before = await one.rows('effects');
    const foreseen = await foreseeRelease(one.context, { kind: 'run', run: 'r1' });
    expect(new Map(foreseen.map(({ effect, reason }) => [effect.target, reason]))).toEqual(
      new Map([
        ['ipv4-addr:203.0.113.7', ''],
        ['ipv4-addr:203.0.113.8', 'still claimed by user:bob'],
        ['ipv4-addr:203.0.113.9', 'it was so before us'],
      ]),
    );
    expect(foreseen.map(({ released }) => released)).toEqual([[], [], [holder]]);
    expect(await one.rows('effects')).toEqual(before);
    const request = {
      of: { kind: 'run', run: 'r1' },
      reason: 'x',
      causality: one.request().causality,
      now: 0,
    } as const;
    const released = await one.door.release(request);
    expect(released.undone).toEqual([gone]);
    expect(released.kept).toContainEqual({ effect: shared, reason: 'still claimed by user:bob' });
    expect(await one.door.release(request)).toMatchObject({ undone: [], failed: [] });
  });

  it('tells who loses a change that is undone whoever else wants it', async () => {
    const one = await world();
    const effect = await blocked(one, { run: 'r1', address: 'a', holder: 'run:r1/a' });
    await blocked(one, { holder: 'user:bob' });
    const [foreseen] = await foreseeRelease(one.context, { kind: 'effect', effect });
    expect(foreseen).toMatchObject({ will: 'undo', reason: '', released: ['run:r1/a', 'user:bob'] });
  });
});

describe('why an effect is in force', () => {
  it('leads to the person who asked', async () => {
    const one = await world();
    const row = (await one.store.get('effects', await blocked(one)))!;
    expect(await whyOf(one.store, row)).toEqual([
      { ref: 'user:ann', title: 'user:ann asked for it directly', kind: 'person' },
    ]);
    const orphan = { ...row, run: 'gone', address: 'a' };
    expect(await whyOf(one.store, orphan)).toMatchObject([{ ref: 'run:gone/a' }]);
  });
});

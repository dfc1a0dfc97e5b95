import type { RunRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import type { ReleaseRequest } from '../door.ts';
import { createWorld, drain, lostAnswer, vendorError, type World } from '../testing/world.ts';
import { foreseeRelease } from './foresee-release.ts';
import { createLeaseKeeper } from './lease-keeper.ts';

const signal = new AbortController().signal;
const HOUR = 3_600_000;
const world = () => createWorld(createMemoryStore());
const causality = { principal: 'user:bob', trace: 'b'.repeat(32), cause: '', hop: 0 };

const block = (one: World, holder: string, patch: object = {}) => {
  const [run = '', address = ''] = holder.startsWith('run:') ? holder.slice(4).split('/') : [];
  return one.perform({ holder, run, address, ...patch });
};
const release = (one: World, of: ReleaseRequest['of']) =>
  one.door.release({ of, reason: 'no longer needed', causality, now: one.clock.now() });
const effects = async (one: World) => (await one.rows('effects')).filter((row) => row.undo_of === '');
const blocks = (one: World) => one.product.calls.filter((call) => call.startsWith('block'));
const unblocks = (one: World) => one.product.calls.filter((call) => call.startsWith('unblock'));

describe('several claims on one target', () => {
  it('act once, and undo when the last one ends', async () => {
    const one = await world();
    const first = await block(one, 'run:r1/block');
    const second = await block(one, 'run:r2/block', { input: { ip: '::ffff:203.0.113.7' } });
    expect(second).toMatchObject({ status: 'succeeded', effect: (first as { effect: string }).effect });
    expect(blocks(one)).toHaveLength(1);
    expect(await one.rows('claims')).toHaveLength(2);

    const kept = await release(one, { kind: 'run', run: 'r1' });
    expect(kept).toMatchObject({ undone: [], kept: [{ reason: 'still claimed by an earlier run, step block' }] });
    expect(one.product.blocked.size).toBe(1);
    expect(await release(one, { kind: 'run', run: 'r2' })).toMatchObject({
      undone: [expect.any(String)],
      kept: [],
      failed: [],
    });
    expect(one.product.blocked.size).toBe(0);
    expect(await effects(one)).toMatchObject([{ state: 'undone' }]);
  });

  it('wake the effect at the first end and keep it until the last', async () => {
    const one = await world();
    await block(one, 'run:r1/block', { lease: HOUR });
    await block(one, 'run:r2/block', { lease: 3 * HOUR });
    const start = one.clock.now();
    expect(await effects(one)).toMatchObject([{ wake_at: start + HOUR, lease_until: start + 3 * HOUR }]);
    const keeper = createLeaseKeeper({ context: one.context });
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'performed', wake_at: start + 3 * HOUR }]);
    one.clock.advance(2 * HOUR);
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'undone' }]);
  });

  it('of the same holder are one, with the later end', async () => {
    const one = await world();
    await block(one, 'run:r1/block', { lease: 2 * HOUR });
    await block(one, 'run:r1/block', { lease: HOUR });
    expect(await one.rows('claims')).toMatchObject([{ until: one.clock.now() + 2 * HOUR }]);
  });

  it('a claim without an end keeps the effect for good', async () => {
    const one = await world();
    await block(one, 'run:r1/block');
    const [row] = await one.rows('claims');
    await one.store.commit({
      rows: [{ op: 'insert', table: 'claims', row: { ...row!, id: 'c2', holder: 'case:c', until: null } }],
    });
    const keeper = createLeaseKeeper({ context: one.context });
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'performed', wake_at: null, lease_until: null }]);
    expect(await release(one, { kind: 'case', case: 'c' })).toMatchObject({ undone: [row!.effect] });
  });

  it('of runs that work for a case end with those of the case', async () => {
    const one = await world();
    const run = { id: 'r1', case_id: 'c', trace: 'a'.repeat(32), created_at: 1, rev: 1 } as unknown as RunRow;
    await one.store.commit({ runs: [{ op: 'create', row: run }] });
    await block(one, 'run:r1/block');
    await block(one, 'case:c');
    expect(await foreseeRelease(one.context, { kind: 'case', case: 'c' })).toMatchObject([{ will: 'undo' }]);
    expect(await release(one, { kind: 'case', case: 'c' })).toMatchObject({ undone: [expect.any(String)], kept: [] });
    expect(one.product.blocked.size).toBe(0);
  });

  it('at the same time: only one is first, the other joins it', async () => {
    const one = await world();
    const requests = ['r1', 'r2'].map((run) => one.request({ run, address: 'block', holder: `run:${run}/block` }));
    const [a, b] = await Promise.all(requests.map((request) => one.door.admit(request)));
    if (a?.kind !== 'send' || b?.kind !== 'send') throw new Error('not admitted');
    await one.store.commit(a.change);
    await expect(one.store.commit(b.change)).rejects.toMatchObject({ code: 'events.conflict' });
    const again = await one.door.admit(requests[1]!);
    if (again.kind !== 'settled' || again.outcome.status !== 'pending') throw new Error('not joining');
    const still = await one.door.poll(requests[1]!, again.outcome.poll, signal);
    expect(still).toMatchObject({ status: 'pending' });
    const outcome = await a.send(signal);
    await one.store.commit(outcome.change);
    const joined = await one.door.poll(requests[1]!, again.outcome.poll, signal);
    expect(joined).toMatchObject({ status: 'succeeded', effect: a.effect, output: { rule: 'r-203.0.113.7' } });
    expect(await release(one, { kind: 'run', run: 'r1' })).toMatchObject({ undone: [] });
    expect(one.product.blocked.size).toBe(1);
  });

  it('a joined effect that fails fails its joiner, who may try again and is then first', async () => {
    const one = await world();
    one.product.will('block', vendorError('unavailable', 'no'));
    const [r1, r2] = ['r1', 'r2'].map((run) => one.request({ run, address: 'block', holder: `run:${run}/block` }));
    const first = await one.door.admit(r1!);
    if (first.kind !== 'send') throw new Error('not admitted');
    await one.store.commit(first.change);
    const second = await one.door.admit(r2!);
    if (second.kind !== 'settled' || second.outcome.status !== 'pending') throw new Error('not joining');
    await one.store.commit((await first.send(signal)).change);
    expect(await one.door.poll(r2!, second.outcome.poll, signal)).toMatchObject({
      status: 'failed',
      retryable: true,
      performed: 'no',
    });
    expect(await one.door.perform(r2!, signal)).toMatchObject({ status: 'succeeded' });
    expect((await effects(one)).map((row) => row.state).sort()).toEqual(['failed', 'performed']);
  });

  it('many at once end in one block and one undo', async () => {
    const one = await world();
    const runs = Array.from({ length: 12 }, (_, index) => `r${index}`);
    const all = Promise.all(runs.map((run) => block(one, `run:${run}/block`)));
    for (let round = 0; round < 20; round++) {
      await drain();
      one.clock.advance(500);
    }
    for (const outcome of await all) expect(outcome).toMatchObject({ status: 'succeeded' });
    expect(blocks(one)).toHaveLength(1);
    await Promise.all(runs.map((run) => release(one, { kind: 'run', run })));
    expect(unblocks(one)).toHaveLength(1);
    expect(one.product.blocked.size).toBe(0);
  });
});

describe('a lease that the vendor knows', () => {
  it('is handed over in seconds and extended by acting again under the same effect', async () => {
    const one = await world();
    await block(one, 'run:r1/a', { action: 'block_for', lease: HOUR });
    await block(one, 'run:r2/a', { action: 'block_for', lease: HOUR / 2 });
    expect(blocks(one)).toEqual(['block_for 203.0.113.7 3600']);
    await block(one, 'run:r3/a', { action: 'block_for', lease: 2 * HOUR });
    expect(blocks(one)).toEqual(['block_for 203.0.113.7 3600', 'block_for 203.0.113.7 7200']);
    expect(await effects(one)).toMatchObject([{ args: { seconds: 7200 }, lease_until: one.clock.now() + 2 * HOUR }]);
    expect(await block(one, 'run:r4/a', { action: 'block_for', lease: 2 * HOUR })).toMatchObject({
      status: 'succeeded',
    });
    expect(blocks(one)).toHaveLength(2);
  });

  it('that cannot be extended leaves the effect to those who had it', async () => {
    const one = await world();
    await block(one, 'run:r1/a', { action: 'block_for', lease: HOUR });
    one.product.will('block_for', vendorError('unavailable', 'no'));
    expect(await block(one, 'run:r2/a', { action: 'block_for', lease: 2 * HOUR })).toMatchObject({
      status: 'failed',
      retryable: true,
    });
    const keeper = createLeaseKeeper({ context: one.context });
    one.clock.advance(HOUR);
    await keeper.settle();
    expect(await effects(one)).toMatchObject([{ state: 'undone' }]);
  });
});

describe('release', () => {
  it('of a step takes what lies within it and nothing else', async () => {
    const one = await world();
    const addresses = ['verdicts[0].block', 'verdicts[1].block', 'blocker', 'other'];
    for (const [index, address] of addresses.entries()) {
      await block(one, `run:r1/${address}`, { input: { ip: `203.0.113.${index}` } });
    }
    expect((await release(one, { kind: 'step', run: 'r1', step: 'block' })).undone).toHaveLength(2);
    expect([...one.product.blocked]).toEqual(['203.0.113.2', '203.0.113.3']);
    expect((await release(one, { kind: 'step', run: 'r1', step: 'verdicts' })).kept).toHaveLength(2);
    expect((await release(one, { kind: 'run', run: 'r' })).undone).toHaveLength(0);
    expect((await release(one, { kind: 'run', run: 'r1' })).undone).toHaveLength(2);
  });

  it('of an effect ends every claim on it', async () => {
    const one = await world();
    const first = await block(one, 'run:r1/a');
    await block(one, 'run:r2/a');
    const effect = (first as { effect: string }).effect;
    expect(await release(one, { kind: 'effect', effect })).toMatchObject({ undone: [effect] });
    await expect(release(one, { kind: 'effect', effect: 'nope' })).rejects.toMatchObject({
      code: 'actions.effect_not_found',
    });
  });

  it('says why something stays', async () => {
    const one = await world();
    one.product.blocked.add('203.0.113.7');
    await block(one, 'run:r1/a');
    await block(one, 'run:r1/b', { action: 'ticket', input: { text: 'x' }, lease: undefined });
    one.product.will('ticket', vendorError('timeout', 'maybe'));
    await block(one, 'run:r1/c', { action: 'ticket', input: { text: 'y' }, lease: undefined });
    const { undone, kept } = await release(one, { kind: 'run', run: 'r1' });
    expect(undone).toEqual([]);
    expect(kept.map((one_) => one_.reason).sort()).toEqual([
      'it was so before us',
      'nobody knows whether it happened',
      'the product knows no way to take it back',
    ]);
    expect(unblocks(one)).toEqual([]);
  });

  it('of what is under way undoes it when it has come about', async () => {
    const one = await world();
    const request = one.request({ run: 'r1', address: 'a', holder: 'run:r1/a' });
    const admission = await one.door.admit(request);
    if (admission.kind !== 'send') throw new Error('not admitted');
    await one.store.commit(admission.change);
    expect(await release(one, { kind: 'run', run: 'r1' })).toMatchObject({ kept: [{ reason: 'it is under way' }] });
    await one.store.commit((await admission.send(signal)).change);
    await createLeaseKeeper({ context: one.context }).settle();
    expect(one.product.blocked.size).toBe(0);
  });

  it('of what nobody knows about asks first, and undoes what had happened', async () => {
    const one = await world();
    one.product.will('block', lostAnswer(one.product, 'block'));
    one.product.will('list', () => ({ ips: [] }), vendorError('unavailable', 'no'));
    await block(one, 'run:r1/a');
    expect(await release(one, { kind: 'run', run: 'r1' })).toMatchObject({
      kept: [
        {
          reason: 'nobody knows whether it happened; it is undone as soon as the product says that it is in force',
        },
      ],
    });
    await createLeaseKeeper({ context: one.context }).settle();
    expect(one.product.blocked.size).toBe(0);
    expect(await effects(one)).toMatchObject([{ state: 'undone' }]);
  });
});

import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { connectionRow, createWorld, drain, vendorError, type World } from '../testing/world.ts';
import { createLeaseKeeper } from './lease-keeper.ts';

const HOUR = 3_600_000;
const world = () => createWorld(createMemoryStore());
const unblock = (one: World, patch: object = {}) =>
  one.perform({
    action: 'unblock',
    lease: undefined,
    holder: 'user:bob',
    causality: { principal: 'user:bob', trace: 'b'.repeat(32), cause: '', hop: 0 },
    ...patch,
  });
const blocks = async (one: World) => (await one.rows('effects')).filter((row) => row.action !== 'unblock');

describe('the inverse of an effect in force, asked for directly', () => {
  it('undoes the effect in the ledger and ends every claim on it', async () => {
    const one = await world();
    await one.perform({ holder: 'run:r1/a' });
    await one.perform({ holder: 'run:r2/a' });
    const by = await unblock(one);
    expect(by).toMatchObject({ status: 'succeeded' });
    expect(await blocks(one)).toMatchObject([{ state: 'undone', wake_at: null, ended_at: one.clock.now() }]);
    for (const claim of await one.rows('claims')) expect(claim.ended_at).toBe(one.clock.now());
    expect((await one.rows('audit')).filter((entry) => entry.action === 'effect.undone')).toMatchObject([
      { principal: 'user:bob', data: { by: `effect:${by.effect}`, claims: 2 } },
    ]);
    expect((await one.rows('effects')).find((row) => row.id === by.effect)).toMatchObject({ state: 'performed' });
  });

  it('leaves nothing for the keeper, and lets the target be blocked anew', async () => {
    const one = await world();
    const first = await one.perform({ action: 'block_for' });
    await unblock(one);
    one.clock.advance(HOUR);
    await createLeaseKeeper({ context: one.context }).settle();
    expect(one.product.calls.filter((call) => call.startsWith('unblock'))).toHaveLength(1);
    const second = await one.perform({ action: 'block_for' });
    expect(second).toMatchObject({ status: 'succeeded' });
    expect(second.effect).not.toBe(first.effect);
    expect(one.product.blocked.size).toBe(1);
  });

  it('leaves effects on other targets and through other connections alone, and all of them when it failed', async () => {
    const one = await world();
    await one.store.commit({ rows: [{ op: 'insert', table: 'connections', row: connectionRow({ id: 'fw2' }) }] });
    await one.perform({ connection: 'fw1' });
    one.product.will('unblock', vendorError('forbidden', 'no'));
    expect(await unblock(one, { connection: 'fw1' })).toMatchObject({ status: 'failed' });
    one.product.will(
      'unblock',
      () => ({}),
      () => ({}),
    );
    expect(await unblock(one, { connection: 'fw1', input: { ip: '203.0.113.8' } })).toMatchObject({
      status: 'succeeded',
    });
    expect(await unblock(one, { connection: 'fw2' })).toMatchObject({ status: 'succeeded' });
    expect(await blocks(one)).toMatchObject([{ state: 'performed' }]);
  });

  it('holds against a claim that is made at the same moment', async () => {
    const one = await world();
    await one.perform({ holder: 'run:r1/a' });
    const both = Promise.all([unblock(one), one.perform({ holder: 'run:r2/a' })]);
    await drain();
    expect((await both)[0]).toMatchObject({ status: 'succeeded' });
    const [row] = await blocks(one);
    const open = (await one.rows('claims')).filter((claim) => claim.effect === row?.id && claim.ended_at === null);
    expect(row).toMatchObject({ state: 'undone' });
    expect(open).toEqual([]);
  });
});

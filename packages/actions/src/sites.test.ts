import { ConnectorError } from '@counterpoint/connector-kit';
import type { EffectRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDoor } from './create-door.ts';
import { extendLease } from './ledger/extend-lease.ts';
import { resolveUnknown } from './resolve-unknown.ts';
import type { SiteCall, SiteExtension, Sites } from './sites.ts';
import { connectionRow, createWorld, type World } from './testing/world.ts';
import { createLeaseKeeper } from './undo/lease-keeper.ts';

const HOUR = 3_600_000;
const signal = new AbortController().signal;

let world: World;
let calls: SiteCall[];
let released: string[];
let extended: SiteExtension[];
let opened: number;
let sites: Sites;

beforeEach(async () => {
  opened = 0;
  const openSecret = async () => {
    opened += 1;
    return 'secret';
  };
  world = await createWorld(createMemoryStore(), { openSecret });
  [calls, released, extended] = [[], [], []];
  sites = {
    async perform(call) {
      calls.push(call);
      return { rule: 'r-1' };
    },
    async extend(extension) {
      extended.push(extension);
      return 42;
    },
    async release(effects) {
      released.push(...effects.map(({ id }) => id));
    },
  };
});

const bindToSite = () =>
  world.store.commit({
    rows: [{ op: 'put', table: 'connections', row: connectionRow({ site: 'plant', secrets: { token: 's1' } }) }],
  });
const causality = { principal: 'user:ann', trace: 'a'.repeat(32), cause: 'user:ann', hop: 0 };

/** An effect as it is copied from the ledger of an edge node. */
async function copied(patch: Partial<EffectRow> = {}): Promise<EffectRow> {
  const done = await world.door.perform(world.request({ key: 'k-copy' }), signal);
  expect(done.status).toBe('succeeded');
  const [row] = await world.rows('effects');
  const own = row as EffectRow;
  const copy = { ...own, id: 'copy', site: 'plant', wake_at: null, ...patch };
  const [claim] = await world.rows('claims');
  await world.store.commit({
    rows: [
      { op: 'delete', table: 'effects', id: own.id },
      { op: 'delete', table: 'claims', id: claim?.id ?? '' },
      { op: 'put', table: 'effects', row: copy },
    ],
  });
  return copy;
}

describe('a connection that an edge node calls', () => {
  it('is called there, with the ledger here, and its secrets stay closed', async () => {
    await bindToSite();
    const door = createDoor({ ...world.context, sites });
    const done = await door.perform(world.request(), signal);
    expect(done).toMatchObject({ status: 'succeeded', output: { rule: 'r-1' } });
    expect(calls).toMatchObject([{ action: 'list' }, { site: 'plant', connector: 'firewall', action: 'block' }]);
    expect(world.product.calls).toEqual([]);
    expect(opened).toBe(0);
    expect(await world.rows('effects')).toMatchObject([{ state: 'performed', site: '' }]);
  });

  it('is not called from here when nothing reaches it', async () => {
    await bindToSite();
    const done = await world.door.perform(world.request(), signal);
    expect(done).toMatchObject({ status: 'failed', retryable: true, error: { code: 'connector.unavailable' } });
    expect(world.product.calls).toEqual([]);
  });

  it('may be tried again when the node was away', async () => {
    await bindToSite();
    const away = new ConnectorError('unavailable', { connector: 'Firewall', reason: 'away' }, { performed: 'no' });
    const door = createDoor({ ...world.context, sites: { ...sites, perform: () => Promise.reject(away) } });
    expect(await door.perform(world.request(), signal)).toMatchObject({ status: 'failed', retryable: true });
  });
});

describe('the copy of an effect of an edge node', () => {
  it('is undone there when it is asked for here', async () => {
    const { id } = await copied();
    const door = createDoor({ ...world.context, sites });
    const asked = { of: { kind: 'effect', effect: id }, reason: 'wrong', causality, now: world.clock.now() } as const;
    const result = await door.release(asked);
    expect(result).toMatchObject({
      undone: [],
      failed: [],
      kept: [{ effect: id, reason: expect.stringMatching(/plant/) }],
    });
    expect(released).toEqual([id]);
    expect(world.product.blocked.size).toBe(1);
  });

  it('is not looked after by the lease keeper here', async () => {
    await copied({ wake_at: world.clock.now(), state: 'undoing' });
    const keeper = createLeaseKeeper({ context: world.context, alone: true });
    await keeper.start();
    world.clock.advance(HOUR * 1_000);
    await keeper.settle();
    await keeper.stop();
    expect(world.product.blocked.size).toBe(1);
  });

  it('is not settled here: the ledger is that of the node', async () => {
    const { id } = await copied({ state: 'unknown' });
    await expect(resolveUnknown(world.context, { effect: id, happened: true, causality })).rejects.toEqual(
      expect.objectContaining({ code: 'actions.effect_elsewhere' }),
    );
  });

  it('is extended there, for who may', async () => {
    const { id } = await copied();
    const context = { ...world.context, sites };
    const permissions = new Set(['action:contain', 'connection:use']);
    const wish = { effect: id, lease: HOUR, reason: 'r', holder: 'user:ann', permissions, causality };
    expect(await extendLease(context, wish, signal)).toMatchObject({ id, lease_until: 42 });
    expect(extended).toMatchObject([{ site: 'plant', effect: id, lease: HOUR, holder: 'user:ann' }]);
    const nobody = extendLease(context, { ...wish, permissions: new Set() }, signal);
    await expect(nobody).rejects.toEqual(expect.objectContaining({ code: 'actions.forbidden' }));
    expect(extended).toHaveLength(1);
  });

  it('does not stand in the way of an effect of our own', async () => {
    const { id } = await copied();
    const done = await world.door.perform(world.request({ key: 'k-own' }), signal);
    expect(done).toMatchObject({ status: 'succeeded' });
    expect((await world.rows('effects')).filter((row) => row.id !== id)).toMatchObject([
      { state: 'performed', site: '' },
    ]);
  });
});

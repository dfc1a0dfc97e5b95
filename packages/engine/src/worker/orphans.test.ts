import { createDoor, createDoorContext, createGuard, createLeaseKeeper, loadPolicy } from '@counterpoint/actions';
import type { ActionManifest, Connector } from '@counterpoint/connector-kit';
import { defaultLimits, type ManualClock, manualClock } from '@counterpoint/core';
import type { EffectRow, Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createPlanSource } from '../playbooks/plan-source.ts';
import { createMortalStore, type Death } from '../testing/mortal-store.ts';
import { createRig, playbookText, settled } from '../testing/rig.ts';
import { createOpenStepCheck } from './open-step.ts';

const open = '$' + '{{';
const host = { type: 'object', properties: { host: { type: 'string' } }, required: ['host'] } as const;
const contain = { effect: 'contain', input: host, output: { type: 'object' }, target: '"host:" + input.host' } as const;
const actions: Record<string, ActionManifest> = {
  isolate: {
    ...contain,
    title: 'Isolate a host',
    idempotent: false,
    inverse: { action: 'reconnect', with: { host: `${open} input.host }}` } },
    verify: { action: 'isolated', with: {}, holds: 'output.hosts.exists(one, one == input.host)' },
  },
  reconnect: { title: 'Reconnect it', effect: 'change', idempotent: true, input: host, output: { type: 'object' } },
  order: { title: 'Order one', effect: 'change', idempotent: false, input: host, output: { type: 'object' } },
  isolated: {
    title: 'Isolated hosts',
    effect: 'read',
    idempotent: true,
    input: { type: 'object' },
    output: { type: 'object', properties: { hosts: { type: 'array' } }, required: ['hosts'] },
  },
};

/** A product whose answers to what changes something never come in time. */
function createProduct() {
  const isolated = new Set<string>();
  const calls: string[] = [];
  const manifest = { id: 'fake', title: 'F', vendor: 'A', description: 'F', version: '1.0.0', actions };
  const connector: Connector = {
    manifest: { ...manifest, documentation: 'https://acme.example/docs' } as Connector['manifest'],
    async perform(action, { input, signal }) {
      if (action === 'isolated') return { hosts: [...isolated] };
      calls.push(action);
      if (action === 'reconnect') {
        isolated.delete(String(input.host));
        return {};
      }
      if (action === 'isolate') isolated.add(String(input.host));
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return {};
    },
  };
  return { isolated, calls, connector };
}

/** One process: engine, door and keeper on a store. */
async function start(store: Store, clock: ManualClock, connector: Connector) {
  const policy = loadPolicy(
    'kind: policy/v1\nprotected: { own: [addresses] }\nwidest_prefix: { ipv4: 24, ipv6: 48 }\nlease: { max: 30d }\napproval: { effects: [destroy] }\n',
  );
  const never = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
  const network = () => ({ addresses: [], gateways: [], resolvers: [] });
  const guard = createGuard({ store, clock, policy: () => policy, network, resolve: never });
  const parts = { store, clock, guard, limits: defaultLimits, connectors: [connector], openSecret: never };
  const context = createDoorContext({ ...parts, egress: () => ({ request: never }) });
  const permissions = new Set(['action:contain', 'action:change', 'connection:use']);
  const plans = createPlanSource({ store, permissionsOf: async () => permissions });
  const rig = await createRig(store, { clock, door: createDoor(context), plans });
  const stepIsOpen = createOpenStepCheck({ store, clock, version: 'test' });
  const keeper = createLeaseKeeper({ context, stepIsOpen });
  void keeper.start();
  return { rig, keeper };
}

const ACT = (action: string) => {
  const lease = action === 'isolate' ? ', lease: { for: 1h }' : '';
  return `{ id: act, action: fake.${action}, with: { host: pc7 }, timeout: 1m${lease} }`;
};

/** Ways in which a step ends while its call is under way. */
const ways: Record<string, (action: string) => string> = {
  'the loser of a race': (action) => `  - id: race
    parallel:
      slow: [${ACT(action)}]
      fast: [{ id: pause, wait: { for: 5s } }]
    join: any
  - { id: then, wait: { for: 2h } }`,
  'a block whose time is over': (action) => `  - id: block
    try: [${ACT(action)}]
    catch: [{ do: [{ id: caught, set: { v: 1 } }] }]
    timeout: 5s
  - { id: then, wait: { for: 2h } }`,
  'a cancelled run': (action) => `  - ${ACT(action)}`,
  'a step that stays open': (action) => `  - ${ACT(action)}`,
};

async function live(way: string, action: string, death: Death) {
  const inner = createMemoryStore();
  const clock = manualClock();
  const { isolated, calls, connector } = createProduct();
  const fixed = {
    config: {},
    secrets: {},
    allowed_hosts: [],
    network: 'lab',
    simulated: true,
    enabled: true,
    site: '',
  } as const;
  const row = { ...fixed, id: 'edr', connector: 'fake', title: 'F', created_at: 1, updated_at: 1, rev: 1 };
  await inner.commit({ rows: [{ op: 'insert', table: 'connections', row }] });
  const setup = await createRig(inner, { clock });
  await setup.publish(playbookText((ways[way] as (action: string) => string)(action)));
  await setup.engine.stop();
  const mortal = createMortalStore(inner, death);
  const born = await Promise.race([start(mortal, clock, connector), settled().then(() => undefined)]);
  if (born) {
    void born.rig.run();
    await born.rig.settle(2_000);
    const [run] = await inner.find('runs', {});
    if (way === 'a cancelled run' && run && !mortal.dead) void born.rig.engine.cancel(run.id, 'user:ada', 'enough');
    for (let turn = 0; turn < 5 && !mortal.dead; turn++) await born.rig.settle(2_000);
  }
  const died = mortal.dead;
  const next = await start(inner, clock, connector);
  for (let minute = 0; minute < 5; minute++) await next.rig.settle(60_000);
  const soon = await effectOf(inner);
  for (let step = 0; step < 18; step++) await next.rig.settle(600_000);
  await next.keeper.stop();
  return { died, soon, late: await effectOf(inner), isolated, calls };
}

async function effectOf(store: Store): Promise<EffectRow | undefined> {
  return (await store.find('effects', { where: { undo_of: '' } }))[0];
}

const deaths = Array.from({ length: 10 }, (_, index) => index + 1).flatMap((commit) => [
  { commit, durable: false },
  { commit, durable: true },
]);

describe.each(Object.keys(ways))('engine: death at any commit around %s', (way) => {
  it('keeps what happened for its lease and no longer', async () => {
    let undone = 0;
    for (const death of deaths) {
      const { soon, late, isolated, calls } = await live(way, 'isolate', death);
      const label = `${death.commit} ${death.durable}`;
      if (calls.includes('isolate') && way !== 'a step that stays open')
        expect([label, soon?.state]).toEqual([label, 'performed']);
      if (late) expect([label, ['undone', 'failed'].includes(late.state)]).toEqual([label, true]);
      expect([label, [...isolated]]).toEqual([label, []]);
      expect(calls.filter((call) => call === 'isolate').length).toBeLessThanOrEqual(1);
      if (late?.state === 'undone') undone += 1;
    }
    expect(undone).toBeGreaterThan(0);
  });

  it('leaves what nobody can find out to a person, and repeats nothing', async () => {
    let unknown = 0;
    for (const death of deaths) {
      const { late, calls } = await live(way, 'order', death);
      if (late) expect([death, late.state]).toEqual([death, 'unknown']);
      expect(calls.length).toBeLessThanOrEqual(1);
      if (late) unknown += 1;
    }
    expect(unknown).toBeGreaterThan(0);
  });
});

describe('engine: whether a step is open', () => {
  it('is so under its present key, as long as it has not ended', async () => {
    const store = createMemoryStore();
    const rig = await createRig(store, {
      product: { behave: () => ({ unknown: true }), reconcile: () => ({ unknown: true }) },
    });
    await rig.publish(playbookText('  - { id: a, action: fake.change }'));
    const run = await rig.run();
    await rig.settle(1_000);
    const isOpen = createOpenStepCheck({ store, clock: rig.clock, version: 'test' });
    const effect = (await effectOf(store)) as EffectRow;
    expect(effect.run).toBe(run);
    expect(await isOpen(effect)).toBe(true);
    expect(await isOpen({ ...effect, address: 'b' })).toBe(false);
    expect(await isOpen({ ...effect, run: 'other' })).toBe(false);
    await rig.engine.operate.retry(
      run,
      { address: 'a', evenIfUnknown: true },
      { principal: 'user:ada', reason: 'again' },
    );
    expect(await isOpen(effect)).toBe(false);
    expect(await isOpen({ ...effect, generation: 1 })).toBe(true);
    await rig.engine.cancel(run, 'user:ada', 'enough');
    await rig.settle(1_000);
    expect(await isOpen({ ...effect, generation: 1 })).toBe(false);
  });
});

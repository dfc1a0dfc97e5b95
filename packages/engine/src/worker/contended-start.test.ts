import { createDoor, createDoorContext, createGuard, type Door, loadPolicy } from '@counterpoint/actions';
import type { ActionManifest, Connector } from '@counterpoint/connector-kit';
import { defaultLimits, manualClock } from '@counterpoint/core';
import { type EventEnvelope, eventErrors, type Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createPlanSource } from '../playbooks/plan-source.ts';
import { createFakeDoor } from '../testing/fake-door.ts';
import { createRig, playbookText, type Rig } from '../testing/rig.ts';

/** A store in which somebody else is first on the next `times` effects, and only on effects. */
function createContendedStore(times: number) {
  const store = createMemoryStore();
  const contended = { left: times };
  const commit: Store['commit'] = async (change) => {
    const effect = change.rows?.find((write) => write.table === 'effects');
    if (effect && contended.left > 0) {
      contended.left -= 1;
      throw eventErrors.conflict({ id: 'e1', table: 'effects' });
    }
    await store.commit(change);
  };
  return { store: { ...store, commit } satisfies Store, contended };
}

const block = '  - { id: a, action: fake.block }';
const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: '', hop: 0 };

const statuses = async ({ store }: Rig) => (await store.find('runs', {})).map((run) => run.status);

describe('engine: a start whose first effect meets with a conflict', () => {
  it.each([1, 2, 5])('begins all the same after %i conflicts, and sends once', async (times) => {
    const { store, contended } = createContendedStore(times);
    const rig = await createRig(store);
    await rig.publish(playbookText(block));
    const run = await rig.run();
    await rig.settle(10_000, 8);
    expect(contended.left).toBe(0);
    expect(await store.get('runs', run)).toMatchObject({ status: 'succeeded' });
    expect(rig.door.sent).toHaveLength(1);
    expect(rig.finished).toHaveLength(1);
    expect(rig.problems).toEqual([]);
    expect(rig.engine.stats()).toEqual({ active: 0, queued: 0 });
  });

  it('gives the outputs to those who wait for the end', async () => {
    const rig = await createRig(createContendedStore(2).store);
    await rig.publish(playbookText(block, 'outputs: { v: 1 }'));
    const trigger = { kind: 'manual', id: 'm', key: '1' } as const;
    const wait = rig.engine.startRunAndWait({ playbook: 'p', trigger, event: null, causality });
    await rig.settle(10_000, 5);
    expect(await wait).toMatchObject({ existing: false, finished: { status: 'succeeded', outputs: { v: 1 } } });
  });

  it('starts one run of the same trigger and key', async () => {
    const rig = await createRig(createContendedStore(3).store);
    await rig.publish(playbookText(block));
    const trigger = { kind: 'manual', id: 'm', key: 'same' } as const;
    const request = { playbook: 'p', trigger, event: null, causality } as const;
    const started = await Promise.all([1, 2, 3].map(() => rig.engine.startRun(request)));
    await rig.settle(10_000, 8);
    expect(new Set(started.map(({ run }) => run)).size).toBe(1);
    expect(started.map(({ existing }) => existing)).toEqual([false, true, true]);
    expect(await statuses(rig)).toEqual(['succeeded']);
    expect(rig.door.sent).toHaveLength(1);
  });

  it('loses no run of an event, and calls nothing twice', async () => {
    const rig = await createRig(createContendedStore(2).store);
    await rig.publish(playbookText(block).replace('{ manual: {} }', '{ topic: alert.created.v1 }'));
    const envelope = {
      id: 'ev1',
      type: 'alert.created.v1',
      data: {},
      ...causality,
    } as unknown as EventEnvelope;
    expect(await rig.engine.handleEvent(envelope)).toMatchObject([{ existing: false }]);
    await rig.settle(10_000, 5);
    expect(await rig.engine.handleEvent(envelope)).toMatchObject([{ existing: true }]);
    expect(await statuses(rig)).toEqual(['succeeded']);
    expect(rig.door.sent).toHaveLength(1);
  });

  it('calls one run and decides anew on what its own turn had found out', async () => {
    const rig = await createRig(createContendedStore(3).store);
    await rig.publish(playbookText(block).replace('id: p', 'id: c'));
    const gone = '{ id: t, try: [{ id: gone, call: gone }], catch: [{ do: [{ id: v, set: { v: 1 } }] }] }';
    await rig.publish(
      playbookText(
        `  - id: both\n    parallel: { l: [${block.trim().slice(2)}], r: [{ id: sub, call: c, detach: true }], x: [${gone}] }`,
      ),
    );
    await rig.run();
    await rig.settle(10_000, 8);
    expect(await statuses(rig)).toEqual(['succeeded', 'succeeded']);
    expect(new Set(rig.door.sent.map(({ key }) => key)).size).toBe(2);
    expect(rig.door.sent).toHaveLength(2);
    expect(rig.door.reconciled).toEqual([]);
  });

  it('asks the door anew when what it had settled without sending was not written, and reconciles nothing', async () => {
    const { store } = createContendedStore(3);
    const fake = createFakeDoor({ store });
    let admissions = 0;
    const admit: Door['admit'] = async (request) => {
      const admission = await fake.admit(request);
      admissions += 1;
      // Joined at first; what was joined is gone when it is asked for the third time.
      if (admissions > 2 || admission.kind !== 'send') return admission;
      const { change, effect } = admission;
      return { kind: 'settled', outcome: { status: 'succeeded', output: {}, effect, change } };
    };
    const door = { ...fake, admit };
    const rig = await createRig(store, { door });
    await rig.publish(playbookText(block));
    await rig.run();
    await rig.settle(10_000, 8);
    expect(await statuses(rig)).toEqual(['succeeded']);
    expect(admissions).toBe(4);
    expect(fake.reconciled).toEqual([]);
    expect(fake.sent).toHaveLength(1);
  });
});

const ip = { type: 'object', properties: { ip: { type: 'string' } }, required: ['ip'] } as const;
const actions: Record<string, ActionManifest> = {
  block: {
    title: 'Block an address',
    effect: 'contain',
    idempotent: true,
    input: ip,
    output: { type: 'object' },
    target: '"ipv4-addr:" + input.ip',
    inverse: { action: 'unblock', with: { ip: '$' + '{{ input.ip }}' } },
  },
  unblock: { title: 'Unblock it', effect: 'change', idempotent: true, input: ip, output: { type: 'object' } },
};

/** The door of the product before a firewall that counts its calls. */
async function createRealDoor(store: Store, clock: ReturnType<typeof manualClock>) {
  const calls: string[] = [];
  const manifest = { id: 'fake', title: 'F', vendor: 'A', description: 'F', version: '1.0.0', actions };
  const connector: Connector = {
    manifest: { ...manifest, documentation: 'https://acme.example/docs' } as Connector['manifest'],
    async perform(action) {
      calls.push(action);
      return {};
    },
  };
  const row = { id: 'fw1', connector: 'fake', title: 'F', config: {}, secrets: {}, network: 'lab', allowed_hosts: [] };
  const more = { simulated: true, enabled: true, site: '', created_at: 1, updated_at: 1, rev: 1 } as const;
  await store.commit({ rows: [{ op: 'insert', table: 'connections', row: { ...row, ...more, network: 'lab' } }] });
  const policy = loadPolicy(
    'kind: policy/v1\nprotected: { own: [addresses] }\nwidest_prefix: { ipv4: 24, ipv6: 48 }\nlease: { max: 30d }\napproval: { effects: [destroy] }\n',
  );
  const never = () => Promise.reject(new Error('not in this test'));
  const network = () => ({ addresses: [], gateways: [], resolvers: [] });
  const guard = createGuard({ store, clock, policy: () => policy, network, resolve: never });
  const egress = () => ({ request: never });
  const parts = { store, clock, guard, limits: defaultLimits, connectors: [connector], egress, openSecret: never };
  const door: Door = createDoor(createDoorContext(parts));
  return { calls, door };
}

describe('engine: three starts at once that contain the same target', () => {
  it('each have a run of their own that succeeds, and the target is contained once', async () => {
    const store = createMemoryStore();
    const clock = manualClock();
    const { calls, door } = await createRealDoor(store, clock);
    const permissions = new Set(['action:contain', 'action:change', 'connection:use']);
    const plans = createPlanSource({ store, permissionsOf: async () => permissions });
    const rig = await createRig(store, { clock, door, plans });
    await rig.publish(playbookText('  - { id: a, action: fake.block, with: { ip: 203.0.113.7 }, lease: { for: 1h } }'));
    const runs = await Promise.all([rig.run(), rig.run(), rig.run()]);
    await rig.settle(1_000, 20);
    expect(new Set(runs).size).toBe(3);
    expect(rig.finished.map(({ run, status, error }) => [run, status, error])).toEqual(
      expect.arrayContaining(runs.map((run) => [run, 'succeeded', null])),
    );
    expect(await statuses(rig)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(calls).toEqual(['block']);
    expect(await store.count('effects')).toBe(1);
    expect(await store.count('claims')).toBe(3);
  });
});

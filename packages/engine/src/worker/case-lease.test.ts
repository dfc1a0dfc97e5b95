import { createDoor, createDoorContext, createGuard, createLeaseKeeper, loadPolicy } from '@counterpoint/actions';
import { setCaseStatus } from '@counterpoint/cases';
import type { ActionManifest, Connector } from '@counterpoint/connector-kit';
import { defaultLimits, type ManualClock, manualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { createPlanSource } from '../playbooks/plan-source.ts';
import { createRig, playbookText, type Rig } from '../testing/rig.ts';

const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: 'user:ada', hop: 0 };
const host = { type: 'object', properties: { host: { type: 'string' } }, required: ['host'] } as const;
const actions: Record<string, ActionManifest> = {
  isolate: {
    title: 'Isolate a host',
    effect: 'contain',
    idempotent: true,
    input: host,
    output: { type: 'object' },
    target: '"host:" + input.host',
    inverse: { action: 'reconnect', with: { host: '$' + '{{ input.host }}' } },
  },
  reconnect: { title: 'Reconnect it', effect: 'change', idempotent: true, input: host, output: { type: 'object' } },
};

/** An engine before the door of the product, and a host agent that keeps its own list. */
async function range(store: Store, clock: ManualClock) {
  const isolated = new Set<string>();
  const manifest = { id: 'fake', title: 'F', vendor: 'A', description: 'F', version: '1.0.0', actions };
  const connector: Connector = {
    manifest: { ...manifest, documentation: 'https://acme.example/docs' } as Connector['manifest'],
    async perform(action, { input }) {
      if (action === 'isolate') isolated.add(String(input.host));
      else isolated.delete(String(input.host));
      return {};
    },
  };
  const row = { id: 'edr', connector: 'fake', title: 'F', config: {}, secrets: {}, allowed_hosts: [] };
  const more = { network: 'lab', simulated: true, enabled: true, created_at: 1, updated_at: 1, rev: 1 } as const;
  await store.commit({ rows: [{ op: 'insert', table: 'connections', row: { ...row, ...more } }] });
  const policy = loadPolicy(
    'kind: policy/v1\nprotected: { own: [addresses] }\nwidest_prefix: { ipv4: 24, ipv6: 48 }\nlease: { max: 30d }\napproval: { effects: [destroy] }\n',
  );
  const never = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
  const network = () => ({ addresses: [], gateways: [], resolvers: [] });
  const guard = createGuard({ store, clock, policy: () => policy, network, resolve: never });
  const parts = { store, clock, guard, limits: defaultLimits, connectors: [connector], openSecret: never };
  const context = createDoorContext({ ...parts, egress: () => ({ request: never }) });
  const permissions = new Set(['action:contain', 'action:change', 'connection:use', 'case:write', 'case:read']);
  const plans = createPlanSource({ store, permissionsOf: async () => permissions });
  const rig = await createRig(store, { clock, door: createDoor(context), plans });
  const keeper = createLeaseKeeper({ context });
  const close = async (id: string) => {
    const occasion = { key: `close ${id}`, causality, now: clock.now() };
    await store.commit(setCaseStatus(occasion, (await store.get('cases', id))!, 'closed'));
    await keeper.settle();
  };
  return { rig, isolated, close };
}

const ISOLATE = playbookText(`  - { id: open, action: case.open, with: { title: Infected } }
  - { id: isolate, action: fake.isolate, with: { host: pc7 }, lease: { while: case_open } }`);

async function finished(rig: Rig): Promise<void> {
  await rig.settle(1_000, 5);
  for (const one of rig.finished) expect([one.status, one.error]).toEqual(['succeeded', null]);
}

describe('engine: a lease while the case of the run is open', () => {
  it('two runs with a case each isolate one host: it stays isolated until the second case is closed', async () => {
    const store = createMemoryStore();
    const { rig, isolated, close } = await range(store, manualClock());
    await rig.publish(ISOLATE);
    await rig.run();
    await rig.run();
    await finished(rig);
    const runs = await store.find('runs', {});
    const [first, second] = runs.map((run) => run.case_id ?? '') as [string, string];
    expect(new Set([first, second]).size).toBe(2);
    await close(first);
    expect([...isolated]).toEqual(['pc7']);
    await close(second);
    expect([...isolated]).toEqual([]);
  });

  it('a run without a case is told to open one, and acts on nothing', async () => {
    const { rig, isolated } = await range(createMemoryStore(), manualClock());
    await rig.publish(
      playbookText('  - { id: a, action: fake.isolate, with: { host: pc7 }, lease: { while: case_open } }'),
    );
    await rig.run();
    await rig.settle(1_000, 3);
    expect(rig.finished).toMatchObject([{ status: 'failed', error: { code: 'engine.no_case' } }]);
    expect([...isolated]).toEqual([]);
  });

  it('the case is that of the trigger, and a called playbook works for the case of its caller', async () => {
    const store = createMemoryStore();
    const { rig, isolated, close } = await range(store, manualClock());
    const step = '  - { id: a, action: fake.isolate, with: { host: pc7 }, lease: { while: case_open } }';
    await rig.publish(playbookText(step).replace('id: p\n', 'id: inner\n'));
    await rig.publish(playbookText('  - { id: c, call: inner }'));
    const opened = 'case-1';
    const trigger = { kind: 'case', id: 'case', key: 'e1' } as const;
    const event = { case: { id: opened, title: 'Infected' }, change: 'opened' };
    const row = { ...causality, id: opened, title: 'Infected', status: 'open', severity: 0, owner: null, summary: '' };
    const more = { verdict: 'unknown', simulated: false, created_at: 1, updated_at: 1, closed_at: null, rev: 1 };
    await store.commit({ rows: [{ op: 'insert', table: 'cases', row: { ...row, ...more } as never }] });
    await rig.engine.startRun({ playbook: 'p', trigger, event, causality });
    await finished(rig);
    expect((await store.find('runs', {})).map((run) => run.case_id)).toEqual([opened, opened]);
    expect([...isolated]).toEqual(['pc7']);
    await close(opened);
    expect([...isolated]).toEqual([]);
  });
});

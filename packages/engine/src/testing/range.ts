import { createDoor, createDoorContext, createGuard, createLeaseKeeper, loadPolicy } from '@counterpoint/actions';
import { setCaseStatus } from '@counterpoint/cases';
import type { ActionManifest, Connector } from '@counterpoint/connector-kit';
import { defaultLimits, type ManualClock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createPlanSource } from '../playbooks/plan-source.ts';
import { createRig } from './rig.ts';

/** Who acts in a range, and why. */
export const causality = { principal: 'user:ada', trace: 'a'.repeat(32), cause: 'user:ada', hop: 0 };
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

/** An engine before the door of the product, and a host agent (`fake`) that keeps its own list of isolated hosts. */
export async function createRange(store: Store, clock: ManualClock) {
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
  const more = {
    network: 'lab',
    simulated: true,
    enabled: true,
    site: '',
    created_at: 1,
    updated_at: 1,
    rev: 1,
  } as const;
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
    const row = await store.get('cases', id);
    if (!row) throw new Error(`no case ${id}`);
    const occasion = { key: `close ${id}`, causality, now: clock.now() };
    await store.commit(setCaseStatus(occasion, row, 'closed'));
    await keeper.settle();
  };
  return { rig, isolated, close };
}

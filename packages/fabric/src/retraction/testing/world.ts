import { createDoor, createDoorContext, createGuard, type DoorContext, loadPolicy } from '@counterpoint/actions';
import type { Connector, ConnectorManifest } from '@counterpoint/connector-kit';
import { defaultLimits, type JsonObject, type ManualClock, manualClock } from '@counterpoint/core';
import { type Causality, type EventEnvelope, newEvent, type RunRow, type Store } from '@counterpoint/events';
import { aRun } from '@counterpoint/events/conformance';
import { permissionsOfRole } from '@counterpoint/identity';

/** The trace that everything in a {@link RetractionWorld} belongs to. */
export const TRACE = '4'.repeat(32);

const POLICY = `kind: policy/v1
protected: { own: [], addresses: [], names: [], domains: [], accounts: [] }
widest_prefix: { ipv4: 24, ipv6: 48 }
lease: { max: 30d }
`;

const object = { type: 'object' };
const action = (title: string, more: JsonObject = {}) => ({
  title,
  effect: 'contain',
  idempotent: true,
  input: object,
  output: object,
  target: '"ipv4-addr:" + input.ip',
  ...more,
});

const manifest = {
  id: 'firewall',
  title: 'Firewall',
  vendor: 'Test',
  description: 'Blocks addresses.',
  version: '1.0.0',
  documentation: 'https://docs.example',
  connection: object,
  actions: {
    block: action('Block', { inverse: { action: 'unblock', with: { ip: `$\{{ input.ip }}` } } }),
    unblock: action('Unblock', { effect: 'change' }),
  },
} as unknown as ConnectorManifest;

/** A store with a firewall behind a real door. */
export interface RetractionWorld {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly context: DoorContext;
  /** What the firewall blocks now. */
  readonly blocked: Set<string>;
  /** Writes down an event, and gives its id. */
  event(topic: string, participant: string, data: JsonObject, cause?: string): Promise<EventEnvelope>;
  /** A run that has not ended. */
  run(id: string, cause: string, status?: RunRow['status']): Promise<void>;
  /** An event that is held for a reaction. */
  hold(id: string, event: string): Promise<void>;
  /** Blocks an address because of something. @param holder who claims it */
  block(ip: string, cause: string, holder?: string): Promise<void>;
}

/** Who and why, for what `cause` brings about in a {@link RetractionWorld}. */
export const because = (cause: string, principal = 'system'): Causality => ({
  principal,
  trace: TRACE,
  cause,
  hop: 0,
});

function firewall(blocked: Set<string>): Connector {
  return {
    manifest,
    async perform(name, { input }) {
      if (name === 'block') blocked.add(String(input.ip));
      else blocked.delete(String(input.ip));
      return {};
    },
  };
}

async function makeContext(store: Store, clock: ManualClock, blocked: Set<string>): Promise<DoorContext> {
  const about = { title: 'FW', config: {}, secrets: {}, network: 'lab', allowed_hosts: [], simulated: true } as const;
  const row = {
    id: 'fw',
    connector: 'firewall',
    ...about,
    enabled: true,
    site: '',
    created_at: 1,
    updated_at: 1,
    rev: 1,
  };
  await store.commit({ rows: [{ op: 'insert', table: 'connections', row }] });
  const policy = loadPolicy(POLICY);
  if (!policy.ok) throw new Error(JSON.stringify(policy.findings));
  const network = () => ({ addresses: [], gateways: [], resolvers: [] });
  const guard = createGuard({ store, clock, policy: () => policy, network, resolve: async () => [] });
  return createDoorContext({
    store,
    clock,
    guard,
    limits: defaultLimits,
    connectors: [firewall(blocked)],
    egress: () => ({ request: () => Promise.reject(new Error('this connector makes no requests')) }),
    openSecret: () => Promise.reject(new Error('no secrets here')),
  });
}

/** Makes a {@link RetractionWorld} on an empty store. */
export async function createRetractionWorld(store: Store): Promise<RetractionWorld> {
  const clock = manualClock();
  const blocked = new Set<string>();
  const context = await makeContext(store, clock, blocked);
  const door = createDoor(context);
  return {
    store,
    clock,
    context,
    blocked,
    async event(topic, participant, data, cause = '') {
      const event = {
        ...newEvent(topic, 's', data, because(cause, `participant:${participant}`), clock.now()),
        participant,
      };
      await store.commit({ events: [event] });
      clock.advance(1);
      return event;
    },
    async run(id, cause, status = 'waiting') {
      const at = clock.now();
      const given = { ...because(cause, 'reaction:r'), playbook: 'r', status, epoch: 1, ask: true };
      await store.commit({ runs: [{ op: 'create', row: aRun(id, { ...given, created_at: at, started_at: at }) }] });
    },
    async hold(id, event) {
      const what = {
        topic: 'verdict.ip.v1',
        subject: 's',
        outcome: 'held',
        reason: 'rate',
        run: '',
        would: null,
      } as const;
      const row = {
        id,
        event,
        reaction: 'r',
        version: 'v',
        ...what,
        judged: '',
        expires_at: null,
        at: clock.now(),
      } as const;
      await store.commit({ rows: [{ op: 'insert', table: 'reaction_events', row: { ...row, trace: TRACE, rev: 1 } }] });
    },
    async block(ip, cause, holder = 'participant:proxy') {
      const own = { connection: undefined, run: '', address: '', generation: 0, lease: 3_600_000, timeout: undefined };
      const permissions = permissionsOfRole('owner');
      const what = { connector: 'firewall', action: 'block', input: { ip }, key: `${ip} ${cause} ${holder}` };
      const causality = because(cause, holder);
      const request = { ...own, ...what, holder, permissions, causality, now: clock.now() };
      const outcome = await door.perform(request, new AbortController().signal);
      if (outcome.status !== 'succeeded') throw new Error(JSON.stringify(outcome));
      clock.advance(1);
    },
  };
}

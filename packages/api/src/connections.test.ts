import { createConnections, createDoor, createDoorContext, createGuard, loadPolicy } from '@counterpoint/actions';
import { type ActionCall, type Connector, ConnectorError, defineConnector } from '@counterpoint/connector-kit';
import { defaultLimits, manualClock } from '@counterpoint/core';
import type { EffectRow } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { describe, expect, it } from 'vitest';
import { connectionHandlers } from './handlers/connections.ts';
import { connectorHandlers } from './handlers/integrations.ts';

const POLICY =
  'kind: policy/v1\nprotected: { own: [addresses] }\nwidest_prefix: { ipv4: 24, ipv6: 48 }\nlease: { max: 30d }\napproval: { effects: [destroy] }\n';
const CANARY = 'canary-5f1c-secret';
const DAY = 86_400_000;

const manifest = {
  id: 'wall',
  title: 'Wall',
  vendor: 'Brick',
  description: 'A wall',
  version: '1.0.0',
  documentation: 'https://brick.example/docs',
  base_url: 'config.base_url',
  connection: {
    type: 'object',
    required: ['base_url', 'token'],
    properties: {
      base_url: { type: 'string', format: 'uri', description: 'Where' },
      token: { type: 'string', secret: true, description: 'Token' },
    },
  },
  test: { action: 'ping', with: {} },
  capabilities: { block_ip: 'ban' },
  actions: {
    ping: { title: 'Ping', effect: 'read', idempotent: true, input: { type: 'object' }, output: { type: 'object' } },
    ban: { title: 'Ban', effect: 'contain', idempotent: true, input: { type: 'object' }, output: { type: 'object' } },
  },
} as unknown as Connector['manifest'];

/** A wall that takes one token and repeats what it is given in its complaints. */
function aWall(calls: ActionCall[]): Connector {
  const ping = async (call: ActionCall) => {
    calls.push(call);
    const { token } = call.connection.secrets;
    if (token === CANARY) return { hello: 'there' };
    throw new ConnectorError('unauthorized', { connector: 'Wall', reason: `not ${token}` }, { performed: 'no' });
  };
  return defineConnector({ manifest, handlers: { ping, ban: ping } });
}

function aDesk() {
  const store = createMemoryStore();
  const clock = manualClock();
  const calls: ActionCall[] = [];
  const sealed: string[] = [];
  const vault = {
    seal: (title: string, value: string) => {
      sealed.push(value);
      return { id: `${title}#${sealed.length}`, change: {} };
    },
    remove: () => ({}),
  };
  const never = () => Promise.reject(new Error('not here'));
  const network = () => ({ addresses: [], gateways: [], resolvers: [] });
  const guard = createGuard({ store, clock, policy: () => loadPolicy(POLICY), network, resolve: never });
  const openSecret = async (id: string) => sealed[Number(id.split('#')[1]) - 1] ?? '';
  const parts = { store, clock, guard, limits: defaultLimits, connectors: [aWall(calls)], openSecret };
  const context = createDoorContext({ ...parts, egress: () => ({ request: never }) });
  const connections = createConnections({ store, vault, connectors: context.connectors, clock } as never);
  const plans = { current: never };
  const handlers = connectionHandlers({ store, context, door: createDoor(context), connections, plans } as never);
  const catalogue = connectorHandlers({ store, clock, connectors: context.connectors, grades: {} });
  return { store, clock, calls, sealed, handlers, catalogue };
}

const permissions = new Set(['connection:write', 'connection:use', 'connection:read', 'action:read']);
const principal = { ref: 'user:ann', userId: 'ann', permissions };
const ask = (rest: object, who: object = principal) =>
  ({ params: {}, query: {}, body: {}, principal: who, remote: '', ...rest }) as never;
const draft = { connector: 'wall', config: { base_url: 'https://wall.example' }, network: 'public' };
const tryWith = (token: string) => ask({ body: { ...draft, secrets: { token } } });

describe('trying a connection', () => {
  it('proves a credential through the connector and stores nothing of it', async () => {
    const { store, handlers, calls, sealed } = aDesk();
    expect(await handlers.tryConnection(tryWith(CANARY))).toMatchObject({ ok: true, error: null });
    expect(calls[0]?.connection).toMatchObject({ network: 'public', allowedHosts: ['wall.example'], simulated: false });
    expect([sealed, await store.count('connections'), await store.count('connection_checks')]).toEqual([[], 0, 0]);
    const [entry] = await store.find('audit', {});
    expect(entry).toMatchObject({ action: 'connection.tried', object: 'connector:wall', principal: 'user:ann' });
    expect(JSON.stringify(await store.find('audit', {}))).not.toContain(CANARY);
  });

  it('says why it fails without repeating the secret', async () => {
    const { handlers } = aDesk();
    const answer = await handlers.tryConnection(tryWith('wrong-canary-77'));
    expect(answer).toMatchObject({ ok: false, error: { code: 'connector.unauthorized' } });
    expect(JSON.stringify(answer)).not.toContain('wrong-canary-77');
  });

  it('refuses what is not valid, a node that has no secrets yet, and who may not call', async () => {
    const { handlers, calls } = aDesk();
    const body = { ...draft, secrets: { token: CANARY } };
    const refused = (patch: object, who = principal) =>
      handlers
        .tryConnection(ask({ body: { ...body, ...patch } }, who))
        .then(String, (error: { code: string }) => error.code);
    expect(await refused({ secrets: {} })).toBe('actions.connection_invalid');
    expect(await refused({ connector: 'well' })).toBe('actions.unknown_connector');
    expect(await refused({ site: 'berlin' })).toBe('actions.try_elsewhere');
    expect(await refused({}, { ...principal, permissions: new Set(['connection:write']) })).toBe('actions.forbidden');
    expect(calls).toEqual([]);
  });
});

describe('checking a connection', () => {
  const check = (patch: object) => aDesk().handlers.checkConnection(ask({ body: { ...draft, ...patch } }));

  it('tells where it would send', async () => {
    expect(await check({})).toEqual({
      problem: null,
      base_url: 'https://wall.example',
      allowed_hosts: ['wall.example'],
      refusal: null,
    });
  });

  it.each([
    [{ config: {} }, 'problem'],
    [{ config: { base_url: 'https://10.0.0.1' } }, 'refusal'],
    [{ config: { base_url: 'http://wall.example' } }, 'refusal'],
    [{ allowed_hosts: ['other.example'] }, 'refusal'],
    [{ config: { base_url: 'https://ann:pw@wall.example' } }, 'problem'],
  ])('%j has a %s', async (patch, where) => {
    expect(await check(patch)).toMatchObject({ [where]: expect.any(String) });
  });
});

describe('the health of a connection', () => {
  async function created() {
    const desk = aDesk();
    const body = { ...draft, id: 'w', title: 'W', secrets: { token: CANARY } };
    await desk.handlers.createConnection(ask({ body }));
    const state = async () => (await desk.handlers.getConnection(ask({ params: { id: 'w' } }))).health.state;
    const effect = (patch: Partial<EffectRow>) => {
      const row = {
        id: `e${desk.clock.now()}`,
        key: `${desk.clock.now()}`,
        connection: 'w',
        connector: 'wall',
        action: 'ban',
      };
      const rest = { target: 'ip:1', created_at: desk.clock.now(), ended_at: null, performed_at: null, error: null };
      const whole = { ...row, ...rest, inverse: { action: 'x' }, preexisting: false, ...patch } as never;
      return desk.store.commit({ rows: [{ op: 'insert', table: 'effects', row: whole }] });
    };
    return { ...desk, state, effect };
  }

  it('is unknown at first, and what the last test or change said then', async () => {
    const { handlers, clock, state, effect } = await created();
    expect(await state()).toBe('untested');
    await handlers.testConnection(ask({ params: { id: 'w' } }));
    expect(await state()).toBe('working');
    clock.advance(1_000);
    await effect({ state: 'failed', error: { code: 'guard.protected' } });
    expect(await state()).toBe('working');
    clock.advance(1_000);
    await effect({ state: 'failed', error: { code: 'connector.unauthorized' } });
    expect(await state()).toBe('failing');
    clock.advance(1_000);
    await effect({ state: 'performed' });
    expect(await state()).toBe('working');
  });

  it('is unknown again when the connection was changed, and nothing while it is disabled', async () => {
    const { handlers, clock, state } = await created();
    await handlers.testConnection(ask({ params: { id: 'w' } }));
    clock.advance(1_000);
    await handlers.updateConnection(ask({ params: { id: 'w' }, body: { title: 'Other' } }));
    expect(await state()).toBe('untested');
    await handlers.updateConnection(ask({ params: { id: 'w' }, body: { enabled: false } }));
    expect(await state()).toBe('disabled');
  });

  it('counts the changes of a day, what is in force, and is shown in the catalogue', async () => {
    const { handlers, catalogue, clock, effect } = await created();
    clock.advance(2 * DAY);
    await effect({ state: 'performed', created_at: 1 });
    clock.advance(1);
    await effect({ state: 'failed', error: { code: 'connector.timeout' } });
    const { health, in_force, recent } = await handlers.getConnection(ask({ params: { id: 'w' } }));
    expect([health.changes, in_force, recent.length]).toEqual([{ succeeded: 0, failed: 1, unknown: 0 }, 1, 2]);
    const { items } = await catalogue.listConnectors(ask({}));
    expect(items[0]).toMatchObject({ kind: 'product', grade: null, connections: { total: 1, enabled: 1, failing: 1 } });
  });
});

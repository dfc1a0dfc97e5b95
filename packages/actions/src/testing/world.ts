import { type BuiltinConnector, builtinConnectors } from '@counterpoint/cases';
import {
  type ActionCall,
  type Connector,
  ConnectorError,
  type ConnectorErrorName,
  type ConnectorManifest,
  type Performed,
} from '@counterpoint/connector-kit';
import { defaultLimits, type Json, type JsonObject, type ManualClock, manualClock } from '@counterpoint/core';
import type { ConnectionRow, Rows, Store, TableName } from '@counterpoint/events';
import { createDoor, createDoorContext } from '../create-door.ts';
import type { ActionRequest, Door } from '../door.ts';
import type { DoorContext } from '../door-context.ts';
import { createGuard } from '../guard/guard.ts';
import { loadPolicy } from '../guard/load-policy.ts';
import type { PolicyState } from '../guard/policy.ts';
import type { NameResolver } from '../guard/protected-assets.ts';

/** A template that is one expression. */
const expression = (source: string): string => `$\{{ ${source} }}`;

/** A firewall as its vendor might build it, with everything that the door has to reckon with. */
export const firewallManifest: ConnectorManifest = {
  id: 'firewall',
  title: 'Firewall',
  vendor: 'Acme',
  description: 'Blocks addresses.',
  version: '1.0.0',
  documentation: 'https://acme.example/docs',
  connection: { type: 'object' },
  actions: {
    block: {
      title: 'Block an address',
      effect: 'contain',
      idempotent: true,
      input: {
        type: 'object',
        properties: { ip: { type: 'string' }, note: { type: 'string', default: 'none' } },
        required: ['ip'],
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: { rule: { type: 'string' }, already: { type: 'boolean' } },
        required: ['rule'],
      },
      target: '"ipv4-addr:" + input.ip',
      preexisting: 'output.already',
      inverse: { action: 'unblock', with: { ip: expression('input.ip') } },
      verify: {
        action: 'list',
        with: {},
        holds: 'output.ips.exists(ip, ip == input.ip)',
        expires_in: 'output.?left.orValue(null)',
      },
    },
    block_for: {
      title: 'Block an address for a time',
      effect: 'contain',
      idempotent: true,
      input: {
        type: 'object',
        properties: { ip: { type: 'string' }, seconds: { type: 'integer', minimum: 1 } },
        required: ['ip'],
        additionalProperties: false,
      },
      output: { type: 'object', properties: { rule: { type: 'string' } }, required: ['rule'] },
      target: '"ipv4-addr:" + input.ip',
      inverse: { action: 'unblock', with: { ip: expression('input.ip') } },
      lease: { argument: 'seconds' },
    },
    unblock: {
      title: 'Unblock an address',
      effect: 'change',
      idempotent: true,
      input: { type: 'object', properties: { ip: { type: 'string' } }, required: ['ip'] },
      output: { type: 'object' },
      target: '"ipv4-addr:" + input.ip',
    },
    list: {
      title: 'List the blocked addresses',
      effect: 'read',
      idempotent: true,
      input: { type: 'object' },
      output: { type: 'object', properties: { ips: { type: 'array' } }, required: ['ips'] },
    },
    ticket: {
      title: 'Open a ticket: not idempotent, no way to find out',
      effect: 'change',
      idempotent: false,
      input: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
      output: { type: 'object', properties: { number: { type: 'integer' } }, required: ['number'] },
    },
    isolate: {
      title: 'Isolate a host: not idempotent, can be read back, not undone',
      effect: 'contain',
      idempotent: false,
      input: { type: 'object', properties: { host: { type: 'string' } }, required: ['host'] },
      output: { type: 'object' },
      target: '"host:" + input.host',
      verify: { action: 'list', with: {}, holds: 'output.ips.exists(ip, ip == input.host)' },
    },
    scan: {
      title: 'Scan: takes its time',
      effect: 'change',
      idempotent: true,
      input: { type: 'object', properties: { ip: { type: 'string' } }, required: ['ip'] },
      output: { type: 'object', properties: { open: { type: 'integer' } }, required: ['open'] },
      completion: {
        poll: { action: 'scan_state', with: { job: expression('output.job') } },
        done: 'output.state == "done"',
        failed: 'output.state == "broken"',
        result: { open: expression('output.open') },
        interval: '5s',
        timeout: '1m',
      },
    },
    scan_state: {
      title: 'State of a scan',
      effect: 'read',
      idempotent: true,
      input: { type: 'object', properties: { job: { type: 'string' } }, required: ['job'] },
      output: { type: 'object' },
    },
    wipe: {
      title: 'Wipe a host',
      effect: 'destroy',
      idempotent: false,
      input: { type: 'object', properties: { host: { type: 'string' } }, required: ['host'] },
      output: { type: 'object' },
      target: '"host:" + input.host',
    },
  },
};

/** What the product answers a call with: an output, an error, or what a function decides. */
export type Answer = (call: ActionCall) => Promise<Json> | Json;

/** The product behind {@link firewallManifest}: it keeps its own list, and can be told to misbehave. */
export interface Product {
  readonly blocked: Set<string>;
  /** Every call in order, as `action value`. */
  readonly calls: string[];
  /** Answers of the next calls of an action, used up one by one. */
  readonly next: Map<string, Answer[]>;
  will(action: string, ...answers: Answer[]): void;
}

/** An error of the product. */
export function vendorError(
  reason: 'unavailable' | 'timeout' | 'not_found' | 'forbidden',
  performed: 'no' | 'maybe',
): Answer {
  return () => {
    throw refused(reason, performed);
  };
}

function refused(reason: ConnectorErrorName, performed: Performed): ConnectorError {
  return new ConnectorError(reason, { connector: 'Firewall', reason: `it says ${reason}` }, { performed });
}

/** The call takes effect, and its answer is lost. */
export function lostAnswer(product: Product, action: string): Answer {
  return (call) => {
    behave(product, action, call.input);
    throw new ConnectorError('timeout', { connector: 'Firewall', reason: 'no answer' }, { performed: 'maybe' });
  };
}

function behave(product: Product, action: string, input: JsonObject): Json {
  const ip = String(input.ip ?? input.host ?? '');
  switch (action) {
    case 'block':
    case 'block_for': {
      const already = product.blocked.has(ip);
      product.blocked.add(ip);
      return { rule: `r-${ip}`, already };
    }
    case 'unblock':
      if (!product.blocked.delete(ip)) throw refused('not_found', 'no');
      return {};
    case 'isolate':
      product.blocked.add(ip);
      return {};
    case 'list':
      return { ips: [...product.blocked] };
    case 'ticket':
      return { number: product.calls.length };
    case 'scan':
      return { job: 'j1' };
    default:
      return {};
  }
}

/** Makes the product and its connector. */
export function createFirewall(): { readonly product: Product; readonly connector: Connector } {
  const product: Product = {
    blocked: new Set(),
    calls: [],
    next: new Map(),
    will(action, ...answers) {
      product.next.set(action, [...(product.next.get(action) ?? []), ...answers]);
    },
  };
  const connector: Connector = {
    manifest: firewallManifest,
    async perform(action, call) {
      product.calls.push(`${action} ${Object.values(call.input).join(' ')}`.trim());
      const special = product.next.get(action)?.shift();
      return special ? special(call) : behave(product, action, call.input);
    },
  };
  return { product, connector };
}

/** A policy for tests; `extra` is merged over its top level. */
export function testPolicy(text = ''): PolicyState {
  return loadPolicy(`
kind: policy/v1
protected:
  own: [addresses, gateways, resolvers]
  addresses: [{ value: 8.8.8.8, why: resolver }, { value: "2001:db8::53", why: resolver }]
  names: [{ value: dc1.corp.example, why: domain controller }]
  domains: [{ value: corp.example, why: ours }]
  accounts: [{ value: breakglass@other.example, why: emergency access }]
widest_prefix: { ipv4: 24, ipv6: 48 }
lease: { max: 30d }
approval: { effects: [destroy] }
${text}`);
}

/** Everything that tests of the door need, in memory. */
export interface World {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly product: Product;
  readonly context: DoorContext;
  readonly door: Door;
  policy: PolicyState;
  resolve: NameResolver;
  request(patch?: Partial<ActionRequest>): ActionRequest;
  perform(patch?: Partial<ActionRequest>): ReturnType<Door['perform']>;
  rows<Table extends TableName>(table: Table): Promise<readonly Rows[Table][]>;
}

/** A connection of the test firewall. */
export function connectionRow(patch: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    id: 'fw1',
    connector: 'firewall',
    title: 'Edge firewall',
    config: {},
    secrets: {},
    network: 'lab',
    allowed_hosts: [],
    simulated: true,
    enabled: true,
    site: '',
    created_at: 1,
    updated_at: 1,
    rev: 1,
    ...patch,
  };
}

const PERMISSIONS = ['read', 'notify', 'change', 'contain', 'destroy'].map((effect) => `action:${effect}`);
export const allPermissions: ReadonlySet<string> = new Set([
  ...PERMISSIONS,
  'connection:use',
  'case:read',
  'case:write',
  'alert:read',
  'alert:write',
]);

/** What a world can be made with. */
export interface WorldOptions {
  readonly clock?: ManualClock;
  readonly firewall?: ReturnType<typeof createFirewall>;
  readonly builtins?: readonly BuiltinConnector[];
  readonly openSecret?: DoorContext['openSecret'];
}

/** Makes a {@link World} with one enabled connection `fw1`. Over the store of another world it is the next process. */
export async function createWorld(store: Store, options: WorldOptions = {}): Promise<World> {
  const { clock = manualClock(), firewall = createFirewall() } = options;
  await store.commit({ rows: [{ op: 'ensure', table: 'connections', row: connectionRow() }] });
  const world: { policy: PolicyState; resolve: NameResolver } = {
    policy: testPolicy(),
    resolve: async (name) => {
      if (name === 'dc1.corp.example') return ['10.0.0.5'];
      throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    },
  };
  const guard = createGuard({
    store,
    clock,
    policy: () => world.policy,
    network: () => ({ addresses: ['192.168.7.20'], gateways: ['192.168.7.1'], resolvers: ['192.168.7.53'] }),
    resolve: (name) => world.resolve(name),
  });
  const context = createDoorContext({
    store,
    clock,
    guard,
    limits: defaultLimits,
    connectors: [firewall.connector],
    builtins: options.builtins ?? builtinConnectors,
    egress: () => ({ request: () => Promise.reject(new Error('the test connector makes no requests')) }),
    openSecret: options.openSecret ?? (() => Promise.reject(new Error('no secrets here'))),
  });
  const door = createDoor(context);
  let keys = 0;
  const request = (patch: Partial<ActionRequest> = {}): ActionRequest => ({
    connector: 'firewall',
    action: 'block',
    connection: undefined,
    input: { ip: '203.0.113.7' },
    key: `key-${clock.now()}-${keys++}`,
    run: '',
    address: '',
    generation: 0,
    lease: 3_600_000,
    holder: 'user:ann',
    permissions: allPermissions,
    timeout: undefined,
    causality: { principal: 'user:ann', trace: 'a'.repeat(32), cause: '', hop: 0 },
    now: clock.now(),
    ...patch,
  });
  return Object.assign(world, {
    store,
    clock,
    product: firewall.product,
    context,
    door,
    request,
    perform: (patch?: Partial<ActionRequest>) => door.perform(request(patch), new AbortController().signal),
    rows: <Table extends TableName>(table: Table) => store.find(table, { limit: 1000 }),
  });
}

/** Lets everything that is not waiting for the clock happen. */
export async function drain(rounds = 50): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

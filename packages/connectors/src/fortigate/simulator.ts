import { isIP } from 'node:net';
import {
  type ConnectorSimulator,
  createSimulator,
  type SimulatorAnswer,
  type SimulatorFactory,
  type SimulatorRequest,
} from '@counterpoint/connector-kit/simulator';
import { type Clock, type Json, systemClock } from '@counterpoint/core';

/** An entry of the simulated device's list of banned addresses; times in Unix seconds, `expires` 0 for never. */
export interface SimulatedBan {
  readonly created: number;
  readonly expires: number;
}

/** A simulated FortiGate with one virtual domain, `root`. */
export interface FortigateSimulator extends ConnectorSimulator {
  /** The addresses banned now. */
  bans(): ReadonlyMap<string, SimulatedBan>;
  /** Bans an address as an administrator would. */
  ban(ip: string, seconds?: number): void;
}

const TOKEN = 'lab-fortigate-token';
const PATH = '/api/v2/monitor/user/banned';

class Device {
  private readonly entries = new Map<string, SimulatedBan>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  ban(ip: string, seconds: number): void {
    const created = Math.floor(this.clock.now() / 1_000);
    this.entries.set(ip, { created, expires: seconds === 0 ? 0 : created + seconds });
  }

  lift(ip: string): void {
    this.entries.delete(ip);
  }

  current(): ReadonlyMap<string, SimulatedBan> {
    const now = this.clock.now() / 1_000;
    for (const [ip, { expires }] of this.entries) if (expires !== 0 && expires <= now) this.entries.delete(ip);
    return new Map(this.entries);
  }
}

function envelope(method: string, action: string, status: number, results: Json): SimulatorAnswer {
  const state = status === 200 ? { status: 'success' } : { status: 'error', http_status: status };
  return {
    status,
    body: {
      http_method: method,
      results,
      vdom: 'root',
      path: 'user',
      name: 'banned',
      action,
      ...state,
      serial: 'FGVMLAB000000001',
      version: 'v7.4.1',
      build: 2463,
    },
  };
}

function changed(device: Device, action: 'add_users' | 'clear_users', { body, query }: SimulatorRequest) {
  const { ip_addresses: addresses, expiry = 0 } = (body ?? {}) as { ip_addresses?: unknown; expiry?: unknown };
  if ((query.vdom ?? 'root') !== 'root') return envelope('POST', action, 424, {});
  const valid = Array.isArray(addresses) && addresses.length > 0 && addresses.every((one) => isIP(String(one)) !== 0);
  if (!valid || !Number.isInteger(expiry) || Number(expiry) < 0) return envelope('POST', action, 400, {});
  for (const ip of addresses) {
    if (action === 'add_users') device.ban(String(ip), Number(expiry));
    else device.lift(String(ip));
  }
  return envelope('POST', action, 200, {});
}

function listed(device: Device): SimulatorAnswer {
  const results = [...device.current()].map(([ip, { created, expires }]) => ({
    ip_address: ip,
    ipv6: isIP(ip) === 6,
    source: 'Administrative',
    created,
    expires,
  }));
  return envelope('GET', 'select', 200, results);
}

/** Starts a simulated FortiGate. */
export const simulate: SimulatorFactory<FortigateSimulator> = async ({ clock = systemClock, port = 0 } = {}) => {
  const device = new Device(clock);
  const server = await createSimulator({
    clock,
    port,
    authenticate: ({ headers }) =>
      headers.authorization === `Bearer ${TOKEN}` ? undefined : { status: 401, text: '<h1>Unauthorized</h1>' },
    unknown: envelope('GET', '', 404, {}),
    routes: {
      [`GET ${PATH}/select`]: () => listed(device),
      [`POST ${PATH}/add_users`]: (request) => changed(device, 'add_users', request),
      [`POST ${PATH}/clear_users`]: (request) => changed(device, 'clear_users', request),
    },
  });
  return {
    server,
    bans: () => device.current(),
    ban: (ip, seconds = 0) => device.ban(ip, seconds),
    config: { base_url: server.url, vdom: 'root' },
    secrets: { api_token: TOKEN },
  };
};

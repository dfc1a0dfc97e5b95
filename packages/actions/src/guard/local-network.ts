import { getServers } from 'node:dns';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** This machine's surroundings, as addresses in text form. */
export interface LocalNetwork {
  /** Addresses of its own interfaces. */
  readonly addresses: readonly string[];
  /** Next hops of its default routes. */
  readonly gateways: readonly string[];
  /** Name servers that it asks. */
  readonly resolvers: readonly string[];
}

function readTable(path: string): readonly (readonly string[])[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
  } catch {
    // Only Linux has these tables; elsewhere gateways are named in the policy.
    return [];
  }
}

/** Default gateways from the kernel's tables (proc(5): route in little-endian hex, ipv6_route in plain hex). */
function gateways(): string[] {
  const v4 = readTable('/proc/net/route').flatMap(([, destination, gateway]) => {
    if (destination !== '00000000' || gateway === undefined || !/^[0-9A-F]{8}$/i.test(gateway)) return [];
    const bytes = [...Buffer.from(gateway, 'hex')].reverse();
    return bytes.every((byte) => byte === 0) ? [] : [bytes.join('.')];
  });
  const v6 = readTable('/proc/net/ipv6_route').flatMap(([destination, prefix, , , gateway]) =>
    prefix === '00' && destination === '0'.repeat(32) && gateway !== undefined && !/^0+$/.test(gateway)
      ? [(gateway.match(/.{4}/g) ?? []).join(':')]
      : [],
  );
  return [...v4, ...v6];
}

/** Looks at the machine's interfaces, routes and name servers as they are now. */
export function readLocalNetwork(): LocalNetwork {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address));
  const resolvers = getServers().map((server) =>
    server.replace(/^\[([^\]]*)\].*$/, '$1').replace(/^([\d.]+):\d+$/, '$1'),
  );
  return { addresses, gateways: gateways(), resolvers };
}

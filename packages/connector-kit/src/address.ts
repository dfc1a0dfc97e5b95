import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** How far a connection may reach. */
export type NetworkScope = 'public' | 'private' | 'lab';

/** What kind of place an IP address is; `forbidden` is never dialled, whatever the network scope. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'forbidden';

/**
 * Addresses that look ordinary but answer with a machine's own cloud credentials: AWS (fd00:ec2::254), Google
 * (fd20:ce::254), Azure's WireServer (168.63.129.16). The link-local and carrier-grade ones fall to their ranges.
 */
const METADATA = new Set(['168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254']);

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const WELL_KNOWN_NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(WELL_KNOWN_NAT64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return undefined;
}

function kindOfIpv4(address: ipaddr.IPv4): AddressKind {
  const range = address.range();
  if (range === 'loopback') return 'loopback';
  if (range === 'private') return 'private';
  return range === 'unicast' ? 'public' : 'forbidden';
}

function kindOfIpv6(address: ipaddr.IPv6): AddressKind {
  const embedded = embeddedIpv4(address);
  if (embedded) return METADATA.has(embedded.toString()) ? 'forbidden' : kindOfIpv4(embedded);
  const range = address.range();
  if (range === 'loopback') return 'loopback';
  if (range === 'uniqueLocal') return 'private';
  // Only 2000::/3 is global unicast (RFC 4291 §2.4); what ipaddr.js calls unicast outside it is unassigned or
  // IPv4-compatible.
  return range === 'unicast' && address.match(GLOBAL_UNICAST) ? 'public' : 'forbidden';
}

/**
 * The kind of an address in canonical text form. IPv4-mapped and NAT64 (64:ff9b::/96, RFC 6052) addresses are judged
 * by the IPv4 address inside; 6to4, Teredo, IPv4-compatible, zoned and unreadable ones are forbidden.
 */
export function addressKind(text: string): AddressKind {
  if (text.includes('%') || isIP(text) === 0) return 'forbidden';
  const address = ipaddr.parse(text);
  if (METADATA.has(address.toString())) return 'forbidden';
  return address instanceof ipaddr.IPv4 ? kindOfIpv4(address) : kindOfIpv6(address);
}

/** Whether a connection of network scope `scope` may dial `address`. `lab` reaches loopback and nothing else. */
export function addressAllowed(address: string, scope: NetworkScope): boolean {
  const kind = addressKind(address);
  if (scope === 'lab') return kind === 'loopback';
  return kind === 'public' || (scope === 'private' && kind === 'private');
}

import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A parsed IP address. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Parses an address in its usual forms only: four decimal parts without leading zeros, or IPv6 text (RFC 4291 §2.2)
 * without a zone. An IPv4-mapped IPv6 address is the IPv4 address that it means.
 */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return ipaddr.IPv4.parse(text);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Canonical text: RFC 5952 for IPv6. */
export function formatAddress(address: Address): string {
  return address.kind() === 'ipv6' ? (address as ipaddr.IPv6).toRFC5952String() : address.toString();
}

/** A parsed network; the bits after the prefix may be set. */
export interface Network {
  readonly base: Address;
  readonly prefix: number;
}

/** Parses `address/prefix`; a single address is a network of one. */
export function parseNetwork(text: string): Network | undefined {
  const [addressText = '', prefixText, ...more] = text.split('/');
  const base = parseAddress(addressText);
  if (!base || more.length > 0) return undefined;
  const widest = base.kind() === 'ipv4' ? 32 : 128;
  if (prefixText === undefined) return { base, prefix: widest };
  const mapped = base.kind() === 'ipv4' && addressText.includes(':') ? 96 : 0;
  const prefix = /^\d{1,3}$/.test(prefixText) ? Number(prefixText) - mapped : -1;
  return prefix >= 0 && prefix <= widest ? { base, prefix } : undefined;
}

/** Whether a network holds an address; never across versions. */
export function networkContains({ base, prefix }: Network, address: Address): boolean {
  return base.kind() === address.kind() && address.match(base, prefix);
}

const networks = (...texts: string[]): readonly Network[] => texts.flatMap((text) => parseNetwork(text) ?? []);

/** Networks set aside for documentation (RFC 5737, RFC 3849, RFC 9637): labs and examples use them as if public. */
const DOCUMENTATION = networks('192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20');

const INTERNAL: ReadonlySet<string> = new Set([
  'private',
  'loopback',
  'linkLocal',
  'carrierGradeNat',
  'uniqueLocal',
  'deprecatedSiteLocal',
]);

/** Whether the address is only meaningful inside a network: private, unique local, loopback, link-local, shared (CGNAT). */
export function isInternal(address: Address): boolean {
  return INTERNAL.has(address.range());
}

/** Whether the address is one host on the public internet, the documentation networks included. */
export function isPublic(address: Address): boolean {
  if (DOCUMENTATION.some((network) => networkContains(network, address))) return true;
  return address.range() === 'unicast';
}

import ipaddr from 'ipaddr.js';

/**
 * A run of addresses. Both families live in one space of 128 bits, IPv4 in its mapped form (`::ffff:0:0/96`, RFC 4291
 * §2.5.5.2), so that every disguise of an address ends at the same numbers.
 */
export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

const MAPPED = 0xffffn << 32n;
const ALL_V4 = 0xffff_ffffn;

/** The range that holds an IPv4 address or network. */
export function rangeOfV4(address: bigint, prefix: number): AddressRange {
  const size = 1n << BigInt(32 - prefix);
  const first = MAPPED | (address & (ALL_V4 ^ (size - 1n)));
  return { first, last: first + size - 1n };
}

/** The range that holds an IPv6 address or network. */
export function rangeOfV6(address: bigint, prefix: number): AddressRange {
  const size = 1n << BigInt(128 - prefix);
  const first = (address / size) * size;
  return { first, last: first + size - 1n };
}

/** Whether the range lies wholly in IPv4. */
export function isV4(range: AddressRange): boolean {
  return range.first >> 32n === 0xffffn && range.last >> 32n === 0xffffn;
}

/** Whether two ranges share an address. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Whether the range holds more addresses than a network of that prefix length of its family. */
export function isWiderThan(range: AddressRange, widest: { readonly ipv4: number; readonly ipv6: number }): boolean {
  const bits = isV4(range) ? 32 - widest.ipv4 : 128 - widest.ipv6;
  return range.last - range.first + 1n > 1n << BigInt(bits);
}

function textOfAddress(value: bigint, v4: boolean): string {
  const width = v4 ? 4 : 16;
  const bytes = Array.from({ length: width }, (_, index) => Number((value >> BigInt(8 * (width - 1 - index))) & 0xffn));
  const address = ipaddr.fromByteArray(bytes);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** The usual text: an address, a network in CIDR form, or `first-last`. */
export function rangeText(range: AddressRange): string {
  const v4 = isV4(range);
  const first = textOfAddress(range.first, v4);
  if (range.first === range.last) return first;
  const size = range.last - range.first + 1n;
  const bits = size.toString(2).length - 1;
  const aligned = size === 1n << BigInt(bits) && range.first % size === 0n;
  return aligned ? `${first}/${(v4 ? 32 : 128) - bits}` : `${first}-${textOfAddress(range.last, v4)}`;
}

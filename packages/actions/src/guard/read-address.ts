import ipaddr from 'ipaddr.js';
import { type AddressRange, rangeOfV4, rangeOfV6, rangeText } from './address-range.ts';

const PART = /^(?:0x[0-9a-f]*|\d+)$/i;
const DOTS = /[\u3002\uff0e\uff61]/g;

/** One number of an IPv4 address as `inet_aton` reads it (hex, octal, decimal), or all of them as decimal. */
function readPart(text: string, octal: boolean): bigint | undefined {
  if (!PART.test(text)) return undefined;
  if (/^0x/i.test(text)) return text.length === 2 ? 0n : BigInt(text.toLowerCase());
  if (octal && text.length > 1 && text.startsWith('0')) {
    return /^[0-7]+$/.test(text) ? BigInt(`0o${text}`) : undefined;
  }
  return BigInt(text);
}

/** An IPv4 address of one to four parts, the last of which fills what is left (`127.1`, `3232235777`). */
function readV4(text: string, octal: boolean): bigint | undefined {
  const parts = text.split('.').map((part) => readPart(part, octal));
  if (parts.length > 4 || parts.some((part) => part === undefined)) return undefined;
  const numbers = parts as bigint[];
  const last = numbers.pop() as bigint;
  if (numbers.some((part) => part > 255n) || last >= 1n << BigInt(8 * (4 - numbers.length))) return undefined;
  return numbers.reduce((sum, part, index) => sum + (part << BigInt(8 * (3 - index))), last);
}

function readV6(text: string): bigint | undefined {
  const zone = text.indexOf('%');
  const bare = zone === -1 ? text : text.slice(0, zone);
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return undefined;
  return ipaddr.IPv6.parse(bare)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** The IPv4 networks that an IPv6 one stands for: compatible (::/96), NAT64 (RFC 6052) and 6to4 (RFC 3056). */
function embedded(address: bigint, prefix: number): AddressRange[] {
  const low = address & 0xffff_ffffn;
  const high = address >> 32n;
  if (prefix >= 96 && high === 0n && low > 1n) return [rangeOfV4(low, prefix - 96)];
  if (prefix >= 96 && high === 0x64_ff9bn << 64n) return [rangeOfV4(low, prefix - 96)];
  if (prefix >= 16 && address >> 112n === 0x2002n) {
    return [rangeOfV4((address >> 80n) & 0xffff_ffffn, Math.min(32, prefix - 16))];
  }
  return [];
}

function prefixOf(text: string, width: 32 | 128): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= width ? Number(text) : undefined;
  const mask =
    width === 32 && /^\d+(?:\.\d+){3}$/.test(text) && ipaddr.IPv4.isValid(text) ? ipaddr.IPv4.parse(text) : null;
  return mask?.prefixLengthFromSubnetMask() ?? undefined;
}

function readNetwork(bare: string, suffix: string | undefined): AddressRange[] {
  const v6 = readV6(bare);
  if (v6 !== undefined) {
    const prefix = suffix === undefined ? 128 : prefixOf(suffix, 128);
    return prefix === undefined ? [] : [rangeOfV6(v6, prefix), ...embedded(v6, prefix)];
  }
  const prefix = suffix === undefined ? 32 : prefixOf(suffix, 32);
  if (prefix === undefined) return [];
  return [readV4(bare, true), readV4(bare, false)].flatMap((address) =>
    address === undefined ? [] : [rangeOfV4(address, prefix)],
  );
}

function distinct(ranges: readonly AddressRange[]): readonly AddressRange[] {
  return [...new Map(ranges.map((range) => [rangeText(range), range])).values()];
}

/**
 * Everything that a text may mean as an address, a network (`/24` or `/255.255.255.0`) or a range (`a-b`): decimal,
 * octal and hexadecimal spellings, IPv4 inside IPv6, brackets, port, zone, full-width characters. None: it is no
 * address. More than one: readers disagree about it, or it stands for two places at once.
 */
export function readAddress(text: string): readonly AddressRange[] {
  if (text.length > 100) return [];
  const plain = text.normalize('NFKC').replace(DOTS, '.').trim().toLowerCase();
  const span = /^([^-]+)-([^-]+)$/.exec(plain);
  if (span) return readSpan(span[1] as string, span[2] as string);
  const [head = '', suffix, more] = plain.split('/');
  if (more !== undefined) return [];
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(head);
  const bare = bracketed?.[1] ?? head.replace(/^([^:]+):\d{1,5}$/, '$1');
  return distinct(readNetwork(bare.replace(/\.$/, ''), suffix));
}

function readSpan(from: string, to: string): readonly AddressRange[] {
  const ends = readAddress(to);
  return distinct(
    readAddress(from).flatMap(({ first }) =>
      ends.filter(({ last }) => first <= last).map(({ last }) => ({ first, last })),
    ),
  );
}

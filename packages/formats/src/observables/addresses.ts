import ipaddr from 'ipaddr.js';

/** An IP address or network in canonical form. */
export interface Address {
  readonly type: 'ipv4-addr' | 'ipv6-addr';
  readonly value: string;
  readonly private: boolean;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);
const IPV6 = /^[0-9a-f:.]{2,45}$/i;
const LOCAL_RANGES = new Set(['private', 'uniqueLocal', 'loopback', 'linkLocal', 'carrierGradeNat']);

/** Whether `text` is four decimal octets. Leading zeros are refused: some tools read them as octal. */
export function isIpv4(text: string): boolean {
  return text.length <= 15 && IPV4.test(text);
}

/**
 * Reads an address or a network (`192.0.2.0/24`), with a port, brackets or a zone around it taken away.
 * Undefined when it is neither. A network's host bits are cleared; `/32` and `/128` are single addresses.
 */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 100) return undefined;
  const slash = text.indexOf('/');
  const bare = stripWrapping(slash === -1 ? text : text.slice(0, slash));
  const parsed = readAddress(bare);
  if (parsed === undefined) return undefined;
  if (slash === -1) return addressOf(parsed);
  const suffix = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(suffix)) return undefined;
  return networkOf(parsed, Number(suffix), bare.includes(':'));
}

function stripWrapping(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text);
  const inner = bracketed?.[1] ?? text.replace(/^(\d[\d.]*):\d{1,5}$/, '$1');
  const zone = inner.indexOf('%');
  return zone === -1 || !inner.includes(':') ? inner : inner.slice(0, zone);
}

function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (isIpv4(text)) return ipaddr.IPv4.parse(text);
  if (!IPV6.test(text) || !text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function addressOf(address: ipaddr.IPv4 | ipaddr.IPv6, suffix = ''): Address {
  const v4 = address.kind() === 'ipv4';
  return {
    type: v4 ? 'ipv4-addr' : 'ipv6-addr',
    value: `${v4 ? address.toString() : (address as ipaddr.IPv6).toRFC5952String()}${suffix}`,
    private: LOCAL_RANGES.has(address.range()),
  };
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6, written: number, sixForm: boolean): Address | undefined {
  const v4 = address.kind() === 'ipv4';
  const prefix = v4 && sixForm ? written - 96 : written;
  const width = v4 ? 32 : 128;
  if (prefix < 0 || prefix > width) return undefined;
  if (prefix === width) return addressOf(address);
  const bytes = address.toByteArray().map((byte, index) => byte & octetMask(prefix - index * 8));
  return addressOf(ipaddr.fromByteArray(bytes), `/${prefix}`);
}

/** The mask of one byte of which `bits` leading bits belong to the network. */
export function octetMask(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}

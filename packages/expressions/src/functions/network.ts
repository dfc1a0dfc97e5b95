import type { Runtime } from '../runtime.ts';
import { formatAddress, isInternal, isPublic, networkContains, parseAddress, parseNetwork } from './addresses.ts';
import { invalidValue } from './helpers.ts';
import type { FunctionSpec } from './spec.ts';

const group = 'network';

function cidrContains(networks: unknown, address: unknown, runtime: Runtime): boolean {
  const parsed = parseAddress(address as string);
  if (!parsed) throw invalidValue(address, 'an IP address', runtime);
  return (Array.isArray(networks) ? networks : [networks]).some((text: unknown) => {
    const network = typeof text === 'string' ? parseNetwork(text) : undefined;
    if (!network) throw invalidValue(text, 'a network such as 10.0.0.0/8', runtime);
    return networkContains(network, parsed);
  });
}

function test(
  name: string,
  summary: string,
  examples: FunctionSpec['examples'],
  check: (text: string) => boolean,
): FunctionSpec {
  const signatures = [`${name}(text: string) -> bool`];
  return { name, group, signatures, method: true, summary, examples, run: ([text]) => check(text as string) };
}

/** Functions on IP addresses. */
export const networkFunctions: readonly FunctionSpec[] = [
  {
    name: 'cidr_contains',
    group,
    signatures: [
      'cidr_contains(network: string, address: string) -> bool',
      'cidr_contains(networks: list(string), address: string) -> bool',
    ],
    method: false,
    cost: 20,
    summary: 'Whether an address lies in a network, or in one of several.',
    examples: [
      { expression: 'cidr_contains("10.0.0.0/8", "10.1.2.3")', result: true },
      { expression: 'cidr_contains(["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1")', result: true },
      { expression: 'cidr_contains("10.0.0.0/99", "10.1.2.3")', error: 'expressions.invalid_value' },
    ],
    run: ([networks, address], runtime) => cidrContains(networks, address, runtime),
  },
  test(
    'is_private_ip',
    'Whether it is an address inside someone’s network: private, unique local, loopback, link-local or shared (CGNAT). False for text that is no address.',
    [
      { expression: 'is_private_ip("192.168.1.10")', result: true },
      { expression: '"::ffff:10.0.0.1".is_private_ip()', result: true },
      { expression: 'is_private_ip("8.8.8.8")', result: false },
    ],
    (text) => {
      const address = parseAddress(text);
      return address !== undefined && isInternal(address);
    },
  ),
  test(
    'is_public_ip',
    'Whether it is the address of one host on the public internet. Documentation networks (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32, 3fff::/20) count as public, since labs use them so.',
    [
      { expression: 'is_public_ip("203.0.113.7")', result: true },
      { expression: 'is_public_ip("224.0.0.1")', result: false },
      { expression: 'is_public_ip("not an address")', result: false },
    ],
    (text) => {
      const address = parseAddress(text);
      return address !== undefined && isPublic(address);
    },
  ),
  test(
    'is_ipv4',
    'Whether it is an IPv4 address in dotted decimal form.',
    [
      { expression: 'is_ipv4("198.51.100.4")', result: true },
      { expression: 'is_ipv4("0x7f.1")', result: false },
    ],
    (text) => parseAddress(text)?.kind() === 'ipv4' && !text.includes(':'),
  ),
  test(
    'is_ipv6',
    'Whether it is an IPv6 address.',
    [
      { expression: 'is_ipv6("2001:db8::1")', result: true },
      { expression: 'is_ipv6("198.51.100.4")', result: false },
    ],
    (text) => text.includes(':') && parseAddress(text) !== undefined,
  ),
  {
    name: 'network_of',
    group,
    signatures: ['network_of(address: string, prefix: int) -> string'],
    method: true,
    summary: 'The network of that prefix length around an address.',
    examples: [{ expression: 'network_of("198.51.100.77", 24)', result: '198.51.100.0/24' }],
    run: ([text, prefix], runtime) => {
      const network = parseNetwork(`${text as string}/${prefix as number}`);
      if (!network)
        throw invalidValue(`${text as string}/${prefix as number}`, 'an address and a prefix length', runtime);
      const bytes = network.base.toByteArray();
      const masked = bytes.map(
        (byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, network.prefix - index * 8))) & 0xff,
      );
      const base = parseAddressBytes(masked);
      return `${base}/${network.prefix}`;
    },
  },
];

function parseAddressBytes(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  const address = parseAddress(groups.join(':'));
  return address ? formatAddress(address) : groups.join(':');
}

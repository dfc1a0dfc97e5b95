import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressAllowed, addressKind } from './address.ts';
import { judgeDestination, type Reach } from './destination.ts';

/** A connection that allows the very host it asks for, so that only the network scope stands in the way. */
function reachOf(url: string, network: Reach['network']): Reach {
  const parsed = URL.parse(url);
  return { network, allowedHosts: parsed ? [parsed.host, parsed.hostname] : [] };
}

/** Spellings of addresses that must never be reached from a public connection. */
const INSIDE = [
  'https://127.0.0.1/',
  'https://127.1/',
  'https://127.0.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0X7F.1/',
  'https://017700000001/',
  'https://0177.0.0.1/',
  'https://0177.0x0.0.01/',
  'https://127.0.0.1./',
  'https://127.255.255.254/',
  'https://①②⑦.⓪.⓪.①/',
  'https://127。0。0。1/',
  'https://%31%32%37.0.0.1/',
  'https://0/',
  'https://0.0.0.0/',
  'https://0.1.2.3/',
  'https://10.0.0.1/',
  'https://167772161/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://0xc0a80101/',
  'https://100.64.0.1/',
  'https://100.100.100.200/',
  'https://169.254.169.254/',
  'https://2852039166/',
  'https://0xa9fea9fe/',
  'https://0251.0376.0251.0376/',
  'https://169.254.43518/',
  'https://168.63.129.16/',
  'https://192.0.0.192/',
  'https://192.0.2.1/',
  'https://198.18.0.1/',
  'https://198.51.100.1/',
  'https://203.0.113.1/',
  'https://192.88.99.1/',
  'https://224.0.0.1/',
  'https://239.255.255.250/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://[::]/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::127.0.0.1]/',
  'https://[::7f00:1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[0:0:0:0:0:ffff:a9fe:a9fe]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:0:127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[64:ff9b::10.0.0.1]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[64:ff9b:1::7f00:1]/',
  'https://[2002:7f00:1::]/',
  'https://[2002:a9fe:a9fe::1]/',
  'https://[2002:808:808::1]/',
  'https://[2001::1]/',
  'https://[2001:db8::1]/',
  'https://[2001:10::1]/',
  'https://[100::1]/',
  'https://[fc00::1]/',
  'https://[fd00:ec2::254]/',
  'https://[fd20:ce::254]/',
  'https://[fe80::1]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[4000::1]/',
];

/** URLs that are wrong in themselves, whatever the scope. */
const NEVER = [
  'ftp://93.184.216.34/',
  'file:///etc/passwd',
  'gopher://93.184.216.34/',
  'javascript:alert(1)',
  'data:text/plain,x',
  'https://user@93.184.216.34/',
  'https://user:pass@93.184.216.34/',
  'https://93.184.216.34:pass@169.254.169.254/',
  'https://[fe80::1%25eth0]/',
  'https://[::1%250]/',
  'https:///',
  'https://[::1/',
  'https://exa mple.org/',
  'https://256.256.256.256/',
  '//127.0.0.1/',
  '',
];

describe('a public connection', () => {
  it.each(INSIDE)('does not reach %s', (url) => {
    expect(judgeDestination(url, reachOf(url, 'public'))).toMatchObject({ allowed: false });
  });

  it.each(NEVER)('refuses the URL "%s" in every scope', (url) => {
    for (const network of ['public', 'private', 'lab'] as const) {
      expect(judgeDestination(url, reachOf(url, network))).toMatchObject({ allowed: false });
    }
  });

  it('reaches public addresses, over TLS only', () => {
    for (const host of ['93.184.216.34', '[2606:4700::1111]', '[64:ff9b::5db8:d822]', '[::ffff:93.184.216.34]']) {
      expect(judgeDestination(`https://${host}/`, reachOf(`https://${host}/`, 'public')).allowed).toBe(true);
      expect(judgeDestination(`http://${host}/`, reachOf(`http://${host}/`, 'public')).allowed).toBe(false);
    }
  });
});

describe('a private connection', () => {
  it('reaches RFC 1918 and unique local addresses', () => {
    for (const host of ['10.1.2.3', '172.16.9.9', '192.168.0.10', '[fd12:3456::1]', '[::ffff:10.0.0.1]']) {
      expect(judgeDestination(`http://${host}/`, reachOf(`http://${host}/`, 'private')).allowed).toBe(true);
    }
  });

  it('never reaches loopback, link-local, carrier-grade NAT or metadata', () => {
    const refused = INSIDE.filter((url) => !judgeDestination(url, reachOf(url, 'private')).allowed);
    const reached = INSIDE.filter((url) => !refused.includes(url));
    expect(reached).toEqual([
      'https://10.0.0.1/',
      'https://167772161/',
      'https://172.16.0.1/',
      'https://172.31.255.255/',
      'https://192.168.1.1/',
      'https://0xc0a80101/',
      'https://[::ffff:10.0.0.1]/',
      'https://[64:ff9b::10.0.0.1]/',
      'https://[fc00::1]/',
    ]);
  });
});

describe('a lab connection', () => {
  it('reaches loopback and nothing else', () => {
    expect(judgeDestination('http://127.0.0.1:81/', reachOf('http://127.0.0.1:81/', 'lab')).allowed).toBe(true);
    for (const host of ['93.184.216.34', '10.0.0.1', '169.254.169.254', '[fd12::1]']) {
      expect(judgeDestination(`http://${host}/`, reachOf(`http://${host}/`, 'lab')).allowed).toBe(false);
    }
  });
});

describe('allowed hosts', () => {
  const judge = (url: string, ...allowedHosts: string[]) =>
    judgeDestination(url, { network: 'private', allowedHosts }).allowed;

  it('match in any spelling of the same host', () => {
    expect(judge('https://API.Example.org/x', 'api.example.org')).toBe(true);
    expect(judge('https://api.example.org./x', 'api.example.org')).toBe(true);
    expect(judge('https://bücher.example/', 'xn--bcher-kva.example')).toBe(true);
    expect(judge('https://[2606:4700:0::1111]/', '2606:4700::1111')).toBe(true);
    expect(judge('https://api.example.org:443/', 'api.example.org')).toBe(true);
    expect(judge('https://api.example.org/', 'api.example.org:443')).toBe(true);
    expect(judge('http://api.example.org/', 'api.example.org:80')).toBe(true);
  });

  it('do not match look-alikes, neighbours or other ports', () => {
    for (const url of [
      'https://api.example.org.evil.example/',
      'https://evil.example/api.example.org',
      'https://evil.example#api.example.org',
      'https://evil.example\\@api.example.org/',
      'https://sub.api.example.org/',
      'https://xapi.example.org/',
      'https://арi.example.org/',
      'https://api.example.org:8443/',
      'http://api.example.org:443/',
    ]) {
      expect([url, judge(url, 'api.example.org', 'api.example.org:80')]).toEqual([url, false]);
    }
    expect(judge('https://example.org/', 'example.org/path', 'x@example.org', '')).toBe(false);
  });
});

describe('redirects', () => {
  const from = new URL('https://api.example.org/start');
  const reach: Reach = { network: 'private', allowedHosts: ['api.example.org'] };

  it('are read relative to where they come from', () => {
    expect(judgeDestination('/next', reach, from)).toMatchObject({ allowed: true });
    expect(judgeDestination('//evil.example/next', reach, from)).toMatchObject({ allowed: false });
  });

  it('do not leave TLS', () => {
    expect(judgeDestination('http://api.example.org/', reach, from)).toMatchObject({
      allowed: false,
      reason: 'the redirect leaves TLS',
    });
  });
});

describe('addressKind', () => {
  it('forbids what it cannot read', () => {
    for (const text of ['', 'localhost', '1.2.3', '::1%lo', '1.2.3.4.5', ':::']) {
      expect(addressKind(text)).toBe('forbidden');
    }
  });

  it('judges an IPv4 address the same when it is mapped into IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(addressKind(`::ffff:${address}`)).toBe(addressKind(address));
      }),
    );
  });

  it('lets no address into both the public and the lab scope', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        expect(addressAllowed(address, 'public') && addressAllowed(address, 'lab')).toBe(false);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalise, observableOf } from './canonical.ts';
import { defang } from './defang.ts';
import type { ObservableType } from './observable.ts';

const cases: readonly (readonly [ObservableType, string, string | undefined])[] = [
  ['ipv4-addr', ' 192.0.2.1 ', '192.0.2.1'],
  ['ipv4-addr', '192.0.2.1:443', '192.0.2.1'],
  ['ipv4-addr', '192[.]0[.]2[.]1', '192.0.2.1'],
  ['ipv4-addr', '192.0.2.77/24', '192.0.2.0/24'],
  ['ipv4-addr', '192.0.2.1/32', '192.0.2.1'],
  ['ipv4-addr', '192.0.2.1/33', undefined],
  ['ipv4-addr', '192.0.02.1', undefined],
  ['ipv4-addr', '0x7f.1', undefined],
  ['ipv6-addr', '[2001:DB8:0:0:0:0:0:1]:443', '2001:db8::1'],
  ['ipv6-addr', 'fe80::1%eth0', 'fe80::1'],
  ['ipv6-addr', '2001:db8:1::/32', '2001:db8::/32'],
  ['ipv6-addr', '::ffff:192.0.2.0/120', '192.0.2.0/24'],
  ['ipv6-addr', '::ffff:192.0.2.0/64', undefined],
  ['ipv6-addr', '12:34:56', undefined],
  ['domain-name', 'WWW.Evil.ORG.', 'www.evil.org'],
  ['domain-name', 'dc01.corp.local', 'dc01.corp.local'],
  ['domain-name', 'bücher.example', 'xn--bcher-kva.example'],
  ['domain-name', 'localhost', undefined],
  ['domain-name', '192.0.2.1', undefined],
  ['domain-name', '-a.org', undefined],
  ['domain-name', `${'a'.repeat(64)}.org`, undefined],
  ['url', 'HTTP://EVIL.org:80/a/../b', 'http://evil.org/b'],
  ['url', 'hxxps://evil[.]org', 'https://evil.org/'],
  ['url', 'javascript:alert(1)', undefined],
  ['url', 'evil.org/x', undefined],
  ['email-addr', 'mailto:Joe@Evil.ORG', 'joe@evil.org'],
  ['email-addr', 'joe@@evil.org', undefined],
  ['email-addr', '.joe@evil.org', undefined],
  ['file:hashes.MD5', 'D41D8CD98F00B204E9800998ECF8427E', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['file:hashes.SHA-1', 'd41d8cd98f00b204e9800998ecf8427e', undefined],
  ['file:name', 'C:\\Users\\a b\\evil doc.exe', 'evil doc.exe'],
  ['file:name', '/usr/bin/', undefined],
  ['vulnerability', 'cve_2021_44228', 'CVE-2021-44228'],
  ['vulnerability', 'CVE-21-1', undefined],
  ['mac-addr', '001B.4411.3AB7', '00:1b:44:11:3a:b7'],
  ['mac-addr', '00-1B-44-11-3A-B7', '00:1b:44:11:3a:b7'],
  ['mac-addr', '00:1B-44:11:3A:B7', undefined],
  ['user-account', ' CORP\\alice ', 'CORP\\alice'],
  ['user-account', '-', undefined],
];

describe('canonicalise', () => {
  it.each(cases)('%s %j is %j', (type, raw, value) => {
    expect(canonicalise(type, raw)).toBe(value);
  });
});

describe('observableOf', () => {
  it('names the family that an address really has', () => {
    expect(observableOf('ipv4-addr', '2001:db8::1')?.type).toBe('ipv6-addr');
    expect(observableOf('ipv6-addr', '::ffff:9.9.9.9')).toEqual({
      type: 'ipv4-addr',
      value: '9.9.9.9',
      raw: '::ffff:9.9.9.9',
      offset: 0,
    });
  });

  it.each(['10.1.1.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.1.1', '127.0.0.1', 'fd12::1', 'fe80::1'])(
    'marks %s as private',
    (address) => {
      expect(observableOf('ipv4-addr', address)?.private).toBe(true);
    },
  );
});

describe('defang', () => {
  it.each([
    ['ipv4-addr', '192.0.2.1', '192[.]0[.]2[.]1'],
    ['ipv6-addr', '2001:db8::1', '2001[:]db8[:][:]1'],
    ['domain-name', 'evil.org', 'evil[.]org'],
    ['email-addr', 'joe@evil.org', 'joe[@]evil[.]org'],
    ['url', 'https://evil.org/a.b?c=d', 'hxxps://evil[.]org/a.b?c=d'],
    ['url', 'ldap://evil.org/a', 'ldap[:]//evil[.]org/a'],
    ['file:name', 'a.exe', 'a.exe'],
  ] as const)('shows the %s %s as %s', (type, value, shown) => {
    expect(defang(value, type)).toBe(shown);
  });
});

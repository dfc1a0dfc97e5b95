import { describe, expect, it } from 'vitest';
import { defaultNoise } from '../default-noise.ts';
import { noiseList } from '../noise-list.ts';
import { extractObservables } from './extract.ts';

const found = (text: string) => extractObservables(text).map(({ type, value }) => `${type} ${value}`);

describe('extractObservables', () => {
  it.each([
    ['seen 192.0.2.7:8080, then left', ['ipv4-addr 192.0.2.7']],
    ['net 10.0.0.0/8.', ['ipv4-addr 10.0.0.0/8']],
    ['to outside:203.0.113.5/22 (203.0.113.5/22)', ['ipv4-addr 203.0.113.5']],
    ['192.0.2.0/24/x', ['ipv4-addr 192.0.2.0']],
    ['192.0.2.1-192.0.2.9', ['ipv4-addr 192.0.2.1', 'ipv4-addr 192.0.2.9']],
    ['from [2001:db8::1]:443', ['ipv6-addr 2001:db8::1']],
    ['fe80::1%eth0 up', ['ipv6-addr fe80::1']],
    ['2001:db8:0:0::/32 blocked', ['ipv6-addr 2001:db8::/32']],
    ['::ffff:198.51.100.4 mapped', ['ipv4-addr 198.51.100.4']],
    ['2001:41d0:000a:f78a:0000:0000:0000:0001', ['ipv6-addr 2001:41d0:a:f78a::1']],
    ['oid 1.2.3.4.5 and v1.2.3.4 and 1.2.3.256 and 01.2.3.4', []],
    ['at 10:20:30 std::vector', []],
    ['Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36', []],
    ['bad.domain.CO.UK, EVIL.COM.', ['domain-name evil.com']],
    ['münchen.de', ['domain-name xn--mnchen-3ya.de']],
    ['co.uk and foo.invalidtld and System.Net.Sockets', []],
    ['_dmarc.evil.org', ['domain-name _dmarc.evil.org']],
    ['evil.net:8443', ['domain-name evil.net']],
    ['CVE-2021-44228, cve_2014_0160', ['vulnerability CVE-2021-44228', 'vulnerability CVE-2014-0160']],
    ['mac 00-1B-44-11-3a-b7 001b.4411.3ab7', ['mac-addr 00:1b:44:11:3a:b7']],
    ['SHA1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709', ['file:hashes.SHA-1 da39a3ee5e6b4b0d3255bfef95601890afd80709']],
    ['00000000000000000000000000000000', []],
    ['root@192.0.2.7', ['ipv4-addr 192.0.2.7']],
    ['Ann <ann.lee@mail.org>', ['email-addr ann.lee@mail.org', 'domain-name mail.org']],
  ])('reads %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('a URL in text', () => {
  it.each([
    ['(see http://evil.org/a_(b)).', 'http://evil.org/a_(b)'],
    ['<a href="https://EVIL.org:443/x?y=1">', 'https://evil.org/x?y=1'],
    ["get 'http://evil.org/x', now", 'http://evil.org/x'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the attack string itself
    ['${jndi:ldap://EVIL.org:1389/a}', 'ldap://evil.org:1389/a'],
    ['url:http://evil.org', 'http://evil.org/'],
  ])('of %j is %j and gives its host', (text, url) => {
    expect(found(text)).toEqual([`url ${url}`, 'domain-name evil.org']);
  });

  it('ends where the next one of a list begins', () => {
    expect(found('http://evil.org/a,b,http://evil.org/c;https://evil.org/d')).toEqual([
      'url http://evil.org/a,b',
      'domain-name evil.org',
      'url http://evil.org/c',
      'url https://evil.org/d',
    ]);
  });

  it('gives the address that is hidden in its host', () => {
    expect(found('http://3221225991/')).toEqual(['url http://192.0.2.7/', 'ipv4-addr 192.0.2.7']);
  });

  it.each(['https://good.org/go?u=http://evil.net/x', 'https://good.org/go?u=http%3A%2F%2Fevil.net%2Fx&v=1'])(
    'gives where it leads: %s',
    (text) => {
      expect(found(text)).toEqual(expect.arrayContaining(['url http://evil.net/x', 'domain-name evil.net']));
      expect(found(text)[0]).toContain('url https://good.org/go?u=http');
    },
  );

  it('gives only the host when it is longer than the limit', () => {
    expect(found(`http://evil.org/${'a'.repeat(5000)}`)).toEqual(['domain-name evil.org']);
  });

  it('of twenty million characters costs no stack, and what follows is found', () => {
    const text = `http://evil.org/${'a'.repeat(2e7)} x.net ${'f'.repeat(2e7)} 9.9.9.9`;
    expect(found(text)).toEqual(['domain-name evil.org', 'domain-name x.net', 'ipv4-addr 9.9.9.9']);
  });

  it('holds hashes but no file names', () => {
    expect(found('https://evil.org/d41d8cd98f00b204e9800998ecf8427e/setup.exe').slice(2)).toEqual([
      'file:hashes.MD5 d41d8cd98f00b204e9800998ecf8427e',
    ]);
  });
});

describe('a defanged indicator in text', () => {
  it.each([
    ['hxxps://evil[.]org/x', 'url https://evil.org/x'],
    ['hXXp[:]//evil(.)org', 'url http://evil.org/'],
    ['hxxp[://]evil{.}org', 'url http://evil.org/'],
    ['198.51.100[.]4', 'ipv4-addr 198.51.100.4'],
    ['evil [dot] org', 'domain-name evil.org'],
    ['evil\\.org', 'domain-name evil.org'],
    ['2001[:]db8[:][:]1', 'ipv6-addr 2001:db8::1'],
    ['joe[at]evil[.]org', 'email-addr joe@evil.org'],
    ['joe [@] evil (dot) org', 'email-addr joe@evil.org'],
  ])('%j is %j, and raw is what was written', (text, expected) => {
    const [first] = extractObservables(`see ${text} there`);
    expect(first && `${first.type} ${first.value}`).toBe(expected);
    expect(first).toMatchObject({ raw: text, offset: 4 });
  });
});

describe('a name with an ambiguous ending', () => {
  it.each([
    ['report.zip', 'file:name'],
    ['report[.]zip', 'domain-name'],
    ['www.report.zip', 'domain-name'],
    ['report.zip:443', 'domain-name'],
    ['http://report.zip/', 'url'],
    ['install.sh', 'file:name'],
    ['allegro.pl', 'domain-name'],
    ['/tmp/x.pl', 'file:name'],
    ['C:\\dos\\format.com', 'file:name'],
    ['invoice.pdf.exe', 'file:name'],
  ])('%j is a %s', (text, type) => {
    expect(extractObservables(text)[0]?.type).toBe(type);
  });
});

describe('the options of extractObservables', () => {
  it('leave noise out, also as the host of a URL', () => {
    const noise = noiseList(defaultNoise);
    const text = '127.0.0.1 http://schemas.microsoft.com/x http://www.w3.org/1999/xhtml a@example.com 10.0.0.1';
    expect(extractObservables(text, { noise }).map(({ value }) => value)).toEqual(['10.0.0.1']);
  });

  it('mark private addresses and keep them', () => {
    expect(extractObservables('10.0.0.1 fd00::1 9.9.9.9').map((found) => found.private)).toEqual([
      true,
      true,
      undefined,
    ]);
  });

  it('stop at the limit, in the order of the text', () => {
    const text = 'd41d8cd98f00b204e9800998ecf8427e 1.1.1.1 2.2.2.2 3.3.3.3 CVE-2020-1234';
    expect(extractObservables(text, { limit: 2 }).map(({ value }) => value)).toEqual([
      'd41d8cd98f00b204e9800998ecf8427e',
      '1.1.1.1',
    ]);
  });

  it('name a repeated value once, at its first place', () => {
    expect(extractObservables('x 9.9.9.9 9.9.9.9')).toEqual([
      { type: 'ipv4-addr', value: '9.9.9.9', raw: '9.9.9.9', offset: 2 },
    ]);
  });
});

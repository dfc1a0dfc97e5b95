import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultNoise } from './default-noise.ts';
import { fromMispWarningList } from './misp-warning-list.ts';
import { anyNoise, noiseList } from './noise-list.ts';

const list = (name: string) =>
  fromMispWarningList(JSON.parse(readFileSync(new URL(`../fixtures/misp-${name}.json`, import.meta.url), 'utf8')));

describe('noiseList', () => {
  const noise = noiseList({
    values: ['Setup.EXE'],
    domains: ['.cdn.net'],
    cidrs: ['198.51.100.0/24', '2001:db8::/33', '9.9.9.9'],
    substrings: ['sandbox'],
    patterns: [{ type: 'file:name', glob: 'tmp*.dat' }],
  });

  it.each([
    ['file:name', 'setup.exe', true],
    ['domain-name', 'a.b.cdn.net', true],
    ['domain-name', 'evilcdn.net', false],
    ['url', 'https://user@x.cdn.net:8443/a', true],
    ['url', 'https://evil.org/cdn.net', false],
    ['email-addr', 'joe@cdn.net', true],
    ['ipv4-addr', '198.51.100.77', true],
    ['ipv4-addr', '198.51.101.77', false],
    ['ipv4-addr', '9.9.9.9', true],
    ['ipv6-addr', '2001:db8:7fff::1', true],
    ['ipv6-addr', '2001:db8:8000::1', false],
    ['url', 'http://[2001:db8::1]:80/', true],
    ['domain-name', 'my-sandbox.org', true],
    ['file:name', 'tmp123.dat', true],
    ['file:name', 'tmp123.dat.exe', false],
    ['domain-name', 'tmp.dat', false],
  ] as const)('%s %s: %s', (type, value, expected) => {
    expect(noise.matches(type, value)).toBe(expected);
  });

  it('refuses a network that it cannot read', () => {
    expect(() => noiseList({ cidrs: ['10.0.0.0/99'] })).toThrow('"10.0.0.0/99"');
  });

  it('keeps private addresses, and leaves this host out', () => {
    const defaults = noiseList(defaultNoise);
    expect(defaults.matches('ipv4-addr', '192.168.1.1')).toBe(false);
    expect(defaults.matches('ipv4-addr', '127.0.0.53')).toBe(true);
    expect(defaults.matches('ipv6-addr', '::1')).toBe(true);
    expect(defaults.matches('ipv6-addr', '::2')).toBe(false);
  });

  it('joins lists', () => {
    const both = anyNoise(noiseList({ values: ['a.org'] }), noiseList({ values: ['b.org'] }));
    expect([both.matches('domain-name', 'b.org'), both.matches('domain-name', 'c.org')]).toEqual([true, false]);
  });
});

describe('fromMispWarningList', () => {
  it('covers what lies below the names of a hostname list', () => {
    const noise = noiseList(list('link-in-bio').noise);
    expect(noise.matches('url', 'https://www.bit.ly/x')).toBe(true);
    expect(noise.matches('domain-name', 'notbit.ly')).toBe(false);
  });

  it('compares whole values of a string list', () => {
    const noise = noiseList(list('public-ipfs-gateways').noise);
    expect(noise.matches('domain-name', 'dweb.link')).toBe(true);
    expect(noise.matches('domain-name', 'x.dweb.link')).toBe(false);
  });

  it('looks inside values for the entries of a substring list', () => {
    expect(noiseList(list('automated-malware-analysis').noise).matches('url', 'https://app.any.run/t/1')).toBe(true);
  });

  it('reads a cidr list, and names the entries that are no network', () => {
    expect(noiseList(list('multicast').noise).matches('ipv4-addr', '239.255.255.250')).toBe(true);
    const odd = fromMispWarningList({ name: 'x', type: 'cidr', list: ['10.0.0.0/8', 'ten'] });
    expect(odd).toEqual({ name: 'x', noise: { cidrs: ['10.0.0.0/8'] }, unsupported: ['ten'] });
  });

  it('does not run regular expressions, and says which', () => {
    expect(list('common-contact-emails')).toMatchObject({ noise: {}, unsupported: [expect.stringContaining('abuse')] });
  });

  it.each([
    null,
    [],
    { name: 'x', type: 'glob', list: [] },
    { name: 'x', type: 'cidr', list: [1] },
    { type: 'cidr', list: [] },
  ])('refuses %j', (json) => {
    expect(() => fromMispWarningList(json)).toThrow('not a MISP warning list');
  });
});

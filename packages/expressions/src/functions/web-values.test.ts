import { describe, expect, it } from 'vitest';
import {
  canonicalDomain,
  canonicalEmail,
  canonicalUrl,
  defang,
  hostOf,
  refang,
  registeredDomain,
} from './web-values.ts';

describe('canonicalDomain', () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['example.com.', 'example.com'],
    ['_dmarc.example.com', '_dmarc.example.com'],
    ['dc01.corp.local', 'dc01.corp.local'],
    ['münchen.example', 'xn--mnchen-3ya.example'],
    ['a.co.uk', 'a.co.uk'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalDomain(text)).toBe(canonical);
  });

  it.each([
    'com',
    'co.uk',
    'github.io',
    'localhost',
    '10.0.0.1',
    '::1',
    '1.2.3',
    'a..b.com',
    '-a.example.com',
    'a-.example.com',
    'a b.com',
    'a.com/x',
    'a.com:80',
    'u@a.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(130)}com`,
    '',
    '.',
    'ex\u0000ample.com',
    'example.com\n',
  ])('refuses %j', (text) => {
    expect(canonicalDomain(text)).toBeUndefined();
  });
});

describe('canonicalUrl', () => {
  it.each([
    ['http://EXAMPLE.com', 'http://example.com/'],
    ['https://google.com@evil.example/login#x', 'https://evil.example/login'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['https://example.com:443/a?b=c', 'https://example.com/a?b=c'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalUrl(text)).toBe(canonical);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://a.example/',
    '//a.example',
    'a.example',
    'http://',
    'http://a b/',
    'http://a.example/\nx',
    `http://a.example/${'a'.repeat(9_000)}`,
  ])('refuses %j', (text) => {
    expect(canonicalUrl(text)).toBeUndefined();
  });
});

describe('canonicalEmail', () => {
  it.each([
    'alice',
    '@example.com',
    'a@b',
    'a@@example.com',
    'a b@example.com',
    '.a@example.com',
    'a..b@example.com',
    `${'a'.repeat(65)}@example.com`,
    'a@com',
    'a@example.com>',
  ])('refuses %j', (text) => {
    expect(canonicalEmail(text)).toBeUndefined();
  });
});

describe('hostOf', () => {
  it.each([
    ['https://user:pw@Host.example:8080/x', 'host.example'],
    ['Bob <bob', undefined],
    ['bob@Example.com', 'example.com'],
    ['10.0.0.1', '10.0.0.1'],
    ['http://', undefined],
  ])('finds in %s the host %s', (text, host) => {
    expect(hostOf(text)).toBe(host);
  });

  it('knows which domain is registered', () => {
    expect(registeredDomain('a.b.example.com.au')).toBe('example.com.au');
    expect(registeredDomain('dc01')).toBeUndefined();
  });
});

describe('defang and refang', () => {
  const text = 'see https://evil.example/a.b?c=d, 203.0.113.7 and bad@evil.example. Done.';

  it('are each other’s reverse, and leave the ends of sentences alone', () => {
    expect(defang(text)).toBe(
      'see hxxps://evil[.]example/a[.]b?c=d, 203[.]0[.]113[.]7 and bad[@]evil[.]example. Done.',
    );
    expect(refang(defang(text))).toBe(text);
  });

  it.each([
    ['hxxp://a(.)example', 'http://a.example'],
    ['hXXps[:]//a{.}example', 'https://a.example'],
    ['h**p://a[dot]example', 'http://a.example'],
    ['user [at] a [dot] example', 'user@a.example'],
    ['a[.]example[:]443', 'a.example:443'],
  ])('reads %s as %s', (written, meant) => {
    expect(refang(written)).toBe(meant);
  });
});

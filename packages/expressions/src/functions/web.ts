import { types } from '../types.ts';
import { setOwn } from '../values.ts';
import { invalidValue } from './helpers.ts';
import type { FunctionSpec } from './spec.ts';
import { defang, hashType, hostOf, parseWebUrl, refang, registeredDomain } from './web-values.ts';

const group = 'web';

function urlParts(url: URL): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const [key, value] of url.searchParams) if (!Object.hasOwn(query, key)) setOwn(query, key, value);
  const standard = url.protocol === 'https:' ? 443 : 80;
  return {
    scheme: url.protocol.slice(0, -1),
    host: url.hostname,
    port:
      url.port === '' ? (url.protocol === 'http:' || url.protocol === 'https:' ? standard : null) : Number(url.port),
    path: url.pathname,
    query,
    fragment: url.hash.slice(1),
    user: decodeUser(url.username),
  };
}

function decodeUser(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const urlType = types.object({
  scheme: { type: types.string },
  host: { type: types.string },
  port: { type: types.int },
  path: { type: types.string },
  query: { type: types.map(types.string) },
  fragment: { type: types.string },
  user: { type: types.string },
});

/** Functions on URLs, domains and hashes. */
export const webFunctions: readonly FunctionSpec[] = [
  {
    name: 'domain_of',
    group,
    cost: 15,
    signatures: ['domain_of(text: string) -> string'],
    method: true,
    summary: 'The host of a URL, an e-mail address or a host name; null when there is none.',
    examples: [
      { expression: 'domain_of("https://Login.Example.com:8443/a")', result: 'login.example.com' },
      { expression: 'domain_of("alice@example.org")', result: 'example.org' },
      { expression: 'domain_of("no host")', result: null },
    ],
    run: ([text]) => hostOf(text as string) ?? null,
  },
  {
    name: 'registered_domain',
    group,
    cost: 40,
    signatures: ['registered_domain(text: string) -> string'],
    method: true,
    summary: 'The domain that someone registered, by the public suffix list; null when there is none.',
    examples: [
      { expression: 'registered_domain("https://mail.shop.example.co.uk/x")', result: 'example.co.uk' },
      { expression: 'registered_domain("10.0.0.1")', result: null },
    ],
    run: ([text]) => registeredDomain(text as string) ?? null,
  },
  {
    name: 'parse_url',
    group,
    cost: 40,
    signatures: ['parse_url(url: string) -> map(dyn)'],
    method: true,
    returns: urlType,
    summary:
      'The parts of a URL: scheme, host, port (null when unknown), path, query (first value of each key), fragment, user.',
    examples: [
      { expression: 'parse_url("https://example.com/a?id=7").query.id', result: '7' },
      { expression: 'parse_url("http://google.com@203.0.113.9/").host', result: '203.0.113.9' },
      { expression: 'parse_url("not a url")', error: 'expressions.invalid_value' },
    ],
    run: ([text], runtime) => {
      const url = parseWebUrl(text as string);
      if (!url) throw invalidValue(text, 'a URL', runtime);
      return urlParts(url);
    },
  },
  {
    name: 'defang',
    group,
    signatures: ['defang(text: string) -> string'],
    method: true,
    summary: 'The text with links made harmless for messages and tickets.',
    examples: [
      {
        expression: 'defang("http://evil.example/a and bad@evil.example")',
        result: 'hxxp://evil[.]example/a and bad[@]evil[.]example',
      },
    ],
    run: ([text]) => defang(text as string),
  },
  {
    name: 'refang',
    group,
    signatures: ['refang(text: string) -> string'],
    method: true,
    summary: 'The text with defanged addresses made whole again.',
    examples: [{ expression: 'refang("hxxps://evil[.]example[:]8080")', result: 'https://evil.example:8080' }],
    run: ([text]) => refang(text as string),
  },
  {
    name: 'hash_type',
    group,
    signatures: ['hash_type(text: string) -> string'],
    method: true,
    trusted: true,
    summary: 'The kind of a hash in hex digits: md5, sha1, sha224, sha256, sha384 or sha512; null for other text.',
    examples: [
      { expression: 'hash_type("d41d8cd98f00b204e9800998ecf8427e")', result: 'md5' },
      { expression: 'hash_type("cafe")', result: null },
    ],
    run: ([text]) => hashType(text as string) ?? null,
  },
];

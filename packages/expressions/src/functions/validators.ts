import { formatAddress, isPublic, parseAddress } from './addresses.ts';
import { invalidValue } from './helpers.ts';
import type { FunctionExample, FunctionSpec } from './spec.ts';
import { canonicalDomain, canonicalEmail, canonicalUrl, hashType } from './web-values.ts';

const group = 'validators';

function validator(
  name: string,
  expected: string,
  summary: string,
  examples: readonly FunctionExample[],
  canonical: (text: string) => string | undefined,
): FunctionSpec {
  return {
    name,
    group,
    signatures: [`${name}(text: string) -> string`],
    method: false,
    trusted: true,
    cost: 30,
    summary,
    examples,
    run: ([text], runtime) => {
      const value = canonical((text as string).trim());
      if (value === undefined) throw invalidValue(text, expected, runtime);
      return value;
    },
  };
}

function publicAddress(text: string): string | undefined {
  const address = parseAddress(text);
  return address && isPublic(address) ? formatAddress(address) : undefined;
}

const ERROR = 'expressions.invalid_value';

/** Checks that turn text from outside into something that can be acted upon: the canonical value, or an error. */
export const validatorFunctions: readonly FunctionSpec[] = [
  validator(
    'blockable',
    'one public IP address',
    'The address in canonical form, when it is one public host that can be blocked: not a network, and not private, loopback, link-local, shared (CGNAT), multicast or reserved. Documentation networks are let through, since labs use them.',
    [
      { expression: 'blockable("203.0.113.7")', result: '203.0.113.7' },
      { expression: 'blockable("2001:0DB8::0001")', result: '2001:db8::1' },
      { expression: 'blockable("::ffff:10.0.0.1")', error: ERROR },
      { expression: 'blockable("0.0.0.0/0")', error: ERROR },
    ],
    publicAddress,
  ),
  validator(
    'valid.ip',
    'an IP address',
    'The IP address, of any kind, in canonical form.',
    [
      { expression: 'valid.ip(" 10.0.0.1 ")', result: '10.0.0.1' },
      { expression: 'valid.ip("010.0.0.1")', error: ERROR },
    ],
    (text) => {
      const address = parseAddress(text);
      return address && formatAddress(address);
    },
  ),
  validator(
    'valid.public_ip',
    'a public IP address',
    'The IP address in canonical form, when is_public_ip holds for it.',
    [
      { expression: 'valid.public_ip("198.51.100.23")', result: '198.51.100.23' },
      { expression: 'valid.public_ip("127.0.0.1")', error: ERROR },
    ],
    publicAddress,
  ),
  validator(
    'valid.domain',
    'a domain name',
    'The domain name in lower case and ASCII. A bare public suffix such as co.uk is refused.',
    [
      { expression: 'valid.domain("Bücher.example.")', result: 'xn--bcher-kva.example' },
      { expression: 'valid.domain("co.uk")', error: ERROR },
      { expression: 'valid.domain("evil.example/path")', error: ERROR },
    ],
    canonicalDomain,
  ),
  validator(
    'valid.email',
    'an e-mail address',
    'The e-mail address with its domain in canonical form.',
    [
      { expression: 'valid.email("Alice@EXAMPLE.com")', result: 'Alice@example.com' },
      { expression: 'valid.email("alice@")', error: ERROR },
    ],
    canonicalEmail,
  ),
  validator(
    'valid.url',
    'an http or https URL',
    'The http or https URL in canonical form, without user name, password and fragment.',
    [
      { expression: 'valid.url("HTTP://user@Evil.example:80/a/../b#c")', result: 'http://evil.example/b' },
      { expression: 'valid.url("javascript:alert(1)")', error: ERROR },
    ],
    canonicalUrl,
  ),
  validator(
    'valid.hash',
    'an MD5, SHA-1 or SHA-2 hash in hex digits',
    'The hash in lower case.',
    [
      { expression: 'valid.hash("D41D8CD98F00B204E9800998ECF8427E")', result: 'd41d8cd98f00b204e9800998ecf8427e' },
      { expression: 'valid.hash("xyz")', error: ERROR },
    ],
    (text) => (hashType(text) ? text.toLowerCase() : undefined),
  ),
];

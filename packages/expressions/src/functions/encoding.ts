import { isCounterpointError, parseJson, sha256 } from '@counterpoint/core';
import type { Runtime } from '../runtime.ts';
import { invalidValue, writeJson } from './helpers.ts';
import type { FunctionSpec } from './spec.ts';

const group = 'encoding';

function unbase64(text: string, runtime: Runtime): string {
  const compact = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const bytes = Buffer.from(compact, 'base64');
  if (!/^[A-Za-z0-9+/]*$/.test(compact) || compact.length % 4 === 1) throw invalidValue(text, 'base64', runtime);
  return bytes.toString('utf8');
}

function fromJson(text: string, runtime: Runtime): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (isCounterpointError(error)) throw invalidValue(text, 'JSON of bounded depth', runtime);
    throw error;
  }
}

function urlDecode(text: string, runtime: Runtime): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidValue(text, 'percent-encoded text', runtime);
  }
}

/** Functions that write and read encodings. */
export const encodingFunctions: readonly FunctionSpec[] = [
  {
    name: 'base64',
    group,
    signatures: ['base64(text: string) -> string'],
    method: true,
    summary: 'The UTF-8 text in base64 (RFC 4648 §4).',
    examples: [{ expression: 'base64("counterpoint")', result: 'Y291bnRlcnBvaW50' }],
    run: ([text]) => Buffer.from(text as string, 'utf8').toString('base64'),
  },
  {
    name: 'unbase64',
    group,
    signatures: ['unbase64(text: string) -> string'],
    method: true,
    summary: 'The UTF-8 text that base64 or base64url holds; bytes that are no UTF-8 become the replacement character.',
    examples: [
      { expression: 'unbase64("Y291bnRlcnBvaW50")', result: 'counterpoint' },
      { expression: 'unbase64("?")', error: 'expressions.invalid_value' },
    ],
    run: ([text], runtime) => unbase64(text as string, runtime),
  },
  {
    name: 'url_encode',
    group,
    signatures: ['url_encode(text: string) -> string'],
    method: true,
    summary: 'The text as it can stand in a URL’s query.',
    examples: [{ expression: 'url_encode("a b&c")', result: 'a%20b%26c' }],
    run: ([text]) => encodeURIComponent((text as string).toWellFormed()),
  },
  {
    name: 'url_decode',
    group,
    signatures: ['url_decode(text: string) -> string'],
    method: true,
    summary: 'The text that percent-encoding holds; + is a space.',
    examples: [{ expression: 'url_decode("a%20b+c")', result: 'a b c' }],
    run: ([text], runtime) => urlDecode(text as string, runtime),
  },
  {
    name: 'json',
    group,
    signatures: ['json(value: dyn) -> string'],
    method: false,
    summary: 'The value as JSON text.',
    examples: [{ expression: 'json({"ip": "203.0.113.7", "score": 88})', result: '{"ip":"203.0.113.7","score":88}' }],
    run: ([value], runtime) => writeJson(value, runtime),
  },
  {
    name: 'parse_json',
    group,
    signatures: ['parse_json(text: string) -> dyn'],
    method: true,
    summary: 'The value that JSON text holds. It is data: nothing in it is evaluated.',
    examples: [
      { expression: 'parse_json("{\\"score\\": 88}").score', result: 88 },
      { expression: 'parse_json("{")', error: 'expressions.invalid_value' },
    ],
    run: ([text], runtime) => {
      runtime.charge((text as string).length >>> 3);
      return fromJson(text as string, runtime);
    },
  },
  {
    name: 'sha256',
    group,
    cost: 15,
    signatures: ['sha256(text: string) -> string'],
    method: true,
    summary: 'The SHA-256 of the UTF-8 text, as 64 hex digits.',
    examples: [
      { expression: 'sha256("")', result: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    ],
    run: ([text]) => sha256(text as string),
  },
];

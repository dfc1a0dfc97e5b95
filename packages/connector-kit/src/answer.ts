import { escapeControl, type Json, parseJson } from '@counterpoint/core';
import { compileExpression } from '@counterpoint/expressions';
import type { EgressResponse } from './connector.ts';
import type { Performed } from './errors.ts';
import type { ConnectorErrorName, ErrorMapping } from './manifest.ts';

/** A vendor's answer, read: `body` is null when there is none or it is not JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly readable: boolean;
  /** The size of the body as it came. */
  readonly bytes: number;
}

/** An error that an answer means. */
export interface Complaint {
  readonly error: ConnectorErrorName;
  readonly reason: string;
  readonly performed: Performed;
}

/** A compiled {@link ErrorMapping}: what the answer means by it, or undefined when it does not apply. */
export type Complainer = (answer: Answer) => Complaint | undefined;

const MAX_WORDS = 300;
/** Errors by which a vendor says that it did not do it. */
const REFUSALS: ReadonlySet<ConnectorErrorName> = new Set([
  'invalid_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'rate_limited',
]);
const STATUS_ERRORS: Readonly<Record<number, ConnectorErrorName>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  408: 'timeout',
  409: 'conflict',
  410: 'not_found',
  429: 'rate_limited',
};

/** Reads an answer; what is not JSON, or nests too deep, is marked as not readable. */
export function readAnswer(response: EgressResponse): Answer {
  const { status, headers } = response;
  const bytes = response.body.length;
  const text = response.text();
  if (text.trim() === '') return { status, headers, body: null, readable: true, bytes };
  try {
    return { status, headers, body: parseJson(text), readable: true, bytes };
  } catch {
    return { status, headers, body: null, readable: false, bytes };
  }
}

function member(value: Json | undefined, key: string): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, Json>>)[key]
    : undefined;
}

/** Finds the sentence in an error body, where vendors commonly put it. */
function vendorWords(body: Json): string {
  const errors = member(body, 'errors');
  const error = member(body, 'error');
  const holders = [error, Array.isArray(errors) ? (errors[0] as Json) : undefined, body];
  for (const holder of holders) {
    if (typeof holder === 'string') return holder;
    for (const key of ['message', 'detail', 'error_description', 'description', 'title', 'reason']) {
      const words = member(holder, key);
      if (typeof words === 'string') return words;
    }
  }
  return '';
}

function sentence(status: number, words: string): string {
  const short = words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
  return words === '' ? `HTTP ${status}` : `HTTP ${status}, ${escapeControl(short)}`;
}

/**
 * Compiles an error mapping. A condition that cannot be evaluated on an answer (a field it names is absent) does not
 * apply to it.
 */
export function compileComplainer(mapping: ErrorMapping): Complainer {
  const when = compileExpression(mapping.when);
  const message = mapping.message === undefined ? undefined : compileExpression(mapping.message);
  const attempt = (evaluate: () => unknown): unknown => {
    try {
      return evaluate();
    } catch {
      return undefined;
    }
  };
  return ({ status, headers, body }) => {
    const scope = { status, headers, body };
    if (attempt(() => when.evaluate(scope)) !== true) return undefined;
    const words = message && attempt(() => message.evaluate(scope));
    return {
      error: mapping.error,
      reason: sentence(status, typeof words === 'string' ? words : vendorWords(body)),
      performed: REFUSALS.has(mapping.error) ? 'no' : 'maybe',
    };
  };
}

/** What a status means when no mapping applies; undefined for a success. */
export function complaintOfStatus({ status, body }: Answer): Complaint | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status < 400) return { error: 'bad_response', reason: sentence(status, 'a redirect'), performed: 'no' };
  const error = STATUS_ERRORS[status] ?? (status < 500 ? 'invalid_request' : 'unavailable');
  const performed = status >= 500 || status === 408 ? 'maybe' : 'no';
  return { error, reason: sentence(status, vendorWords(body)), performed };
}

/** The vendor's `Retry-After` (RFC 9110 §10.2.3: seconds or a date) in milliseconds, never negative. */
export function retryAfterOf(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

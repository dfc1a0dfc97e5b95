import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { errors } from '../errors.ts';

/** What tells where a request was sent from. */
export type Sent = Pick<FastifyRequest, 'method' | 'headers' | 'host'>;

const READING = new Set(['GET', 'HEAD']);

/** The header that carries the proof of a session's page. */
export const CSRF_HEADER = 'x-csrf-token';

/** Whether a request only asks for something. */
export function isReading({ method }: Pick<Sent, 'method'>): boolean {
  return READING.has(method);
}

/**
 * Whether a browser says that a page of somebody else sent this: by Sec-Fetch-Site (W3C Fetch Metadata) or Origin. Another port
 * of the same host is somebody else too.
 */
export function fromElsewhere({ headers, host }: Sent): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  return origin !== undefined && URL.parse(origin)?.host !== URL.parse(`http://${host}`)?.host;
}

/** Whether two texts are the same, in a time that does not depend on where they differ. */
export function sameText(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Passes a request that a page of this server sent in the name of who is signed in there. Reading needs no more than not to
 * come from elsewhere; a change needs a browser that says that it came from here, and the session's proof.
 *
 * @throws api.request_foreign, api.csrf_missing
 */
export function requireOwnPage(request: Sent, csrf: string): void {
  if (fromElsewhere(request)) throw errors.request_foreign();
  if (isReading(request)) return;
  const { headers } = request;
  if (headers.origin === undefined && headers['sec-fetch-site'] !== 'same-origin') throw errors.request_foreign();
  const proof = headers[CSRF_HEADER];
  if (typeof proof !== 'string' || !sameText(proof, csrf)) throw errors.csrf_missing();
}

import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '@counterpoint/core';
import type { SourceRow } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { headerOf, type RequestHeaders } from './headers.ts';
import { checkSignature, isDeliveryId, signingKey } from './standard-webhooks.ts';

/** A request as it came in. */
export interface InboundRequest {
  /** Names in lower case. */
  readonly headers: RequestHeaders;
  /** The body, byte for byte. */
  readonly body: Uint8Array;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Who sent what, as far as it is proven. */
export interface AuthenticatedRequest {
  /** The sender's delivery id (`webhook-id`), or `sha256:<hash of the body>` when it gave none. */
  readonly delivery: string;
}

/** Opens a secret of the vault by id. */
export type OpenSecret = (id: string) => Promise<string>;

type TokenAuth = Extract<SourceRow['auth'], { kind: 'token' }>;

const BEARER = /^bearer +([\x21-\x7e]{1,512}) *$/i;

/**
 * Lets a request of a source pass, or refuses it: by token (`Authorization: Bearer …` or `X-Counterpoint-Token`) or by
 * Standard Webhooks signature, as the source says. Comparisons take the same time wherever values differ.
 *
 * Whether a delivery id was used before is for the caller to say, who keeps deliveries.
 *
 * @throws ingest.unauthenticated, ingest.source_disabled, ingest.delivery_invalid, and what `openSecret` throws
 */
export async function authenticateRequest(
  source: SourceRow,
  request: InboundRequest,
  openSecret: OpenSecret,
): Promise<AuthenticatedRequest> {
  const delivery =
    source.auth.kind === 'token'
      ? byToken(source.auth, request)
      : await bySignature(source.auth.secrets, request, openSecret);
  if (!source.enabled) throw errors.source_disabled({ source: source.id });
  return { delivery };
}

function isHash(kept: string, token: string): boolean {
  const given = Buffer.from(sha256(token));
  const expected = Buffer.from(kept);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function byToken({ hash, before = '' }: TokenAuth, { headers, body }: InboundRequest): string {
  const token = BEARER.exec(headerOf(headers, 'authorization') ?? '')?.[1] ?? headerOf(headers, 'x-counterpoint-token');
  if (token === undefined) throw errors.unauthenticated({ reason: 'it carries no token' });
  if (!isHash(hash, token)) {
    const reason = isHash(before, token)
      ? 'it carries the token that the source had before its last new one'
      : 'it carries a token that is not this source’s';
    throw errors.unauthenticated({ reason });
  }
  const id = headers['webhook-id'];
  if (id === undefined) return `sha256:${sha256(body)}`;
  if (typeof id !== 'string' || !isDeliveryId(id)) {
    throw errors.delivery_invalid({ reason: 'it is malformed or was sent twice' });
  }
  return id;
}

async function bySignature(
  secrets: readonly string[],
  { headers, body, now }: InboundRequest,
  openSecret: OpenSecret,
): Promise<string> {
  // Without the headers nothing needs to be decrypted.
  if (headerOf(headers, 'webhook-signature') === undefined) {
    throw errors.unauthenticated({ reason: 'it is not signed' });
  }
  const keys = (await Promise.all(secrets.map(openSecret))).map(signingKey).filter((key) => key !== undefined);
  const result = checkSignature(headers, body, keys, now);
  if ('refused' in result) throw errors.unauthenticated({ reason: result.refused });
  return result.delivery;
}

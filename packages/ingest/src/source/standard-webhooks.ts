import { createHmac, timingSafeEqual } from 'node:crypto';
import { headerOf, type RequestHeaders } from './headers.ts';

/** How far `webhook-timestamp` may be from our clock, in seconds, before and after. */
export const SIGNATURE_TOLERANCE = 300;

const MAX_SIGNATURES = 20;
const VISIBLE = /^[\x21-\x2d\x2f-\x7e]{1,200}$/;

/** Why a signed request is refused, or the delivery id of one that is accepted. */
export type SignatureCheck = { readonly delivery: string } | { readonly refused: string };

/** Whether text can be a delivery id: visible ASCII without full stop, which would let parts of the signed text move. */
export function isDeliveryId(text: string): boolean {
  return VISIBLE.test(text);
}

/** The key bytes of a `whsec_…` secret (base64 behind the prefix); undefined when it is none. */
export function signingKey(secret: string): Buffer | undefined {
  const encoded = secret.startsWith('whsec_') ? secret.slice(6) : undefined;
  if (encoded === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  return Buffer.from(encoded, 'base64');
}

/** The value of `webhook-signature` for one secret: `v1,<base64 of HMAC-SHA256 over id.timestamp.body>`. */
export function signWebhook(key: Buffer, id: string, timestamp: string, body: Uint8Array): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/**
 * Checks a request against the Standard Webhooks specification ("Verifying webhook authenticity"): all three headers,
 * a time within {@link SIGNATURE_TOLERANCE}, and one of the signatures made with one of the keys. Every key is tried
 * against every signature, so the time taken does not tell which one matched.
 *
 * @param now Unix milliseconds.
 */
export function checkSignature(
  headers: RequestHeaders,
  body: Uint8Array,
  keys: readonly Buffer[],
  now: number,
): SignatureCheck {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signature = headerOf(headers, 'webhook-signature');
  if (id === undefined || timestamp === undefined || signature === undefined) {
    return { refused: 'webhook-id, webhook-timestamp and webhook-signature must each be there once' };
  }
  if (!isDeliveryId(id)) return { refused: 'the webhook-id is malformed' };
  if (!/^\d{1,12}$/.test(timestamp)) return { refused: 'the webhook-timestamp is not a number of seconds' };
  const age = Math.abs(now / 1000 - Number(timestamp));
  if (age > SIGNATURE_TOLERANCE) {
    return { refused: `the webhook-timestamp is more than ${SIGNATURE_TOLERANCE} seconds away from this clock` };
  }
  const given = signature
    .split(' ', MAX_SIGNATURES)
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part));
  let matches = 0;
  for (const key of keys) {
    const expected = Buffer.from(signWebhook(key, id, timestamp, body));
    for (const candidate of given) {
      if (candidate.length === expected.length && timingSafeEqual(candidate, expected)) matches += 1;
    }
  }
  return matches > 0 ? { delivery: id } : { refused: 'no signature matches' };
}

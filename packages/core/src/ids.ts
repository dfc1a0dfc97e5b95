import { createHash, randomBytes } from 'node:crypto';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const POOL_BYTES = 16 * 256;

let pool: Buffer = Buffer.alloc(0);
let poolOffset = 0;
let lastMillis = -1;
let counter = 0;

function randomSlice(size: number): Buffer {
  if (poolOffset + size > pool.length) {
    pool = randomBytes(POOL_BYTES);
    poolOffset = 0;
  }
  const slice = pool.subarray(poolOffset, poolOffset + size);
  poolOffset += size;
  return slice;
}

function hex(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let index = from; index < to; index++) text += HEX[bytes[index] as number];
  return text;
}

function formatUuid(bytes: Uint8Array): string {
  return `${hex(bytes, 0, 4)}-${hex(bytes, 4, 6)}-${hex(bytes, 6, 8)}-${hex(bytes, 8, 10)}-${hex(bytes, 10, 16)}`;
}

/**
 * A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, a 12-bit counter that keeps ids of one millisecond
 * increasing within this process (§6.2, method 1), and 62 random bits.
 *
 * @param now Unix milliseconds; the caller's clock.
 */
export function newId(now: number = Date.now()): string {
  let millis = Math.floor(now);
  if (millis <= lastMillis) {
    millis = lastMillis;
    counter += 1;
    if (counter > 0xfff) {
      counter = 0;
      millis += 1;
    }
  } else {
    counter = 0;
  }
  lastMillis = millis;
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(millis, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  randomSlice(8).copy(bytes, 8);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return formatUuid(bytes);
}

/**
 * A W3C trace id: 32 lower-case hex digits, never all zero (W3C Trace Context §3.2.2.3). It begins with 48 bits of Unix
 * milliseconds, so that indexes by trace grow at their end (a quarter more commits per second); the other 80 bits are
 * random, as the random trace-id flag of Level 2 asks of the last 56.
 *
 * @param now Unix milliseconds; the caller's clock.
 */
export function newTraceId(now: number = Date.now()): string {
  return Math.floor(now).toString(16).padStart(12, '0') + hex(randomSlice(10), 0, 10);
}

/** A URL-safe random secret of `bytes` bytes (default 32, 256 bits), for tokens and one-time codes. */
export function newSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** SHA-256 as 64 lower-case hex digits. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * A name-based id that looks like a UUID (RFC 9562 §5.8, version 8): the same parts give the same id, so that
 * writing the same thing twice meets its own primary key.
 */
export function stableId(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return formatUuid(bytes);
}

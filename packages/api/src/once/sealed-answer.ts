import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { Json } from '@counterpoint/core';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What a request was about, as only who has its key can tell. Passwords in it cannot be tried out on what is stored. */
export function markOf(key: string, what: string): string {
  return createHmac('sha256', key).update(what).digest('base64url');
}

/** What a kept answer is found by: it tells neither who asked nor the key. */
export function idOf(principal: string, key: string): string {
  return createHash('sha256').update(`${principal}\n${key}`).digest('base64url');
}

/** What the answers that a person keeps are counted by; it does not tell who it is. */
export function askerOf(person: string): string {
  return createHash('sha256').update(`asker\n${person}`).digest('base64url');
}

function sealingKey(key: string): Buffer {
  return createHmac('sha256', key).update('counterpoint answer').digest();
}

/** Seals an answer with the key of its request: it may hold a token that is shown once, and the store holds no secrets. */
export function sealAnswer(key: string, answer: Json): Uint8Array {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, sealingKey(key), iv);
  const body = [cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()];
  return Buffer.concat([iv, cipher.getAuthTag(), ...body]);
}

/** Opens what {@link sealAnswer} made. @throws Error when it is not that, or was made with another key */
export function openAnswer(key: string, sealed: Uint8Array): Json {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv(ALGORITHM, sealingKey(key), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const body = bytes.subarray(IV_BYTES + TAG_BYTES);
  return JSON.parse(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'));
}

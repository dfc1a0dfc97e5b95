import { randomBytes } from 'node:crypto';
import { sha256 } from '@counterpoint/core';
import { decrypt, encrypt } from './cipher.ts';

/** Wraps and unwraps data keys with one key-encryption key (KEK), which never leaves it. */
export interface KeyProvider {
  /** Names the key without revealing it; stored beside everything it wrapped. */
  readonly kek: string;
  wrap(key: Uint8Array, context: string): Uint8Array;
  /** Undefined when the bytes were altered, or wrapped with another key or in another context. */
  unwrap(wrapped: Uint8Array, context: string): Buffer | undefined;
}

const PREFIX = 'counterpoint-key-v1:';
const KEY_BYTES = 32;

/** A new key-encryption key in its text form: the prefix and 256 random bits as base64url. */
export function newKeyText(): string {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
}

/** Reads the text form of a key; white space around it is ignored. Gives the reason when it is none. */
export function parseKeyText(text: string): { readonly key: Buffer } | { readonly reason: string } {
  const trimmed = text.trim();
  if (trimmed === '') return { reason: 'it is empty' };
  if (!trimmed.startsWith(PREFIX)) return { reason: `it does not begin with "${PREFIX}"` };
  const encoded = trimmed.slice(PREFIX.length);
  const key = Buffer.from(encoded, 'base64url');
  // Comparing with the encoding of what was read refuses characters and spare bits that decoding skips.
  if (key.length !== KEY_BYTES || key.toString('base64url') !== encoded) {
    return { reason: `it has ${encoded.length} characters behind the prefix that do not make up 32 bytes` };
  }
  return { key };
}

/** Makes a provider from 32 key bytes. */
export function createKeyProvider(key: Uint8Array): KeyProvider {
  return {
    kek: sha256(Buffer.concat([Buffer.from('counterpoint-kek-id|'), key])).slice(0, 16),
    wrap: (data, context) => encrypt(key, data, `data-key|${context}`),
    unwrap: (wrapped, context) => decrypt(key, wrapped, `data-key|${context}`),
  };
}

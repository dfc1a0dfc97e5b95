import { generateKeyPairSync } from 'node:crypto';
import { sha256 } from '@counterpoint/core';
import { readPublicKey } from './key-text.ts';

/**
 * The key pair to which secrets are sealed for an edge node (X25519, RFC 7748). It is made on the edge; the private half
 * never leaves it.
 */
export interface NodeKeys {
  /** PKCS#8 PEM: a secret, for the vault. */
  readonly privateKey: string;
  /** SPKI PEM, for the centre. */
  readonly publicKey: string;
}

/** Makes new keys. */
export function newNodeKeys(): NodeKeys {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/**
 * The fingerprint of a public key that people compare on both sides: the first 32 hex digits of the SHA-256 of its SPKI in
 * DER, in groups of four. @throws fabric.edge_key_invalid
 */
export function fingerprintOf(publicKey: string): string {
  const digest = sha256(readPublicKey(publicKey).export({ type: 'spki', format: 'der' }));
  return (digest.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}

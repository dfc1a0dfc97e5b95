import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { errors } from '../errors.ts';
import { readPrivateKey, readPublicKey } from './key-text.ts';

const INFO = 'counterpoint-edge-secret-v1';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A secret that only one edge node can open. All members are base64url. */
export interface SealedForNode {
  /** Public half of the key that was made for this secret alone (SPKI, DER). */
  readonly key: string;
  readonly nonce: string;
  /** Ciphertext and tag. */
  readonly box: string;
}

/** What the secret is for, such as `<installation>|<node>|<connection>|<field>`: opening it for anything else fails. */
type Context = string;

function secretKey(mine: KeyObject, theirs: KeyObject, ephemeral: Buffer): Buffer {
  const shared = diffieHellman({ privateKey: mine, publicKey: theirs });
  return Buffer.from(hkdfSync('sha256', shared, ephemeral, INFO, KEY_BYTES));
}

/**
 * Seals a secret to a node's public key: X25519 with a key of its own for each secret, HKDF-SHA-256 (RFC 5869), and
 * AES-256-GCM with the context as additional data.
 *
 * @throws fabric.edge_key_invalid
 */
export function sealForNode(publicKey: string, secret: string, context: Context): SealedForNode {
  const theirs = readPublicKey(publicKey, 'x25519');
  const { privateKey, publicKey: own } = generateKeyPairSync('x25519');
  const ephemeral = own.export({ type: 'spki', format: 'der' });
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', secretKey(privateKey, theirs, ephemeral), nonce);
  cipher.setAAD(Buffer.from(context));
  const box = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    key: ephemeral.toString('base64url'),
    nonce: nonce.toString('base64url'),
    box: box.toString('base64url'),
  };
}

/** Opens what {@link sealForNode} sealed. @throws fabric.edge_secret_unreadable */
export function openOnNode(privateKey: string, sealed: SealedForNode, context: Context): string {
  try {
    const mine = readPrivateKey(privateKey, 'x25519');
    const ephemeral = Buffer.from(sealed.key, 'base64url');
    const theirs = createPublicKey({ key: ephemeral, format: 'der', type: 'spki' });
    const box = Buffer.from(sealed.box, 'base64url');
    const nonce = Buffer.from(sealed.nonce, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', secretKey(mine, theirs, ephemeral), nonce);
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(box.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw errors.edge_secret_unreadable({ context }, { cause });
  }
}

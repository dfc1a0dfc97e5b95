import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { newId, sha256 } from '@counterpoint/core';
import type { AuditCheckpointRow, Change, Reader } from '@counterpoint/events';
import { errors } from './errors.ts';

/** Signs checkpoints of one installation with an Ed25519 key (RFC 8032). */
export interface CheckpointSigner {
  readonly installation: string;
  /** Names the key: the first 16 hex digits of the SHA-256 of its public half (SPKI, DER). */
  readonly keyId: string;
  /** The public half as SPKI PEM: keep a copy off this machine to verify with. */
  readonly publicKey: string;
  /** The signature of a statement, as `<keyId>.<base64url>`. */
  sign(statement: CheckpointStatement): string;
}

/** What a checkpoint states. */
export type CheckpointStatement = Omit<AuditCheckpointRow, 'signature'>;

/** Whose checkpoints are believed. */
export interface CheckpointTrust {
  readonly installation: string;
  /** Public keys as SPKI PEM; several after a change of keys. */
  readonly publicKeys: readonly string[];
}

/** `unknown_key`: signed by a key that is not trusted. `forged`: not what the key signed. */
export type CheckpointVerdict = 'valid' | 'unknown_key' | 'forged';

/** A new Ed25519 key as PKCS#8 PEM. It is a secret: keep it in the vault or in a file that only the server reads. */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Makes a signer from a PKCS#8 PEM, such as {@link newSigningKey} gave. @throws audit.key_invalid */
export function createCheckpointSigner(privateKeyPem: string, installation: string): CheckpointSigner {
  const key = readKey(() => createPrivateKey(privateKeyPem));
  const publicKey = createPublicKey(key);
  const keyId = keyIdOf(publicKey);
  return {
    installation,
    keyId,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (statement) => `${keyId}.${sign(null, signedBytes(statement, installation), key).toString('base64url')}`,
  };
}

/** Signs where the chain stands. Pure but for the new id. @param at Unix milliseconds. */
export function signCheckpoint(
  signer: CheckpointSigner,
  head: { readonly seq: number; readonly hash: string },
  at: number,
): AuditCheckpointRow {
  const statement = { id: newId(at), seq: head.seq, hash: head.hash, at };
  return { ...statement, signature: signer.sign(statement) };
}

/** Judges checkpoints by their signature; see {@link createCheckpointVerifier}. */
export type CheckpointVerifier = (checkpoint: AuditCheckpointRow) => CheckpointVerdict;

/** Makes a function that judges checkpoints, with the keys read once. @throws audit.key_invalid */
export function createCheckpointVerifier(trust: CheckpointTrust): CheckpointVerifier {
  const keys = new Map(
    trust.publicKeys.map((pem) => {
      const key = readKey(() => createPublicKey(pem));
      return [keyIdOf(key), key] as const;
    }),
  );
  return (checkpoint) => {
    const dot = checkpoint.signature.indexOf('.');
    const key = keys.get(checkpoint.signature.slice(0, Math.max(0, dot)));
    if (!key) return 'unknown_key';
    const signature = Buffer.from(checkpoint.signature.slice(dot + 1), 'base64url');
    return verify(null, signedBytes(checkpoint, trust.installation), key, signature) ? 'valid' : 'forged';
  };
}

/**
 * The change that adds a checkpoint of the chain as it is committed now, with the checkpoint itself so that it can
 * also be sent off this machine; undefined when nothing was audited since the last one. The caller commits.
 *
 * @param now Unix milliseconds.
 */
export async function checkpointChange(
  reader: Reader,
  signer: CheckpointSigner,
  now: number,
): Promise<{ readonly checkpoint: AuditCheckpointRow; readonly change: Change } | undefined> {
  const latest = { orderBy: [{ column: 'seq', descending: true }], limit: 1 } as const;
  const [[head], [last]] = await Promise.all([reader.find('audit', latest), reader.find('audit_checkpoints', latest)]);
  if (!head || head.seq === last?.seq) return undefined;
  const checkpoint = signCheckpoint(signer, head, now);
  return { checkpoint, change: { rows: [{ op: 'insert', table: 'audit_checkpoints', row: checkpoint }] } };
}

function readKey(read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw errors.key_invalid({ reason: 'it cannot be parsed' }, { cause });
  }
  const type = key.asymmetricKeyType;
  if (type !== 'ed25519') throw errors.key_invalid({ reason: `it is of type ${type ?? key.type}` });
  return key;
}

function keyIdOf(publicKey: KeyObject): string {
  return sha256(publicKey.export({ type: 'spki', format: 'der' })).slice(0, 16);
}

function signedBytes(statement: CheckpointStatement, installation: string): Buffer {
  const { id, seq, hash, at } = statement;
  return Buffer.from(JSON.stringify(['counterpoint-audit-checkpoint-v1', installation, id, seq, hash, at]));
}

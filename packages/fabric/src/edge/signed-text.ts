import { sign, verify } from 'node:crypto';
import { canonicalJson, type Json, parseJson } from '@counterpoint/core';
import { errors } from '../errors.ts';
import { readPrivateKey, readPublicKey } from './key-text.ts';

/** Something that its centre says to an edge node, as it travels. */
export interface SignedText {
  /** Canonical JSON: exactly these bytes are signed. */
  readonly text: string;
  /** Ed25519 (RFC 8032), base64url. */
  readonly signature: string;
}

/** What a message is: one that was signed as something else counts for nothing. */
export type Purpose = 'call' | 'extend' | 'commands' | 'ping';

/** Whose messages a node takes. */
export interface MessageTrust {
  /** The centre's key as SPKI PEM. */
  readonly publicKey: string;
  readonly installation: string;
  readonly node: string;
}

interface Letter {
  readonly installation: string;
  readonly node: string;
  /** Unix milliseconds. */
  readonly until: number;
  readonly body: Json;
}

const MAX_DEPTH = 200;
/** How far the clocks of centre and node may lie apart, in milliseconds. */
const SKEW = 300_000;

const bytesOf = (purpose: Purpose, text: string): Buffer => Buffer.from(`counterpoint-edge-${purpose}/v1\n${text}`);

/**
 * Signs a message to one node.
 *
 * @param privateKey PKCS#8 PEM, Ed25519
 * @param until when it no longer counts, Unix milliseconds
 * @throws fabric.edge_key_invalid
 */
export function signMessage(
  purpose: Purpose,
  { installation, node, until, body }: Letter,
  privateKey: string,
): SignedText {
  const text = canonicalJson({ installation, node, until, body });
  return {
    text,
    signature: sign(null, bytesOf(purpose, text), readPrivateKey(privateKey, 'ed25519')).toString('base64url'),
  };
}

/**
 * Reads a message that comes from the node's centre, is meant for this node, and still counts.
 *
 * @param now Unix milliseconds; clocks may lie five minutes apart
 * @throws fabric.edge_message_refused, fabric.edge_key_invalid
 */
export function readMessage(purpose: Purpose, { text, signature }: SignedText, trust: MessageTrust, now: number): Json {
  const refuse = (reason: string) => errors.edge_message_refused({ reason });
  const key = readPublicKey(trust.publicKey, 'ed25519');
  if (!verify(null, bytesOf(purpose, text), key, Buffer.from(signature, 'base64url'))) {
    throw refuse('its signature is not that of the centre');
  }
  const letter = parseJson(text, MAX_DEPTH) as unknown as Letter;
  if (letter.installation !== trust.installation) throw refuse('it comes from another installation');
  if (letter.node !== trust.node) throw refuse(`it is meant for ${letter.node}`);
  if (letter.until + SKEW < now) throw refuse('its time is over');
  return letter.body;
}

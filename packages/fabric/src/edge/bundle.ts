import { sign, verify } from 'node:crypto';
import { canonicalJson, type Json, type JsonObject } from '@counterpoint/core';
import { errors } from '../errors.ts';
import { readPrivateKey, readPublicKey } from './key-text.ts';
import type { SealedForNode } from './seal-for-node.ts';

/** A connection that an edge node calls. Its secrets are sealed to that node. */
export interface BundledConnection {
  readonly id: string;
  readonly connector: string;
  readonly title: string;
  readonly config: JsonObject;
  readonly secrets: Readonly<Record<string, SealedForNode>>;
  readonly network: 'public' | 'private' | 'lab';
  readonly allowed_hosts: readonly string[];
  readonly simulated: boolean;
}

/** A published reaction, with its very text. */
export interface BundledReaction {
  readonly id: string;
  /** Version id: SHA-256 of id and source. */
  readonly version: string;
  readonly source: string;
  /** What it may do: no more than whoever published it. */
  readonly permissions: readonly string[];
}

/** A participant of the site: it may publish and subscribe at the node, with its token, while the centre is away too. */
export interface BundledParticipant {
  readonly id: string;
  readonly title: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  readonly trust: readonly string[];
  /** What its tokens are known by: the hash of a secret of 256 bits. */
  readonly tokens: readonly { readonly id: string; readonly hash: string; readonly not_after: number | null }[];
}

/** Everything that an edge node works by. Whoever holds the signed text can work without the centre. */
export interface EdgeBundle {
  readonly format: 'counterpoint-edge-bundle/v1';
  readonly installation: string;
  /** Id of the participant that it is for. */
  readonly node: string;
  readonly site: string;
  /** Grows with every change; a node never goes back. */
  readonly number: number;
  /** Unix milliseconds. */
  readonly issued_at: number;
  readonly reactions: readonly BundledReaction[];
  readonly connections: readonly BundledConnection[];
  readonly participants: readonly BundledParticipant[];
  /** Declarations of topics and contracts of capabilities, as the content has them. */
  readonly topics: readonly Json[];
  readonly capabilities: readonly Json[];
  /** Who may cause containment: participant -> topic patterns. */
  readonly publishers: Readonly<Record<string, readonly string[]>>;
  /** Text of the guard policy. */
  readonly policy: string;
  /** Switches that are engaged, by id, with the reason. */
  readonly switches: Readonly<Record<string, string>>;
}

/** A bundle as it travels and is kept. */
export interface SignedBundle {
  /** The bundle as canonical JSON: exactly these bytes are signed. */
  readonly text: string;
  /** Ed25519 (RFC 8032), base64url. */
  readonly signature: string;
}

/** Whose bundles a node takes, and which. */
export interface BundleTrust {
  /** The centre's key as SPKI PEM, pinned when the node joined. */
  readonly publicKey: string;
  readonly installation: string;
  readonly node: string;
  /** Number of the bundle that it works by; older ones are refused. 0: none yet. */
  readonly current: number;
}

const FORMAT: EdgeBundle['format'] = 'counterpoint-edge-bundle/v1';

const signedBytes = (text: string): Buffer => Buffer.from(`${FORMAT}\n${text}`);

/** Signs a bundle. @param privateKey PKCS#8 PEM, Ed25519 @throws fabric.edge_key_invalid */
export function signBundle(bundle: EdgeBundle, privateKey: string): SignedBundle {
  const text = canonicalJson(bundle as unknown as Json);
  const signature = sign(null, signedBytes(text), readPrivateKey(privateKey, 'ed25519')).toString('base64url');
  return { text, signature };
}

/**
 * Reads a bundle that is meant for this node, comes from its centre, and is not older than the one it works by.
 *
 * @throws fabric.edge_bundle_refused, fabric.edge_key_invalid
 */
export function readBundle({ text, signature }: SignedBundle, trust: BundleTrust): EdgeBundle {
  const key = readPublicKey(trust.publicKey, 'ed25519');
  const refuse = (reason: string) => errors.edge_bundle_refused({ reason });
  if (!verify(null, signedBytes(text), key, Buffer.from(signature, 'base64url'))) {
    throw refuse('its signature is not that of the centre');
  }
  const bundle = JSON.parse(text) as EdgeBundle;
  if (bundle.format !== FORMAT) throw refuse(`it has the format ${String(bundle.format)}`);
  if (bundle.installation !== trust.installation) throw refuse('it comes from another installation');
  if (bundle.node !== trust.node) throw refuse(`it is meant for ${bundle.node}`);
  if (bundle.number < trust.current) throw refuse(`it is number ${bundle.number}, older than ${trust.current}`);
  return bundle;
}

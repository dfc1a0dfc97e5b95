import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type Json, newTraceId } from '@counterpoint/core';
import { createLink, type NodeIdentity, newNodeKeys } from '@counterpoint/fabric';
import type { Config } from '../config/settings.ts';
import { errors } from '../errors.ts';
import type { Foundations } from '../foundations.ts';

const SETTING = 'edge.joined';

/** What an edge node remembers of having joined. */
interface Remembered extends NodeIdentity {
  readonly url: string;
  readonly publicKey: string;
  /** Ids in the vault. */
  readonly token: string;
  readonly key: string;
}

/** An edge node that has joined. */
export interface JoinedNode {
  readonly identity: NodeIdentity;
  readonly url: string;
  readonly ca: string | undefined;
  readonly token: string;
  /** X25519: PKCS#8 and SPKI PEM. */
  readonly privateKey: string;
  readonly publicKey: string;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** @throws server.edge_without_tls */
function demandSecure(url: string, config: Config): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || isLoopback(hostname) || config['edge.allow_http']) return;
  throw errors.edge_without_tls({ url });
}

/**
 * Who this edge node is: what it remembers, or, on its first start, what its centre makes of the one-time token. The private
 * key is made here, and never leaves this node's vault.
 *
 * @throws server.edge_not_joined, server.edge_without_tls, fabric.edge_join_refused, fabric.edge_centre_unreachable
 */
export async function joinOnce(foundations: Foundations): Promise<JoinedNode> {
  const { store, vault, config } = foundations;
  const ca = config['edge.ca_file'] === '' ? undefined : readFileSync(config['edge.ca_file'], 'utf8');
  const standing = (await store.get('settings', SETTING))?.value as unknown as Remembered | undefined;
  const url = config['edge.centre'] || standing?.url;
  if (url === undefined || !URL.canParse(url)) throw errors.edge_not_joined({ missing: 'edge.centre' });
  demandSecure(url, config);
  const joined = standing ?? (await join(foundations, url, ca));
  const { node, site, installation, centreKey, publicKey } = joined;
  return {
    identity: { node, site, installation, centreKey },
    ...{ url, ca, publicKey },
    token: await vault.open(joined.token, { purpose: 'gateway' }),
    privateKey: await vault.open(joined.key, { purpose: 'gateway' }),
  };
}

interface Answer {
  readonly node: string;
  readonly site: string;
  readonly installation: string;
  readonly token: string;
  readonly centre_key: string;
}

async function join(foundations: Foundations, url: string, ca: string | undefined): Promise<Remembered> {
  const { store, vault, config } = foundations;
  const token = config['edge.join_token'];
  if (token === '') throw errors.edge_not_joined({ missing: 'edge.join_token' });
  const { privateKey, publicKey } = newNodeKeys();
  const link = createLink({ url, ca, token: () => undefined });
  let answer: Answer;
  try {
    answer = await link.ask<Answer>('POST', '/edge/join', { token, public_key: publicKey });
  } finally {
    link.close();
  }
  const by = { principal: 'system', trace: newTraceId() };
  const sealedToken = vault.seal('Token of this edge node', answer.token, by);
  const sealedKey = vault.seal('Private key of this edge node', privateKey, by);
  const { node, site, installation, centre_key: centreKey } = answer;
  const joined: Remembered = {
    ...{ node, site, installation, centreKey, url, publicKey },
    ...{ token: sealedToken.id, key: sealedKey.id },
  };
  const row = { id: SETTING, value: { ...joined } as Json, rev: 1 };
  await store.commit({
    rows: [
      ...(sealedToken.change.rows ?? []),
      ...(sealedKey.change.rows ?? []),
      { op: 'insert', table: 'settings', row },
    ],
    audit: [...(sealedToken.change.audit ?? []), ...(sealedKey.change.audit ?? [])],
  });
  return joined;
}

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnections } from '@counterpoint/actions';
import type { Connector } from '@counterpoint/connector-kit';
import { isCounterpointError } from '@counterpoint/core';
import {
  applyBundle,
  applySwitches,
  BUNDLED,
  type EdgeBundle,
  type Publishers,
  readBundle,
  type SignedText,
} from '@counterpoint/fabric';
import { type CapabilityContract, parseCapability, parseTopic, type TopicDeclaration } from '@counterpoint/playbook';
import type { Foundations } from '../foundations.ts';
import type { JoinedNode } from './identity.ts';

/** The setting that holds the bundle that the node works by, as it was signed. */
const SETTING = 'edge.bundle';

/** What an edge node works by, as its bundle says; follows every new one. */
export interface Guided {
  readonly topics: ReadonlyMap<string, TopicDeclaration>;
  readonly capabilities: ReadonlyMap<string, CapabilityContract>;
  readonly publishers: Publishers;
  /** Path of the guard policy. */
  readonly policy: string;
  /** Number of the bundle; 0: none yet. */
  number(): number;
  /** The reactions that run here. */
  reactions(): readonly string[];
  /** What a reaction may do. */
  permissionsOf(principal: string): Promise<ReadonlySet<string>>;
  /** Has the kill switches as the bundle says. */
  applySwitches(): Promise<void>;
  /** Takes over a bundle and remembers it. */
  apply(bundle: EdgeBundle, signed: SignedText): Promise<void>;
}

interface Held {
  bundle: EdgeBundle | undefined;
  readonly topics: Map<string, TopicDeclaration>;
  readonly capabilities: Map<string, CapabilityContract>;
}

/** Until a bundle says what is allowed, nothing that lasts is. */
const NO_POLICY = '';

/** Goes on with the bundle that the node had last. A kept one that is not right any more counts for nothing. */
export async function openGuided(
  foundations: Foundations,
  joined: JoinedNode,
  connectors: ReadonlyMap<string, Connector>,
): Promise<Guided> {
  const { store, clock, vault, config, log } = foundations;
  const { node, installation, centreKey: publicKey } = joined.identity;
  const held: Held = { bundle: undefined, topics: new Map(), capabilities: new Map() };
  const policy = join(config.data_dir, 'policy.yaml');
  const kept = (await store.get('settings', SETTING))?.value as unknown as SignedText | undefined;
  writePolicy(policy, NO_POLICY);
  if (kept) {
    try {
      hold(held, readBundle(kept, { publicKey, installation, node, current: 0 }), policy);
    } catch (error) {
      if (!isCounterpointError(error)) throw error;
      log.error({ err: String(error) }, 'the bundle that was kept cannot be used; the node waits for another one');
    }
  }
  const connections = createConnections({ store, vault, connectors, clock });
  return {
    ...{ topics: held.topics, capabilities: held.capabilities, policy },
    publishers: { get: (id) => publisherOf(held.bundle, id) },
    reactions: () => held.bundle?.reactions.map(({ id }) => id) ?? [],
    number: () => held.bundle?.number ?? 0,
    async permissionsOf(principal) {
      const id = principal.startsWith(BUNDLED) ? principal.slice(BUNDLED.length) : '';
      return new Set(held.bundle?.reactions.find((one) => one.id === id)?.permissions);
    },
    applySwitches: () => applySwitches({ store, clock }, held.bundle?.switches ?? {}),
    async apply(bundle, signed) {
      hold(held, bundle, policy);
      await applyBundle(
        {
          ...{ store, clock, connections },
          privateKey: joined.privateKey,
          openSecret: (id) => vault.open(id, { purpose: 'gateway' }),
          onProblem: (connection, error) =>
            log.error({ connection, err: String(error) }, 'a connection cannot be taken over'),
        },
        bundle,
      );
      const { text, signature } = signed;
      await store.commit({
        rows: [{ op: 'put', table: 'settings', row: { id: SETTING, value: { text, signature }, rev: 1 } }],
      });
      log.info({ bundle: bundle.number, reactions: bundle.reactions.length }, 'works by a new bundle');
    },
  };
}

function hold(held: Held, bundle: EdgeBundle, policy: string): void {
  writePolicy(policy, bundle.policy);
  refill(
    held.topics,
    bundle.topics.map((one) => parseTopic(one)),
    ({ topic }) => topic,
  );
  held.capabilities.clear();
  for (const one of bundle.capabilities) {
    const { name, contract } = parseCapability(one);
    held.capabilities.set(name, contract);
  }
  held.bundle = bundle;
}

function refill<Item>(map: Map<string, Item>, items: readonly Item[], key: (item: Item) => string): void {
  map.clear();
  for (const item of items) map.set(key(item), item);
}

/** Whole or not at all: the guard reads it at any moment. */
function writePolicy(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function publisherOf(bundle: EdgeBundle | undefined, id: string): ReturnType<Publishers['get']> {
  const trust = bundle && Object.hasOwn(bundle.publishers, id) ? bundle.publishers[id] : undefined;
  return trust && ({ id, trust, enabled: true } as unknown as ReturnType<Publishers['get']>);
}

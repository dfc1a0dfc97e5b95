import type { Sites } from '@counterpoint/actions';
import type { EdgeBatch } from '@counterpoint/contracts';
import type { Clock, CounterpointError, Json } from '@counterpoint/core';
import type { PlanSource } from '@counterpoint/engine';
import type { EdgeCommandRow, Store } from '@counterpoint/events';
import type { Actor, Participant, Participants } from '../../participants/participant.ts';
import type { Services } from '../../services/service.ts';
import type { SignedText } from '../signed-text.ts';

/** What the centre of edge nodes stands on. */
export interface EdgeCentreOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly installation: string;
  /** Nobody else writes to the store: what is to be told to nodes is noticed by itself. */
  readonly alone: boolean;
  /** Signs what nodes go by: PKCS#8 PEM, Ed25519. */
  readonly privateKey: string;
  readonly participants: Participants;
  readonly services: Pick<Services, 'invoke'>;
  readonly plans: Pick<PlanSource, 'current'>;
  /** Opens a secret of a connection, to seal it for the node that calls it. */
  readonly openSecret: (id: string) => Promise<string>;
  /** Titles of connectors, for errors. */
  readonly titleOf: (connector: string) => string;
  /** Topics, capabilities and policy as the content has them now. */
  readonly content: () => {
    readonly topics: readonly Json[];
    readonly capabilities: readonly Json[];
    readonly policy: string;
  };
  /** Whether an event may be published. */
  readonly checkEvent: (topic: string, data: Json) => CounterpointError | undefined;
}

/** What a node that joined is given. */
export interface Joined {
  readonly node: string;
  readonly site: string;
  readonly installation: string;
  readonly token: string;
  /** SPKI PEM. */
  readonly centreKey: string;
}

/** What a node says when it asks what there is. */
export interface SyncWish {
  /** Number of the bundle that it works by. */
  readonly bundle: number;
  readonly done: readonly { readonly id: string; readonly result: string }[];
  /** Milliseconds to wait for something new. */
  readonly wait: number;
}

/** What became of a batch. */
export interface Merged {
  readonly refused: readonly { readonly table: string; readonly id: string; readonly reason: string }[];
  /** The last line of the node's audit log that the centre has. */
  readonly audit: number;
}

/** An edge node as people see it. */
export interface EdgeNode {
  readonly participant: Participant;
  readonly joinedAt: number | null;
  readonly fingerprint: string;
  /** Number of the bundle that is meant for it, and of the one that it said it works by. */
  readonly bundle: number;
  readonly worksBy: number;
  readonly waiting: number;
}

/** A one-time token. */
export interface JoinToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** The centre's side of edge nodes. */
export interface EdgeCentre {
  /** Of the key that signs. */
  readonly fingerprint: string;
  /** How actions are performed and undone by nodes. */
  readonly sites: Sites;
  /** @throws fabric.edge_site_taken, fabric.participant_exists, fabric.participant_invalid */
  create(
    wish: { readonly id: string; readonly title: string; readonly site: string; readonly trust: readonly string[] },
    by: Actor,
  ): Promise<JoinToken>;
  /** @throws fabric.participant_unknown, fabric.participant_invalid when it is no edge node */
  issueToken(node: string, by: Actor): Promise<JoinToken>;
  /** @throws fabric.edge_join_refused, fabric.edge_key_invalid */
  join(token: string, publicKey: string): Promise<Joined>;
  /** What is new for a node, as soon as there is something, or nothing after a while. @throws fabric.edge_unknown */
  sync(
    node: string,
    wish: SyncWish,
    signal: AbortSignal,
  ): Promise<{
    readonly bundle: SignedText | null;
    readonly commands: SignedText | null;
  }>;
  /** Resolves when something was written that nodes may have to be told, or after a minute, or once the signal is aborted. */
  changed(signal: AbortSignal): Promise<void>;
  /** Resolves when a node has answered. @param timeout milliseconds @throws as Services.invoke, fabric.participant_unknown */
  ping(node: string, timeout: number): Promise<void>;
  /** The topics that the reactions of a node subscribe to. */
  topicsOf(node: string): Promise<readonly string[]>;
  /** Takes what a node brings home. Bringing it twice changes nothing. */
  merge(node: string, batch: EdgeBatch): Promise<Merged>;
  nodes(): Promise<readonly EdgeNode[]>;
  /** @throws fabric.participant_unknown */
  node(id: string): Promise<
    EdgeNode & {
      readonly connections: readonly string[];
      readonly reactions: readonly string[];
      readonly commands: readonly EdgeCommandRow[];
    }
  >;
  close(): void;
}

/** What is remembered of a node that joined, as the value of a setting. */
export interface KnownNode {
  /** SPKI PEM, X25519. */
  readonly key: string;
  readonly joinedAt: number;
}

/** The setting that holds {@link KnownNode}. */
export const nodeSetting = (node: string): string => `edge.node:${node}`;
/** The setting that holds the number and the hash of the last bundle of a node. */
export const bundleSetting = (node: string): string => `edge.bundle:${node}`;
/** The setting that holds the number of the bundle that a node works by. */
export const workingSetting = (node: string): string => `edge.working:${node}`;
/** The setting that holds the last line of a node's audit log that is here. */
export const auditSetting = (node: string): string => `edge.audit:${node}`;

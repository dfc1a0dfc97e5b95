import type { Json } from '@counterpoint/core';
import type { Causality } from '../causality.ts';

export type EffectClass = 'read' | 'notify' | 'change' | 'contain' | 'destroy';

export type EffectState =
  | 'intended'
  | 'held'
  | 'pending'
  | 'performed'
  | 'failed'
  | 'unknown'
  | 'undoing'
  | 'undone'
  | 'undo_failed'
  | 'expired';

/** The ledger entry of one non-read action. */
export interface EffectRow extends Causality {
  readonly id: string;
  /** Unique: hash of run, address and generation (or of the request of a person); the same for every attempt. */
  readonly key: string;
  /** Run id; empty when a person or token asked directly. */
  readonly run: string;
  readonly address: string;
  readonly generation: number;
  readonly connector: string;
  readonly connection: string;
  readonly action: string;
  readonly effect: EffectClass;
  /** What it acts on, as `<type>:<value>` (`ipv4-addr:203.0.113.7`); empty when the action names none. */
  readonly target: string;
  /** The frozen arguments. */
  readonly args: Json;
  readonly args_hash: string;
  readonly state: EffectState;
  /** What the vendor answered (the action's output). */
  readonly receipt: Json;
  readonly error: Json;
  /** The action that undoes it, with frozen arguments: `{action, with}`; null when there is none. */
  readonly inverse: Json;
  /** Id of the effect that this one undoes; empty otherwise. */
  readonly undo_of: string;
  /** It was so before us: recorded, and never undone by us. */
  readonly preexisting: boolean;
  /** When its last claim ends by time (Unix ms); null: no end by time. */
  readonly lease_until: number | null;
  /** When something is next to be done about it (undo, retry of an undo, verify); null: nothing. Indexed. */
  readonly wake_at: number | null;
  readonly attempts: number;
  /** The guard's decision and its reasons. */
  readonly decision: Json;
  readonly simulated: boolean;
  /** The edge node (participant) that performed it and looks after it; empty: this server. */
  readonly site: string;
  readonly created_at: number;
  /**
   * When it was sent, for actions that take a lease (so that the product’s own end is never before what the ledger says); else
   * when the answer came. Null until it is performed.
   */
  readonly performed_at: number | null;
  readonly ended_at: number | null;
  readonly rev: number;
}

/** A reason why an effect stays. Its id is the stable id of effect and holder. */
export interface ClaimRow extends Causality {
  readonly id: string;
  readonly effect: string;
  /** Reference: `run:<id>/<address>`, `case:…`, `user:…`. */
  readonly holder: string;
  readonly reason: string;
  readonly until: number | null;
  readonly created_at: number;
  readonly ended_at: number | null;
  readonly rev: number;
}

/** A kill switch: `global` or `connector:<id>`. While engaged no new effect of its scope starts. */
export interface SwitchRow {
  readonly id: string;
  readonly engaged: boolean;
  readonly reason: string;
  readonly principal: string;
  readonly at: number;
  readonly rev: number;
}

/** How the last test of a connection went. Its id is the connection's. */
export interface ConnectionCheckRow {
  readonly id: string;
  readonly ok: boolean;
  /** How long the product took to answer, in milliseconds. */
  readonly millis: number;
  /** `{code, message, help}`; null when it worked. */
  readonly error: Json;
  readonly principal: string;
  readonly at: number;
}

/** A configured instance of a connector. */
export interface ConnectionRow {
  readonly id: string;
  readonly connector: string;
  readonly title: string;
  readonly config: Json;
  /** Secret field -> vault secret id. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly network: 'public' | 'private' | 'lab';
  readonly allowed_hosts: readonly string[];
  readonly simulated: boolean;
  /** The edge node (participant) that calls it; empty: this server. */
  readonly site: string;
  readonly enabled: boolean;
  readonly created_at: number;
  readonly updated_at: number;
  readonly rev: number;
}

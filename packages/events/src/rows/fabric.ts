import type { Json } from '@counterpoint/core';
import type { Causality } from '../causality.ts';

/** What a participant may do on the fabric: topic patterns (`*` one word, `>` the rest) and service names. */
export interface ParticipantRights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Services that it may offer, such as `dns_sinkhole.block_domain` or `dxl./mycompany/*`. */
  readonly offer: readonly string[];
  /** Services that it may invoke, such as `fortigate.block_ip`. */
  readonly invoke: readonly string[];
}

/** Anything with an identity on the fabric besides this server and its connections. */
export interface ParticipantRow {
  /** snake_case; names it in events (`participant`), principals (`participant:<id>`) and services. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'token' | 'certificate' | 'edge';
  /** Where it stands; the nearest provider of a service is asked first. Empty: no site. */
  readonly site: string;
  /** What it said of itself when it joined last: a participant declaration; null before it first joined. */
  readonly declaration: Json;
  readonly rights: ParticipantRights;
  /** Topic patterns: what it publishes there may cause containment. */
  readonly trust: readonly string[];
  readonly enabled: boolean;
  readonly state: 'online' | 'offline';
  /** The processes (worker ids) that it is connected to. */
  readonly nodes: readonly string[];
  /** When it joined last, and when it was last heard of (Unix ms). */
  readonly joined_at: number | null;
  readonly seen_at: number | null;
  readonly created_at: number;
  readonly rev: number;
}

/** How a participant proves who it is. */
export interface CredentialRow {
  readonly id: string;
  readonly participant: string;
  /** `join`: a one-time token that an edge node is joined with. */
  readonly kind: 'token' | 'certificate' | 'join';
  /** Unique: SHA-256 of the token's secret, or the SHA-1 thumbprint of the certificate (lower-case hex). */
  readonly hash: string;
  /** What people see of it: title of a token; serial number, subject and PEM of a certificate. */
  readonly detail: Json;
  readonly not_before: number;
  readonly not_after: number | null;
  readonly revoked_at: number | null;
  readonly used_at: number | null;
  readonly created_at: number;
  readonly rev: number;
}

/** One live instance of a service that a participant offers. */
export interface ServiceRow {
  /** Instance id; for OpenDXL the service GUID. */
  readonly id: string;
  readonly participant: string;
  /** Name: `<participant>.<action>`, or `dxl.<service type>`. Several instances may share it. */
  readonly service: string;
  /** Topics that requests to it may be addressed to; for OpenDXL the request channels. */
  readonly topics: readonly string[];
  readonly site: string;
  /** The process (worker id) that its connection ends in. */
  readonly node: string;
  readonly metadata: Json;
  readonly created_at: number;
  /** When it is gone unless it is renewed (Unix ms); null: as long as its connection. */
  readonly expires_at: number | null;
}

/** How far a durable consumer of the event log has come. */
export interface ConsumerRow {
  /** Name of the consumer. */
  readonly id: string;
  /** Topic patterns that it takes. */
  readonly topics: readonly string[];
  /** Every event up to this position is dealt with or stands in `deliveries`. */
  readonly position: number;
  readonly updated_at: number;
}

/** An event that a consumer could not deal with yet, or never will. Its id is the stable id of consumer and event. */
export interface DeliveryRow {
  readonly id: string;
  readonly consumer: string;
  readonly event: string;
  readonly topic: string;
  readonly subject: string;
  readonly position: number;
  /** `retry`: is tried again at `next_at`; `behind`: waits behind an earlier one of its subject; `dead`: given up. */
  readonly state: 'retry' | 'behind' | 'dead';
  readonly attempts: number;
  readonly next_at: number;
  readonly error: string;
  readonly at: number;
}

/** What became of an event at a reaction, where that is more than a run. Its id is the stable id of reaction and event. */
export interface ReactionEventRow {
  readonly id: string;
  readonly reaction: string;
  /** Version id of the reaction. */
  readonly version: string;
  readonly event: string;
  readonly topic: string;
  readonly subject: string;
  /**
   * - `held`: waits for its turn (rate) or for people (storm); `reason` says which.
   * - `observed`: mode `observe`; `would` is what it would have done.
   * - `started`: was held, and then became the run `run`.
   * - `duplicate`: the same key within its time to live.
   * - `unconfirmed`: not enough trusted publishers have said it yet.
   * - `refused`: untrusted publisher, or past the hop budget.
   * - `expired`: held for too long to be still right. `discarded`: a person decided so.
   */
  readonly outcome: 'held' | 'observed' | 'started' | 'duplicate' | 'unconfirmed' | 'refused' | 'expired' | 'discarded';
  /** Machine-readable: `rate`, `storm`, `untrusted`, `hops`, …; empty where the outcome says all. */
  readonly reason: string;
  /** The run, once there is one. */
  readonly run: string;
  /** What it would have done: a list of `{step, action, target, with}`. */
  readonly would: Json;
  /** For `observed`: whether people or other automation did the same: `agreed`, `disagreed`, or empty while open. */
  readonly judged: '' | 'agreed' | 'disagreed';
  /** When a held one expires (Unix ms); null otherwise. */
  readonly expires_at: number | null;
  readonly at: number;
  readonly trace: string;
  readonly rev: number;
}

/** A key that a reaction has acted on, or has heard of. Its id is the stable id of reaction and key. */
export interface ReactionKeyRow {
  readonly id: string;
  readonly reaction: string;
  readonly key: string;
  /** Trusted publishers that have said it. */
  readonly publishers: readonly string[];
  /** The event that it acted on; empty while it is unconfirmed. */
  readonly event: string;
  /** When it is forgotten (Unix ms). */
  readonly until: number;
  readonly rev: number;
}

/** The storm breaker of one reaction. Its id is the reaction's. */
export interface BreakerRow {
  readonly id: string;
  readonly state: 'closed' | 'open';
  /** Why it opened, in words; the last time. */
  readonly reason: string;
  readonly at: number;
  /** The inbox item that asks people what to do; empty when closed. */
  readonly item: string;
  readonly rev: number;
}

/** On an edge node: a row that changed and that its centre has not got yet. Its id is `<table>|<id of the row>`. */
export interface EdgeOutgoingRow {
  readonly id: string;
  readonly table_name: string;
  readonly row: string;
  /** When it first changed since the centre got it. */
  readonly at: number;
  /** Counts its changes, so that one that comes while it is sent is not taken for sent. */
  readonly changes: number;
}

/** Something that an edge node is to do, as soon as it is reached. */
export interface EdgeCommandRow extends Causality {
  readonly id: string;
  /** The edge node: id of the participant. */
  readonly node: string;
  /** `release`: undo an effect that it performed, with all of its claims. */
  readonly kind: 'release';
  readonly effect: string;
  readonly reason: string;
  readonly state: 'waiting' | 'done';
  /** What became of it: `undone`, or why it was kept or failed. */
  readonly result: string;
  readonly created_at: number;
  readonly done_at: number | null;
  readonly rev: number;
}

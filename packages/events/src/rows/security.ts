import type { Json } from '@counterpoint/core';

/** A sealed secret (envelope encryption); never leaves the vault in the clear. */
export interface SecretRow {
  readonly id: string;
  /** What it is for, in people's words; not secret. */
  readonly label: string;
  readonly version: number;
  /** Which key-encryption key wrapped the data key. */
  readonly kek: string;
  readonly wrapped_key: Uint8Array;
  readonly sealed: Uint8Array;
  readonly created_at: number;
  readonly rev: number;
}

/** A person who may sign in. */
export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** argon2id, PHC string; empty when no password is set. */
  readonly password_hash: string;
  readonly disabled: boolean;
  readonly created_at: number;
  readonly rev: number;
}

/** An API token; only its hash is kept. */
export interface TokenRow {
  readonly id: string;
  readonly user: string;
  readonly title: string;
  readonly hash: string;
  readonly permissions: readonly string[];
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly rev: number;
}

/** A person who is signed in with a browser. Its id is the hash of the secret that the browser holds. */
export interface SessionRow {
  readonly id: string;
  readonly user: string;
  /** Hash of the password hash that it was opened with: it ends when that is another one. */
  readonly password_mark: string;
  readonly created_at: number;
  /** When it was last used, at most a minute late. */
  readonly seen_at: number;
  /** Where the sign-in came from. */
  readonly address: string;
  readonly user_agent: string;
  readonly revoked_at: number | null;
  readonly rev: number;
}

/**
 * A change that was asked for under a key of the asker's, so that asking again does not do it again. Its id is a hash of asker
 * and key.
 */
export interface KeptAnswerRow {
  readonly id: string;
  /** Hash of the person behind it, so that nobody keeps too many. */
  readonly asker: string;
  /** Hash of what was asked for, by the key. */
  readonly mark: string;
  /** False while somebody is at work on it, and for good when they were stopped. */
  readonly answered: boolean;
  /** The answer, sealed with the key; null while there is none, or when it was too long to be kept. */
  readonly sealed: Uint8Array | null;
  /** When it was asked for. */
  readonly at: number;
  readonly rev: number;
}

/** One value that the installation remembers, such as its id or the hash of the setup code. */
export interface SettingRow {
  readonly id: string;
  readonly value: Json;
  readonly rev: number;
}

/** What is to be audited; the committer adds sequence, previous hash and hash. */
export interface AuditEntry {
  readonly at: number;
  readonly principal: string;
  /** `<noun>.<verb>`, such as `token.created` or `effect.denied`. */
  readonly action: string;
  /** Reference of what it was done to. */
  readonly object: string;
  readonly data: Json;
  readonly trace: string;
}

/** One link of the audit chain. */
export interface AuditRow extends AuditEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Hash of the previous row; 64 zeros for the first. */
  readonly prev: string;
  readonly hash: string;
}

/** A signed statement of how long the chain was and what its last hash was. */
export interface AuditCheckpointRow {
  readonly id: string;
  readonly seq: number;
  readonly hash: string;
  readonly at: number;
  readonly signature: string;
}

/** An event on its way to its subscribers. */
export interface OutboxRow {
  /** The event's id. */
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly envelope: Json;
  /** `pending`: not in the event log yet; `delivered`: at `position` of it. */
  readonly state: 'pending' | 'delivered' | 'dead';
  /** Its place in the event log, in the order of delivery; null while it is pending, and where the log is not in this store. */
  readonly position: number | null;
  /** Who published it. */
  readonly participant: string;
  readonly attempts: number;
  readonly next_at: number;
  readonly error: string;
  readonly at: number;
  readonly trace: string;
  readonly cause: string;
  readonly rev: number;
}

/** Work that one process at a time does for all that share a store, such as delivering the outbox. */
export interface DutyRow {
  /** Name of the work. */
  readonly id: string;
  /** The worker that does it. */
  readonly owner: string;
  /** Until when, unless it is renewed (Unix ms). */
  readonly until: number;
  readonly rev: number;
}

import type { Json } from '@counterpoint/core';
import type { Causality } from '../causality.ts';

/** How a matter in the inbox stands. `answered` is a question's, `approved` and `denied` an approval's. */
export type InboxStatus = 'open' | 'approved' | 'denied' | 'answered' | 'expired' | 'cancelled';

/** What waits for people: an approval or a question of a run, or an action that the guard holds. */
export interface InboxItemRow extends Causality {
  readonly id: string;
  readonly kind: 'approval' | 'question';
  readonly run: string;
  readonly address: string;
  readonly playbook: string;
  /**
   * What it is about when no run waits for it and no effect is held: `<handler>:<object>`, such as `storm:block_url`. The
   * handler of that name acts when it is decided. Empty otherwise.
   */
  readonly about: string;
  /** What is asked, as evaluated. */
  readonly text: string;
  /** What an approval lets happen: the covered calls with their frozen arguments. */
  readonly covers: Json;
  /** Hash of `covers`: a vote is for exactly this. */
  readonly covers_hash: string;
  /** Role that may decide; empty: anybody with the permission. */
  readonly role: string;
  /** Users that may decide; empty: anybody of the role. */
  readonly users: readonly string[];
  /** Principals that may not. */
  readonly excluded: readonly string[];
  readonly quorum: number;
  readonly delegable: boolean;
  /** JSON Schema of the form; null when there is none. */
  readonly form: Json;
  /** Where people are told: `inbox`, `email`, `chat`. */
  readonly via: readonly string[];
  readonly status: InboxStatus;
  /** When the time-out applies (Unix ms); null: never. */
  readonly due_at: number | null;
  /** What the time-out does. */
  readonly otherwise: 'deny' | 'approve' | 'fail' | 'continue';
  /** What was entered into the form. */
  readonly answer: Json;
  readonly simulated: boolean;
  readonly created_at: number;
  readonly decided_at: number | null;
  readonly rev: number;
}

/** What one person said about an inbox item. Its id is the stable id of item and person. */
export interface InboxVoteRow {
  readonly id: string;
  readonly item: string;
  /** `user:<id>`: a token votes for its user. */
  readonly principal: string;
  readonly vote: 'approve' | 'deny' | 'answer' | 'delegate';
  /** Principal that the decision was handed to; empty unless delegated. */
  readonly to: string;
  readonly reason: string;
  readonly answer: Json;
  /** The hash that was shown to the person. */
  readonly covers_hash: string;
  readonly at: number;
}

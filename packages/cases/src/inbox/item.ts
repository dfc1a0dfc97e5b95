import { hashJson, type Json, type JsonObject } from '@counterpoint/core';
import { type Causality, type Change, causalityOf, type InboxItemRow } from '@counterpoint/events';
import { announcement } from './announce.ts';

/** One call that an approval lets happen, with its frozen arguments. */
export type CoveredCall = {
  /** Step id; empty when no playbook asks. */
  readonly step: string;
  /** Address of the step in its run; empty when no run asks. */
  readonly address: string;
  readonly input: JsonObject;
} & (
  | {
      readonly kind: 'action';
      readonly connector: string;
      readonly action: string;
      /** Connection id; null: the only one that there is when the action runs. */
      readonly connection: string | null;
      /** Milliseconds that the change is claimed for; null: no lease. */
      readonly lease: number | null;
    }
  | { readonly kind: 'call'; readonly playbook: string }
);

/** What is to be put before people. */
export interface Question
  extends Pick<
    InboxItemRow,
    | 'id'
    | 'kind'
    | 'run'
    | 'address'
    | 'playbook'
    | 'text'
    | 'role'
    | 'users'
    | 'excluded'
    | 'quorum'
    | 'delegable'
    | 'form'
    | 'via'
    | 'due_at'
    | 'otherwise'
    | 'simulated'
  > {
  readonly covers: readonly CoveredCall[];
  /** See `InboxItemRow.about`; default: empty. */
  readonly about?: string;
  readonly causality: Causality;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Hash of what an approval lets happen: a vote, and later the door, must mean exactly this. */
export function coversHash(covers: Json): string {
  return hashJson(covers);
}

/** The row of an open matter. */
export function newInboxItem(question: Question): InboxItemRow {
  const { covers: calls, causality, now, ...given } = question;
  const covers = calls as unknown as Json;
  return {
    about: '',
    ...given,
    ...causalityOf(causality),
    covers,
    covers_hash: coversHash(covers),
    status: 'open',
    answer: null,
    created_at: now,
    decided_at: null,
    rev: 1,
  };
}

/** Puts something before people, and announces it. Asking again under the same id changes nothing. */
export function askPeople(question: Question): Change {
  const row = newInboxItem(question);
  const { principal, trace } = row;
  const { kind, text, covers_hash, role, users, quorum, due_at } = row;
  const data = { kind, text, covers_hash, role, users, quorum, due_at };
  return {
    rows: [{ op: 'ensure', table: 'inbox_items', row }],
    events: [announcement(row, 'asked', question.now)],
    audit: [{ at: question.now, principal, action: 'inbox.asked', object: `inbox:${row.id}`, data, trace }],
  };
}

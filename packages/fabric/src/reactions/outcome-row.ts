import { stableId } from '@counterpoint/core';
import type { EventEnvelope, ReactionEventRow } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';

/** The id of what became of an event at a reaction. */
export function outcomeId(reaction: string, event: string): string {
  return stableId('reaction-event', reaction, event);
}

/** What is said of an event that did not simply become a run. */
export type OutcomeFacts = Pick<ReactionEventRow, 'outcome' | 'at'> &
  Partial<Pick<ReactionEventRow, 'reason' | 'run' | 'would' | 'expires_at'>>;

/** The row that says what became of an event at a reaction. */
export function outcomeRow(plan: Plan, event: EventEnvelope, facts: OutcomeFacts): ReactionEventRow {
  return {
    id: outcomeId(plan.id, event.id),
    reaction: plan.id,
    version: plan.version,
    event: event.id,
    topic: event.type,
    subject: event.subject,
    reason: '',
    run: '',
    would: null,
    judged: '',
    expires_at: null,
    trace: event.trace,
    rev: 1,
    ...facts,
  };
}

/** The same event, with what became of it now. */
export function changedOutcome(row: ReactionEventRow, facts: Partial<OutcomeFacts>): ReactionEventRow {
  return { ...row, expires_at: null, ...facts, rev: row.rev + 1 };
}

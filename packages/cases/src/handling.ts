import { type AlertRow, type Handling, UNHANDLED } from '@counterpoint/events';
import type { Occasion } from './write.ts';

/** Whether somebody who signed in did something; not a playbook or a reaction, nor a token, behind which a program may be. */
export function isPerson(principal: string): boolean {
  return principal.startsWith(PERSON);
}

/** What references of people who signed in begin with. */
export const PERSON = 'user:';

type Acknowledged = Omit<Handling, 'resolve_ms'>;

/** That something was taken in hand: on this occasion, unless it was before. */
export function waited(occasion: Occasion, row: Acknowledged & { readonly created_at: number }): Acknowledged {
  const { acknowledged_at, acknowledged_by, acknowledge_ms, created_at } = row;
  if (acknowledged_at !== null) return { acknowledged_at, acknowledged_by, acknowledge_ms };
  const { now, causality } = occasion;
  return {
    acknowledged_at: now,
    acknowledged_by: causality.principal,
    acknowledge_ms: Math.max(0, now - created_at),
  };
}

/**
 * An alert after a change by somebody. It counts as taken in hand from the first moment at which it is no longer `new`, was
 * judged or is in a case; one that is put back into the queue as it was (also by undoing a slip) waits again. Follows what
 * the field means by time to acknowledge and to resolve
 * (https://www.pagerduty.com/resources/learn/what-is-mean-time-to-acknowledge/).
 */
export function alertWith(
  occasion: Occasion,
  row: AlertRow,
  patch: Partial<Pick<AlertRow, 'status' | 'verdict' | 'case_id'>>,
): AlertRow {
  const after = { ...row, ...patch, updated_at: occasion.now, rev: row.rev + 1 };
  const { status, verdict, case_id } = after;
  const waits = status === 'new' && verdict === 'unknown' && case_id === null;
  const resolved_at = status === 'resolved' ? (row.resolved_at ?? occasion.now) : null;
  const resolve_ms = resolved_at === null ? null : Math.max(0, resolved_at - row.created_at);
  return { ...after, ...(waits ? UNHANDLED : waited(occasion, row)), resolved_at, resolve_ms };
}

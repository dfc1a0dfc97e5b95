import { type AlertRow, type AuditEntry, type Handling, UNHANDLED } from '@counterpoint/events';
import { auditOf, type Occasion } from './write.ts';

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
 * The status of an alert that is put into a case, or judged by somebody, and what is audited of it: one that was `new` is in
 * progress from then on.
 *
 * @param why for the audit log, such as `put into a case`
 */
export function begun(
  occasion: Occasion,
  { id, status }: Pick<AlertRow, 'id' | 'status'>,
  why: string,
): { readonly status: AlertRow['status']; readonly audit: readonly AuditEntry[] } {
  if (status !== 'new') return { status, audit: [] };
  const to = 'in_progress';
  return {
    status: to,
    audit: [auditOf(occasion, 'alert.status_set', `alert:${id}`, { from: status, to, reason: why })],
  };
}

/**
 * An alert after a change by somebody. It waits as long as it is `new`, and is taken in hand when it is no longer; one that
 * is made `new` again (also by undoing a slip) waits again. Follows what the field means by time to acknowledge and to
 * resolve (https://www.pagerduty.com/resources/learn/what-is-mean-time-to-acknowledge/).
 */
export function alertWith(
  occasion: Occasion,
  row: AlertRow,
  patch: Partial<Pick<AlertRow, 'status' | 'verdict' | 'case_id'>>,
): AlertRow {
  const after = { ...row, ...patch, updated_at: occasion.now, rev: row.rev + 1 };
  const { status } = after;
  const waits = status === 'new';
  const resolved_at = status === 'resolved' ? (row.resolved_at ?? occasion.now) : null;
  const resolve_ms = resolved_at === null ? null : Math.max(0, resolved_at - row.created_at);
  return { ...after, ...(waits ? UNHANDLED : waited(occasion, row)), resolved_at, resolve_ms };
}

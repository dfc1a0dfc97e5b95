import {
  type AlertRow,
  type Causality,
  type Change,
  causedBy,
  type EventEnvelope,
  newEvent,
} from '@counterpoint/events';
import type { Verdict } from './case.ts';
import { alertWith, begun, isPerson } from './handling.ts';
import { auditOf, type Occasion } from './write.ts';

/** The topic on which revised verdicts are announced; who acted on the old one can retract. */
export const ALERT_REVISED = 'alert.revised.v1';

/** What `alert.revised.v1` says. */
export interface AlertRevision {
  readonly verdict: Verdict;
  readonly previous: Verdict;
  readonly reason: string;
  /** Reference of what was revised: `alert:…`, or `observable:…` when the verdict on something in the alert changed. */
  readonly revised: string;
}

/** The announcement that the verdict on an alert, or on an observable in it, was revised. */
export function alertRevised(
  alert: AlertRow,
  revision: AlertRevision,
  causality: Causality,
  at: number,
): EventEnvelope {
  const data = { alert: alert.id, title: alert.title, case: alert.case_id, ...revision };
  // It belongs to the story of the alert, whoever revises it.
  const parent = { ...causality, trace: alert.trace };
  return newEvent(ALERT_REVISED, `alert:${alert.id}`, data, causedBy(parent, `alert:${alert.id}`), at);
}

/** Puts an alert into another status; nothing when it has it already. */
export function setAlertStatus(occasion: Occasion, row: AlertRow, status: AlertRow['status'], reason = ''): Change {
  if (row.status === status) return {};
  return {
    rows: [{ op: 'update', table: 'alerts', row: alertWith(occasion, row, { status }) }],
    audit: [auditOf(occasion, 'alert.status_set', `alert:${row.id}`, { from: row.status, to: status, reason })],
  };
}

/**
 * Sets the verdict on an alert and announces the revision; nothing when it is the same. A new one that a person judges is in
 * progress from then on. What a program thinks of it takes it from nobody's queue.
 */
export function setAlertVerdict(occasion: Occasion, row: AlertRow, verdict: Verdict, reason = ''): Change {
  if (row.verdict === verdict) return {};
  const revision = { verdict, previous: row.verdict, reason, revised: `alert:${row.id}` };
  const judged = verdict !== 'unknown' && isPerson(occasion.causality.principal);
  const { status, audit } = judged ? begun(occasion, row, 'judged') : { status: row.status, audit: [] };
  return {
    rows: [{ op: 'update', table: 'alerts', row: alertWith(occasion, row, { verdict, status }) }],
    events: [alertRevised(row, revision, occasion.causality, occasion.now)],
    audit: [
      auditOf(occasion, 'alert.verdict_set', `alert:${row.id}`, { from: row.verdict, to: verdict, reason }),
      ...audit,
    ],
  };
}

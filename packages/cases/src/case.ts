import { stableId } from '@counterpoint/core';
import {
  type AlertRow,
  type CaseRow,
  type Change,
  causalityOf,
  causedBy,
  type EventEnvelope,
  mergeChanges,
  newEvent,
  type RowWrite,
  UNHANDLED,
} from '@counterpoint/events';
import { alertWith, begun, isPerson, waited } from './handling.ts';
import { auditOf, ensureEntry, entryOf, type Occasion } from './write.ts';

/** What is thought of an alert, a case or an observable. */
export type Verdict = CaseRow['verdict'];

/** What a new case begins with. */
export interface CaseOpening {
  readonly title: string;
  /** OCSF severity_id, default 0 (unknown). */
  readonly severity?: number | undefined;
  readonly summary?: string | undefined;
  readonly simulated?: boolean | undefined;
}

/** The topic on which changes of cases are announced. */
export const CASE_CHANGED = 'case.changed.v1';

/** What changed of a case. */
export type CaseChangeKind = 'opened' | 'status' | 'severity' | 'owner' | 'verdict' | 'alert_added' | 'closed';

function caseChanged(occasion: Occasion, row: CaseRow, change: CaseChangeKind): EventEnvelope {
  const { id, title, status, severity, owner, verdict, simulated } = row;
  const data = { case: { id, title, status, severity, owner, verdict, simulated }, change };
  const { causality, now } = occasion;
  return newEvent(CASE_CHANGED, `case:${id}`, data, causedBy(causality, causality.cause || `case:${id}`), now);
}

/** The row that {@link openCase} writes; its id follows from the occasion's key. */
export function newCase(occasion: Occasion, opening: CaseOpening): CaseRow {
  const { principal } = occasion.causality;
  return {
    ...causalityOf(occasion.causality),
    ...UNHANDLED,
    // What somebody opens themselves is in their hands, and waited for nobody.
    ...(isPerson(principal) && { acknowledged_at: occasion.now, acknowledged_by: principal }),
    id: stableId('case', occasion.key),
    title: opening.title,
    status: 'open',
    severity: opening.severity ?? 0,
    owner: null,
    summary: opening.summary ?? '',
    verdict: 'unknown',
    simulated: opening.simulated ?? false,
    created_at: occasion.now,
    updated_at: occasion.now,
    closed_at: null,
    rev: 1,
  };
}

/** Opens a case. Opening it again under the same key changes nothing. */
export function openCase(occasion: Occasion, opening: CaseOpening): Change {
  const row = newCase(occasion, opening);
  return {
    rows: [{ op: 'ensure', table: 'cases', row }, ensureEntry(entryOf(occasion, row.id, 'opened', row.title))],
    events: [caseChanged(occasion, row, 'opened')],
    audit: [auditOf(occasion, 'case.opened', `case:${row.id}`, { title: row.title })],
  };
}

/** Adds a note to a case's timeline. */
export function addNote(occasion: Occasion, caseId: string, text: string): Change {
  return {
    rows: [ensureEntry(entryOf(occasion, caseId, 'note', text))],
    audit: [auditOf(occasion, 'case.noted', `case:${caseId}`, null)],
  };
}

function updated(occasion: Occasion, row: CaseRow, patch: Partial<CaseRow>): CaseRow {
  const after = { ...row, ...patch, updated_at: occasion.now, rev: row.rev + 1 };
  const { status, owner, verdict, acknowledged_at, closed_at } = after;
  const judged = verdict !== 'unknown' && isPerson(occasion.causality.principal);
  const taken = acknowledged_at !== null || status !== 'open' || owner !== null || judged;
  const resolve_ms = closed_at === null ? null : Math.max(0, closed_at - row.created_at);
  return { ...after, ...(taken && waited(occasion, row)), resolve_ms };
}

/** What ids of the marks of closed cases begin with, in the table of settings. */
export const CASE_CLOSED = 'case_closed:';

/** A case that was closed and whose claims on effects have still to end. */
export interface ClosedCase {
  readonly case: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Who closed it. */
  readonly principal: string;
}

/**
 * The mark that a case leaves when it is closed, in the same commit; whoever keeps leases takes it up and removes it. Each
 * closing has one of its own, so that the removal of one never takes that of a later closing with it.
 */
function closedMark({ now: at, causality }: Occasion, row: CaseRow): RowWrite {
  const value = { case: row.id, at, principal: causality.principal };
  return { op: 'put', table: 'settings', row: { id: `${CASE_CLOSED}${row.id}/${row.rev}`, value, rev: 1 } };
}

/** Whether the work on a case has ended. */
export function isOver({ status }: Pick<CaseRow, 'status'>): boolean {
  return status === 'resolved' || status === 'closed';
}

/**
 * Puts a case into another status; nothing when it has it already. Closing stamps `closed_at` and ends the case's claims on
 * effects; reopening clears it and does not bring them back.
 */
export function setCaseStatus(occasion: Occasion, row: CaseRow, status: CaseRow['status'], reason = ''): Change {
  if (row.status === status) return {};
  const over = isOver({ status });
  const closed_at = over ? (row.closed_at ?? occasion.now) : null;
  const data = { from: row.status, to: status, reason };
  const after = updated(occasion, row, { status, closed_at });
  return {
    events: [caseChanged(occasion, after, over ? 'closed' : 'status')],
    rows: [
      { op: 'update', table: 'cases', row: after },
      ensureEntry(entryOf(occasion, row.id, 'status', `${row.status} → ${status}`, data, status)),
      ...(over ? [closedMark(occasion, row)] : []),
    ],
    audit: [auditOf(occasion, 'case.status_set', `case:${row.id}`, data)],
  };
}

/** Replaces a case's summary; nothing when it is the same. */
export function setCaseSummary(occasion: Occasion, row: CaseRow, summary: string): Change {
  if (row.summary === summary) return {};
  return {
    rows: [
      { op: 'update', table: 'cases', row: updated(occasion, row, { summary }) },
      ensureEntry(entryOf(occasion, row.id, 'summary', summary)),
    ],
    audit: [auditOf(occasion, 'case.summary_set', `case:${row.id}`, null)],
  };
}

/** Replaces a case's severity (OCSF severity_id), verdict or both; nothing when they are the same. */
export function assessCase(
  occasion: Occasion,
  row: CaseRow,
  assessment: { readonly severity?: number; readonly verdict?: Verdict },
): Change {
  const { severity = row.severity, verdict = row.verdict } = assessment;
  if (severity === row.severity && verdict === row.verdict) return {};
  const data = { severity, verdict, previous: { severity: row.severity, verdict: row.verdict } };
  const after = updated(occasion, row, { severity, verdict });
  return {
    events: [caseChanged(occasion, after, verdict === row.verdict ? 'severity' : 'verdict')],
    rows: [
      { op: 'update', table: 'cases', row: after },
      ensureEntry(entryOf(occasion, row.id, 'status', `verdict ${verdict}, severity ${severity}`, data, 'assessed')),
    ],
    audit: [auditOf(occasion, 'case.assessed', `case:${row.id}`, data)],
  };
}

/** Ends the work on a case with a verdict and a reason, and with it the case's claims on effects. */
export function resolveCase(occasion: Occasion, row: CaseRow, verdict: Verdict, reason: string): Change {
  if (row.status === 'resolved' && row.verdict === verdict) return {};
  const data = { from: row.status, to: 'resolved', verdict, reason };
  const text = `resolved as ${verdict}${reason === '' ? '' : `: ${reason}`}`;
  const closed_at = row.closed_at ?? occasion.now;
  const after = updated(occasion, row, { status: 'resolved', verdict, closed_at });
  return {
    events: [caseChanged(occasion, after, 'closed')],
    rows: [
      { op: 'update', table: 'cases', row: after },
      ensureEntry(entryOf(occasion, row.id, 'status', text, data, 'resolved')),
      closedMark(occasion, row),
    ],
    audit: [auditOf(occasion, 'case.resolved', `case:${row.id}`, data)],
  };
}

/** Puts an alert into a case, whose work it is from then on: one that was new is in progress. Nothing when it is there already. */
export function linkAlert(occasion: Occasion, alert: AlertRow, target: CaseRow): Change {
  if (alert.case_id === target.id) return {};
  const moved = `Alert moved to case ${target.id}`;
  const left: Change =
    alert.case_id === null
      ? {}
      : { rows: [ensureEntry(entryOf(occasion, alert.case_id, 'note', moved, null, alert.id))] };
  const { status, audit } = begun(occasion, alert, 'put into a case');
  const row = alertWith(occasion, alert, { case_id: target.id, status });
  return mergeChanges(left, {
    rows: [
      { op: 'update', table: 'alerts', row },
      ensureEntry(entryOf(occasion, target.id, 'alert_added', alert.title, { alert: alert.id }, alert.id)),
    ],
    events: [caseChanged(occasion, target, 'alert_added')],
    audit: [auditOf(occasion, 'alert.linked', `alert:${alert.id}`, { case: target.id }), ...audit],
  });
}

/** Takes an alert out of its case; nothing when it is in none. It keeps its status: somebody has seen it. */
export function unlinkAlert(occasion: Occasion, alert: AlertRow): Change {
  if (alert.case_id === null) return {};
  const row = alertWith(occasion, alert, { case_id: null });
  const left = entryOf(occasion, alert.case_id, 'alert_removed', alert.title, { alert: alert.id }, alert.id);
  return {
    rows: [{ op: 'update', table: 'alerts', row }, ensureEntry(left)],
    audit: [auditOf(occasion, 'alert.unlinked', `alert:${alert.id}`, { case: alert.case_id })],
  };
}

/** Who a case is handed to: the id of a user and how people know them. */
export interface CaseOwner {
  readonly id: string;
  readonly name: string;
}

/** Hands a case to somebody, or to nobody; nothing when it is theirs already. */
export function setCaseOwner(occasion: Occasion, row: CaseRow, owner: CaseOwner | null): Change {
  const id = owner?.id ?? null;
  if (row.owner === id) return {};
  const after = updated(occasion, row, { owner: id });
  const data = { from: row.owner, to: id };
  return {
    events: [caseChanged(occasion, after, 'owner')],
    rows: [
      { op: 'update', table: 'cases', row: after },
      ensureEntry(entryOf(occasion, row.id, 'owner', owner === null ? 'nobody' : owner.name, data)),
    ],
    audit: [auditOf(occasion, 'case.owner_set', `case:${row.id}`, data)],
  };
}

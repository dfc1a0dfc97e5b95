import { isTurn, type ReleaseResult } from '@counterpoint/actions';
import { verdictOf } from '@counterpoint/cases';
import type { Json } from '@counterpoint/core';
import type {
  AlertRow,
  CaseEntryRow,
  CaseRow,
  Causality,
  ClaimRow,
  EffectRow,
  ObservableRow,
  Reader,
  RunRow,
} from '@counterpoint/events';
import { causalityOf } from '@counterpoint/events';
import { defang, fromOcsfObservable, type OcsfObservable, severityName } from '@counterpoint/formats';

/** An alert as the API shows it. */
export function alertView(row: AlertRow) {
  const { id, source, title, status, verdict, count, first_seen, last_seen } = row;
  const { case_id, simulated, created_at, updated_at, acknowledged_at, acknowledged_by, resolved_at } = row;
  return {
    ...causalityOf(row),
    id,
    source,
    title,
    severity: severityName(row.severity),
    status,
    verdict,
    count,
    first_seen,
    last_seen,
    case_id,
    simulated,
    created_at,
    updated_at,
    acknowledged_at,
    acknowledged_by,
    resolved_at,
    ...observablesOfFinding(row.finding),
  };
}

const PREVIEWED = 3;

/** A glance at what a finding holds, without asking the store about each alert of a list. */
function observablesOfFinding(finding: Json) {
  const { observables = [] } = finding as { readonly observables?: readonly OcsfObservable[] };
  const known = observables.flatMap((one) => fromOcsfObservable(one) ?? []);
  const preview = known.slice(0, PREVIEWED).map(({ type, value }) => ({ type, value, display: defang(value, type) }));
  return { observables: preview, observable_count: known.length };
}

/** A case as the API shows it. */
export function caseView(row: CaseRow) {
  const { id, title, status, owner, summary, verdict, simulated, created_at, updated_at, closed_at } = row;
  const { acknowledged_at, acknowledged_by } = row;
  const severity = severityName(row.severity);
  const causality = causalityOf(row);
  return {
    ...causality,
    id,
    title,
    status,
    severity,
    owner,
    summary,
    verdict,
    simulated,
    created_at,
    updated_at,
    closed_at,
    acknowledged_at,
    acknowledged_by,
  };
}

/** A line of a case's timeline as the API shows it. */
export function entryView(row: CaseEntryRow) {
  const { id, kind, text, data, at } = row;
  return { ...causalityOf(row), id, kind, text, data, at };
}

/** An observable as the API shows it; `display` is safe to show and to copy. */
export function observableView(row: ObservableRow) {
  const { id, type, value } = row;
  return { id, type, value, display: defang(value, type as Parameters<typeof defang>[1]) };
}

/** What is known about observables: what was said, what follows from it, and how often each was seen. */
export async function knownObservables(reader: Reader, rows: readonly ObservableRow[]) {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const seen = await reader.tally('observable_links', { where: { observable: { in: ids } }, by: ['observable'] });
  const sightings = new Map(seen.map(({ values: [id], count }) => [id, count]));
  const said = await reader.find('enrichments', {
    where: { observable: { in: ids } },
    orderBy: [{ column: 'at', descending: true }],
    limit: MOST_SAID,
  });
  const byObservable = Map.groupBy(said, ({ observable }) => observable);
  return rows.map((row) => {
    const enrichments = byObservable.get(row.id) ?? [];
    return {
      ...observableView(row),
      verdict: verdictOf(enrichments),
      sightings: sightings.get(row.id) ?? 0,
      enrichments: enrichments.map(({ source, verdict, score, data, at }) => ({ source, verdict, score, data, at })),
    };
  });
}

const MOST_SAID = 2_000;

/** A run as the API shows it. */
export function runView(row: RunRow) {
  const { id, playbook, version, status, paused, trigger_kind, inputs, outputs, error } = row;
  const { simulated, site, created_at, started_at, ended_at } = row;
  return {
    ...causalityOf(row as Causality),
    id,
    playbook,
    version,
    status,
    paused,
    trigger_kind,
    inputs,
    outputs,
    error,
    simulated,
    site,
    created_at,
    started_at,
    ended_at,
  };
}

/** Claims as the API shows them: the reasons of people, runs and cases, without what only keeps two calls apart. */
export function claimsView(claims: readonly ClaimRow[]) {
  return claims
    .filter((claim) => !isTurn(claim))
    .map(({ holder, reason, until, created_at, ended_at }) => ({ holder, reason, until, created_at, ended_at }));
}

/** What became of effects that were to be undone. */
export function releaseView(result: ReleaseResult) {
  return {
    undone: [...result.undone],
    kept: [...result.kept],
    failed: result.failed.map(({ effect, error }) => ({ effect, code: error.code, message: error.message })),
  };
}

/** An effect as the API shows it. */
export function effectView(row: EffectRow) {
  const { key: _key, generation: _generation, args_hash: _hash, inverse: _inverse, ...shown } = row;
  const { wake_at: _wake, attempts: _attempts, rev: _rev, ...view } = shown;
  return view;
}

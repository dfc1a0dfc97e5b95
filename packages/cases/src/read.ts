import type { AlertRow, CaseRow, EnrichmentRow, ObservableRow, Reader } from '@counterpoint/events';
import type { Verdict } from './case.ts';
import { errors } from './errors.ts';
import type { Bounded } from './lookup.ts';

const MANY = 500;
const MOST_HOLDERS = 5_000;

/** The case. @throws cases.case_not_found */
export async function getCase(reader: Reader, id: string): Promise<CaseRow> {
  const row = await reader.get('cases', id);
  if (!row) throw errors.case_not_found({ id });
  return row;
}

/** The alert. @throws cases.alert_not_found */
export async function getAlert(reader: Reader, id: string): Promise<AlertRow> {
  const row = await reader.get('alerts', id);
  if (!row) throw errors.alert_not_found({ id });
  return row;
}

/** Checks that a reference names an existing alert or case. @throws cases.subject_invalid, cases.*_not_found */
export async function checkSubject(reader: Reader, subject: string): Promise<void> {
  const [kind, id = ''] = subject.split(/:(.*)/s);
  if (kind === 'alert') await getAlert(reader, id);
  else if (kind === 'case') await getCase(reader, id);
  else throw errors.subject_invalid({ subject });
}

/** The observables of an alert or a case (`alert:…`, `case:…`), oldest link first, at most 500. */
export async function observablesOf(reader: Reader, subject: string): Promise<readonly ObservableRow[]> {
  const links = await reader.find('observable_links', { where: { subject }, orderBy: [{ column: 'at' }], limit: MANY });
  if (links.length === 0) return [];
  const ids = links.map((link) => link.observable);
  const rows = await reader.find('observables', { where: { id: { in: ids } }, limit: MANY });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * The alerts or cases that hold one of some observables, each once, the latest link first, from at most `limit` links (default
 * 5,000).
 */
export async function holdersOf(
  reader: Reader,
  observables: readonly string[],
  kind: 'alert' | 'case',
  limit = MOST_HOLDERS,
): Promise<Bounded> {
  if (observables.length === 0) return { ids: [], cut: false };
  const links = await reader.find('observable_links', {
    where: { observable: { in: observables }, subject: { prefix: `${kind}:` } },
    orderBy: [{ column: 'at', descending: true }],
    limit: limit + 1,
  });
  const ids = links.slice(0, limit).map((link) => link.subject.slice(kind.length + 1));
  return { ids: [...new Set(ids)], cut: links.length > limit };
}

/** The alerts that an observable was seen in, newest first, at most `limit` (default 100). */
export async function alertsWith(reader: Reader, observable: string, limit = 100): Promise<readonly AlertRow[]> {
  const { ids } = await holdersOf(reader, [observable], 'alert', limit);
  if (ids.length === 0) return [];
  const rows = await reader.find('alerts', { where: { id: { in: ids } }, limit });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** What was said about an observable, newest first, at most 500. */
export function enrichmentsOf(reader: Reader, observable: string): Promise<readonly EnrichmentRow[]> {
  return reader.find('enrichments', {
    where: { observable },
    orderBy: [{ column: 'at', descending: true }],
    limit: MANY,
  });
}

const WEIGHT: Readonly<Record<Verdict, number>> = { unknown: 0, benign: 1, suspicious: 2, malicious: 3 };

/**
 * The verdict on an observable from what was said about it (newest first): the analyst's last word when there is one,
 * else the gravest of each source's last word. Nothing said is `unknown`, and so is a source that does not know.
 */
export function verdictOf(enrichments: readonly EnrichmentRow[]): Verdict {
  const last = new Map<string, Verdict>();
  for (const { source, verdict } of enrichments) if (!last.has(source)) last.set(source, verdict);
  const analyst = last.get('analyst');
  if (analyst !== undefined && analyst !== 'unknown') return analyst;
  return [...last.values()].reduce<Verdict>((worst, next) => (WEIGHT[next] > WEIGHT[worst] ? next : worst), 'unknown');
}

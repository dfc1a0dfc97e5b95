import { holdersOf, observablesMeant } from '@counterpoint/cases';
import type { endpoints } from '@counterpoint/contracts';
import type { AlertRow, CaseRow, Reader, TallyGroup, Where } from '@counterpoint/events';
import { type SeverityName, severityIds, severityName } from '@counterpoint/formats';
import type { z } from 'zod';

type AlertFilter = z.output<(typeof endpoints)['alertFacets']['query']>;
type CaseFilter = z.output<(typeof endpoints)['listCases']['query']>;

const ID = /^[0-9a-f]{8}(-[0-9a-f-]*)?$/i;
const MOST_WORDS = 10;

/** What a search text means: the beginning of an id, or words that the title holds. */
export function searchOf(q: string | undefined): {
  readonly id?: { prefix: string };
  readonly title?: { holding: string[] };
} {
  const text = q?.trim() ?? '';
  if (text === '') return {};
  if (ID.test(text)) return { id: { prefix: text.toLowerCase() } };
  return { title: { holding: text.split(/\s+/).slice(0, MOST_WORDS) } };
}

function severities(names: readonly SeverityName[] | undefined) {
  return names === undefined ? {} : { severity: { in: names.map((name) => severityIds[name]) } };
}

/** Ids of what holds a value; undefined when no value is asked for. */
async function holders(reader: Reader, value: string | undefined, kind: 'alert' | 'case') {
  if (value === undefined || value.trim() === '') return undefined;
  return holdersOf(reader, await observablesMeant(reader, value), kind);
}

/** The conditions of a filter of alerts. */
export async function whereAlerts(reader: Reader, filter: AlertFilter): Promise<Where<AlertRow>> {
  const { status, verdict, source, since, until, simulated } = filter;
  const ids = await holders(reader, filter.observable, 'alert');
  const { id, title } = searchOf(filter.q);
  const from = { gte: since ?? 0 };
  return {
    ...(status && { status: { in: status } }),
    ...(verdict && { verdict: { in: verdict } }),
    ...(source && { source: { in: source } }),
    ...severities(filter.severity),
    ...(filter.case !== undefined && { case_id: filter.case === 'none' ? null : filter.case }),
    ...(simulated !== undefined && { simulated: simulated === 'true' }),
    ...(title && { title }),
    // Saying that it has a time at all lets SQLite walk the index that holds what is filtered by.
    created_at: until === undefined ? from : { ...from, lt: until },
    ...withIds(ids, id),
  };
}

function withIds(ids: readonly string[] | undefined, id: { prefix: string } | undefined) {
  if (ids === undefined) return id === undefined ? {} : { id };
  const kept = id === undefined ? ids : ids.filter((one) => one.startsWith(id.prefix));
  return { id: { in: kept } };
}

/** What the queue counts by. */
const FACETS = ['status', 'severity', 'verdict', 'source'] as const;
type Facet = (typeof FACETS)[number];

/** How many alerts each value of a filter has. */
export type AlertFacets = { readonly total: number } & {
  readonly [Name in Facet]: { value: string; count: number }[];
};

/**
 * Counts of each value of the four filters, each under all other filters, from one pass over the index.
 */
export async function alertFacets(reader: Reader, filter: AlertFilter): Promise<AlertFacets> {
  const { status, severity, verdict, source, ...others } = filter;
  const chosen: Readonly<Record<Facet, readonly string[] | undefined>> = { status, severity, verdict, source };
  const named = (await groupsOf(reader, others)).map(nameGroup);
  const fits = (group: NamedGroup, except?: Facet) =>
    FACETS.every((facet) => facet === except || (chosen[facet]?.includes(group.values[facet]) ?? true));
  const total = named.filter((group) => fits(group)).reduce((sum, { count }) => sum + count, 0);
  const of = (facet: Facet) => {
    const counts = new Map<string, number>();
    for (const group of named) {
      if (!fits(group, facet)) continue;
      const value = group.values[facet];
      counts.set(value, (counts.get(value) ?? 0) + group.count);
    }
    return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
  };
  return { total, status: of('status'), severity: of('severity'), verdict: of('verdict'), source: of('source') };
}

/**
 * Alerts in groups. Those in no case are counted as the rest: looked for by themselves, a database would read nearly every
 * alert.
 */
async function groupsOf(reader: Reader, filter: AlertFilter): Promise<readonly TallyGroup[]> {
  if (filter.case !== 'none') return reader.tally('alerts', { where: await whereAlerts(reader, filter), by: FACETS });
  const { case: _none, ...others } = filter;
  const where = await whereAlerts(reader, others);
  const withCase = { ...where, case_id: { gte: '' } };
  const [all, inCases] = await Promise.all([
    reader.tally('alerts', { where, by: FACETS }),
    reader.tally('alerts', { where: withCase, by: FACETS }),
  ]);
  const taken = new Map(inCases.map(({ values, count }) => [JSON.stringify(values), count]));
  return all
    .map((group) => ({ ...group, count: group.count - (taken.get(JSON.stringify(group.values)) ?? 0) }))
    .filter(({ count }) => count > 0);
}

interface NamedGroup {
  readonly values: Readonly<Record<Facet, string>>;
  readonly count: number;
}

function nameGroup({ values: [status, severity, verdict, source], count }: TallyGroup): NamedGroup {
  const values = { status: String(status), verdict: String(verdict), source: String(source) };
  return { values: { ...values, severity: severityName(Number(severity)) }, count };
}

/** The conditions of a filter of cases; a value that alerts of a case hold counts as the case's. */
export async function whereCases(reader: Reader, filter: CaseFilter): Promise<Where<CaseRow>> {
  const { status, verdict, owner } = filter;
  const own = await holders(reader, filter.observable, 'case');
  const alerts = await holders(reader, filter.observable, 'alert');
  const ids = own && alerts && [...new Set([...own, ...(await casesOf(reader, alerts))])];
  const { id, title } = searchOf(filter.q);
  return {
    ...(status && { status: { in: status } }),
    ...(verdict && { verdict: { in: verdict } }),
    ...(owner && { owner: { in: owner.map((one) => (one === 'none' ? null : one)) } }),
    ...severities(filter.severity),
    ...(title && { title }),
    ...withIds(ids, id),
  };
}

async function casesOf(reader: Reader, alerts: readonly string[]): Promise<readonly string[]> {
  if (alerts.length === 0) return [];
  const where = { id: { in: alerts }, case_id: { not: null } };
  const groups = await reader.tally('alerts', { where, by: ['case_id'] });
  return groups.map(({ values: [id] }) => String(id));
}

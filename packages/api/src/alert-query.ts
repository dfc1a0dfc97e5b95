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

/** What a filter leaves, and whether more holds the value that is asked for than is looked through. */
interface Narrowed<Row> {
  readonly where: Where<Row>;
  readonly cut: boolean;
}

/** What a value means; undefined when none is asked for. */
async function meantBy(reader: Reader, value: string | undefined) {
  return value === undefined || value.trim() === '' ? undefined : observablesMeant(reader, value);
}

/** The conditions of a filter of alerts. */
export async function narrowAlerts(reader: Reader, filter: AlertFilter): Promise<Narrowed<AlertRow>> {
  const { status, verdict, source, since, until, simulated } = filter;
  const meant = await meantBy(reader, filter.observable);
  const held = meant && (await holdersOf(reader, meant.ids, 'alert'));
  const { id, title } = searchOf(filter.q);
  const from = { gte: since ?? 0 };
  const where: Where<AlertRow> = {
    ...(status && { status: { in: status } }),
    ...(verdict && { verdict: { in: verdict } }),
    ...(source && { source: { in: source } }),
    ...severities(filter.severity),
    ...(filter.case !== undefined && { case_id: filter.case === 'none' ? null : filter.case }),
    ...(simulated !== undefined && { simulated: simulated === 'true' }),
    ...(title && { title }),
    // Saying that it has a time at all lets SQLite walk the index that holds what is filtered by.
    created_at: until === undefined ? from : { ...from, lt: until },
    ...withIds(held?.ids, id),
  };
  return { where, cut: meant?.cut === true || held?.cut === true };
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
export type AlertFacets = { readonly total: number; readonly cut: boolean } & {
  readonly [Name in Facet]: { value: string; count: number }[];
};

/**
 * Counts of each value of the four filters, each under all other filters, from one pass over the index.
 */
export async function alertFacets(reader: Reader, filter: AlertFilter): Promise<AlertFacets> {
  const { status, severity, verdict, source, ...others } = filter;
  const chosen: Readonly<Record<Facet, readonly string[] | undefined>> = { status, severity, verdict, source };
  const { groups, cut } = await groupsOf(reader, others);
  const named = groups.map(nameGroup);
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
  return { total, cut, status: of('status'), severity: of('severity'), verdict: of('verdict'), source: of('source') };
}

/**
 * Alerts in groups. Those in no case are counted as the rest: looked for by themselves, a database would read nearly every
 * alert.
 */
async function groupsOf(
  reader: Reader,
  filter: AlertFilter,
): Promise<{ readonly groups: readonly TallyGroup[]; readonly cut: boolean }> {
  const { case: wanted, ...others } = filter;
  const { where, cut } = await narrowAlerts(reader, wanted === 'none' ? others : filter);
  if (wanted !== 'none') return { groups: await reader.tally('alerts', { where, by: FACETS }), cut };
  const withCase = { ...where, case_id: { gte: '' } };
  const [all, inCases] = await Promise.all([
    reader.tally('alerts', { where, by: FACETS }),
    reader.tally('alerts', { where: withCase, by: FACETS }),
  ]);
  const taken = new Map(inCases.map(({ values, count }) => [JSON.stringify(values), count]));
  const free = all
    .map((group) => ({ ...group, count: group.count - (taken.get(JSON.stringify(group.values)) ?? 0) }))
    .filter(({ count }) => count > 0);
  return { groups: free, cut };
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
export async function narrowCases(reader: Reader, filter: CaseFilter): Promise<Narrowed<CaseRow>> {
  const { status, verdict, owner } = filter;
  const meant = await meantBy(reader, filter.observable);
  const own = meant && (await holdersOf(reader, meant.ids, 'case'));
  const alerts = meant && (await holdersOf(reader, meant.ids, 'alert'));
  const ids = own && alerts && [...new Set([...own.ids, ...(await casesOf(reader, alerts.ids))])];
  const { id, title } = searchOf(filter.q);
  const where: Where<CaseRow> = {
    ...(status && { status: { in: status } }),
    ...(verdict && { verdict: { in: verdict } }),
    ...(owner && { owner: { in: owner.map((one) => (one === 'none' ? null : one)) } }),
    ...severities(filter.severity),
    ...(title && { title }),
    ...withIds(ids, id),
  };
  return { where, cut: [meant, own, alerts].some((part) => part?.cut) };
}

async function casesOf(reader: Reader, alerts: readonly string[]): Promise<readonly string[]> {
  if (alerts.length === 0) return [];
  const where = { id: { in: alerts }, case_id: { not: null } };
  const groups = await reader.tally('alerts', { where, by: ['case_id'] });
  return groups.map(({ values: [id] }) => String(id));
}

import { PERSON } from '@counterpoint/cases';
import type { Reader, TallyGroup, Where } from '@counterpoint/events';

/** How long something took, over many. */
export interface Spread {
  readonly count: number;
  /** Milliseconds. */
  readonly mean: number;
  /** Milliseconds, to about one in a hundred; of an even number of them the lower of the middle two. */
  readonly median: number;
}

type Handled = 'alerts' | 'cases';
type Took = 'acknowledge_ms' | 'resolve_ms';
/** Conditions that rows of both tables can be held to. */
type Taken = Pick<
  Where<{ acknowledged_at: number; acknowledged_by: string }>,
  'acknowledged_at' | 'acknowledged_by'
> & {
  readonly resolved_at?: { readonly gte: number };
  readonly closed_at?: { readonly gte: number };
};

const WIDTHS = [3_600_000, 60_000, 1_000, 10] as const;
/** What a slice may be wide, as a share of where it begins. */
const PRECISION = 0.01;

const countOf = (groups: readonly TallyGroup[]) => groups.reduce((sum, { count }) => sum + count, 0);

/** The group in which the row stands that `before` rows come before, and how many come before it within the group. */
function groupAt(groups: readonly TallyGroup[], before: number): { readonly from: number; readonly before: number } {
  let left = before;
  for (const { slice, count } of groups.toSorted((a, b) => a.slice - b.slice)) {
    if (left < count) return { from: slice, before: left };
    left -= count;
  }
  return { from: 0, before: 0 };
}

/**
 * The mean and the median of a duration. The median is found by counting in ever narrower slices, so that however many
 * rows there are, only counts leave the store.
 */
export async function spreadOf(reader: Reader, table: Handled, where: Taken, took: Took): Promise<Spread | null> {
  const tally = (range: object, width: number) =>
    reader.tally(table, { where: { ...where, ...range } as never, slice: { column: took, width }, sum: [took] });
  const [first, ...finer] = WIDTHS;
  const all = await tally({}, first);
  const count = countOf(all);
  if (count === 0) return null;
  const sum = all.reduce((total, { sums: [part = 0] }) => total + part, 0);
  let { from, before } = groupAt(all, Math.floor((count - 1) / 2));
  let width: number = first;
  for (const next of finer) {
    if (width <= from * PRECISION) break;
    ({ from, before } = groupAt(await tally({ [took]: { gte: from, lt: from + width } }, next), before));
    width = next;
  }
  return { count, mean: Math.round(sum / count), median: from };
}

/** How long things waited until somebody took them in hand, since a time; and how many others than people took first. */
export async function acknowledgedSince(reader: Reader, table: Handled, since: number) {
  const acknowledged_at = { gte: since };
  const people = await spreadOf(
    reader,
    table,
    { acknowledged_at, acknowledged_by: { prefix: PERSON } },
    'acknowledge_ms',
  );
  const timed = { acknowledged_at, acknowledge_ms: { gte: 0 } };
  const all = await reader.count(table, timed as never);
  return { people, others: all - (people?.count ?? 0) };
}

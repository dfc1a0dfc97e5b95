import type { IngestDecisionRow, Reader } from '@counterpoint/events';

const DECISIONS = ['created', 'merged', 'duplicate', 'suppressed', 'refused'] as const;

/** How many items went which way; `received` is the sum. */
export type SourceCounts = Readonly<Record<'received' | IngestDecisionRow['decision'], number>>;

/** The account of a source. */
export interface SourceAccount {
  /** What became of what it sent: every item and every repeated delivery is in exactly one of the kinds. */
  readonly counts: SourceCounts;
  /** Deliveries that are on disk and not read yet. */
  readonly waiting: number;
  /** Deliveries that count as read and of which nothing became, in the last {@link ACCOUNT_CHECKED} days: must be 0. */
  readonly missing: number;
  /** When the last item or repeated delivery was decided (Unix ms); null: nothing ever was. */
  readonly lastAt: number | null;
}

/** For how long back deliveries are held against their decisions, in milliseconds: a week. */
export const ACCOUNT_CHECKED = 7 * 86_400_000;

const NOTHING: SourceCounts = { received: 0, created: 0, merged: 0, duplicate: 0, suppressed: 0, refused: 0 };

/**
 * Counts what became of what sources sent, by source id; sources that nothing came from are left out. What is not
 * decided yet is not counted yet.
 *
 * @param since Only what was decided at or after it (Unix ms); default: everything.
 */
export async function countDecisions(
  reader: Reader,
  { source, since }: { readonly source?: string; readonly since?: number } = {},
): Promise<ReadonlyMap<string, SourceCounts>> {
  const groups = await reader.tally('ingest_decisions', {
    where: { ...(source !== undefined && { source }), ...(since !== undefined && { at: { gte: since } }) },
    by: ['source', 'decision'],
  });
  const counted = new Map<string, SourceCounts>();
  for (const { values, count } of groups) {
    const [id, decision] = values as [string, (typeof DECISIONS)[number]];
    const before = counted.get(id) ?? NOTHING;
    counted.set(id, { ...before, [decision]: before[decision] + count, received: before.received + count });
  }
  return counted;
}

/** The accounts of sources, in their order. */
export async function sourceAccounts(
  reader: Reader,
  sources: readonly string[],
  now: number,
): Promise<readonly SourceAccount[]> {
  const missing = await countMissing(reader, now - ACCOUNT_CHECKED);
  const [only] = sources.length === 1 ? sources : [];
  const counts = await countDecisions(reader, only === undefined ? {} : { source: only });
  return Promise.all(
    sources.map(async (source) => {
      const [last] = await reader.find('ingest_decisions', {
        where: { source },
        orderBy: [{ column: 'at', descending: true }],
        limit: 1,
      });
      return {
        counts: counts.get(source) ?? NOTHING,
        waiting: await reader.count('raw_inputs', { state: 'received', source }),
        missing: missing.get(source) ?? 0,
        lastAt: last?.at ?? null,
      };
    }),
  );
}

/**
 * Deliveries that were read since then have a decision about their first item, whatever they hold. The deliveries are
 * counted first: what is read in between can only make the decisions more.
 */
async function countMissing(reader: Reader, since: number): Promise<ReadonlyMap<string, number>> {
  const read = await reader.tally('raw_inputs', {
    where: { received_at: { gte: since }, state: { in: ['processed', 'refused'] } },
    by: ['source'],
  });
  const decided = await reader.tally('ingest_decisions', { where: { at: { gte: since }, item: 0 }, by: ['source'] });
  const firsts = new Map(decided.map(({ values, count }) => [values[0], count]));
  return new Map(
    read.map(({ values, count }) => [String(values[0]), Math.max(0, count - (firsts.get(values[0] ?? '') ?? 0))]),
  );
}

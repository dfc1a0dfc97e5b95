import type { IngestDecisionRow, Reader } from '@counterpoint/events';

/** The account of a source: every item and every repeated delivery that it sent is in exactly one of the kinds. */
export type SourceCounts = Readonly<Record<'received' | IngestDecisionRow['decision'], number>>;

const KINDS = ['created', 'merged', 'duplicate', 'suppressed', 'refused'] as const;

/** Counts what became of what a source sent; `received` is the sum. What is not decided yet is not counted yet. */
export async function sourceCounts(reader: Reader, source: string): Promise<SourceCounts> {
  const counted = await Promise.all(
    KINDS.map(async (decision) => [decision, await reader.count('ingest_decisions', { source, decision })] as const),
  );
  const counts = Object.fromEntries(counted) as Record<(typeof KINDS)[number], number>;
  return { received: counted.reduce((sum, [, count]) => sum + count, 0), ...counts };
}

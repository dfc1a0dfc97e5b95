import type { Reader, SourceRow } from '@counterpoint/events';
import {
  countDecisions,
  type SourceAccount,
  type SourceCounts,
  sourceAccounts,
  type TurnedAway,
  turnedAwayFrom,
} from '@counterpoint/ingest';

/** How a source stands. */
export interface SourceStanding extends SourceAccount {
  readonly lastDay: SourceCounts;
  /** What came in the last 7 days. */
  readonly week: number;
  /** Posts that were refused at the door; undefined: none ever was. */
  readonly turnedAway: TurnedAway | undefined;
  /** `silent`: nothing for 24 hours although the last 7 days brought more than 7, or nothing for 7 days. */
  readonly state: 'receiving' | 'silent' | 'new' | 'disabled';
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK_DAYS = 7;

const NOTHING: SourceCounts = { received: 0, created: 0, merged: 0, duplicate: 0, suppressed: 0, refused: 0 };

function stateOf({ enabled }: SourceRow, lastAt: number | null, week: number, now: number): SourceStanding['state'] {
  if (!enabled) return 'disabled';
  if (lastAt === null) return 'new';
  const silence = now - lastAt;
  // A week that brought something only now and then makes no promise about today.
  return (silence > DAY && week > WEEK_DAYS) || silence > WEEK_DAYS * DAY ? 'silent' : 'receiving';
}

/** How sources stand, in their order. */
export async function sourceStandings(
  reader: Reader,
  rows: readonly SourceRow[],
  now: number,
): Promise<readonly SourceStanding[]> {
  const ids = rows.map(({ id }) => id);
  const one = ids.length === 1 && ids[0] !== undefined ? { source: ids[0] } : {};
  // The shorter time first: what comes in between makes the day no more than the week, and the week no more than all.
  const lastDay = await countDecisions(reader, { ...one, since: now - DAY });
  const week = await countDecisions(reader, { ...one, since: now - WEEK_DAYS * DAY });
  const accounts = await sourceAccounts(reader, ids, now);
  const turnedAway = await turnedAwayFrom(reader, ids, now);
  return rows.map((row, index) => {
    const account = accounts[index] as SourceAccount;
    const inWeek = week.get(row.id)?.received ?? 0;
    const state = stateOf(row, account.lastAt, inWeek, now);
    return {
      ...account,
      lastDay: lastDay.get(row.id) ?? NOTHING,
      week: inWeek,
      turnedAway: turnedAway.get(row.id),
      state,
    };
  });
}

const WINDOWS = {
  '1h': { length: HOUR, width: 5 * 60_000 },
  '24h': { length: DAY, width: HOUR },
  '7d': { length: 7 * DAY, width: 6 * HOUR },
  '30d': { length: 30 * DAY, width: DAY },
} as const;

/** What became of what a source sent over a time, as a whole and in slices; slices without anything are there too. */
export async function sourceWindow(reader: Reader, source: string, name: keyof typeof WINDOWS, now: number) {
  const { length, width } = WINDOWS[name];
  const since = Math.floor((now - length) / width + 1) * width;
  const groups = await reader.tally('ingest_decisions', {
    where: { source, at: { gte: since } },
    by: ['decision'],
    slice: { column: 'at', width },
  });
  const slices = new Map<number, SourceCounts>();
  for (let at = since; at <= now; at += width) slices.set(at, NOTHING);
  let counts = NOTHING;
  for (const { values, slice, count } of groups) {
    const decision = values[0] as keyof SourceCounts;
    slices.set(slice, added(slices.get(slice) ?? NOTHING, decision, count));
    counts = added(counts, decision, count);
  }
  return { since, width, counts, slices: [...slices].map(([at, counted]) => ({ at, ...counted })) };
}

function added(counts: SourceCounts, decision: keyof SourceCounts, count: number): SourceCounts {
  return { ...counts, [decision]: counts[decision] + count, received: counts.received + count };
}

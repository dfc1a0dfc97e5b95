import type { Clock } from '@counterpoint/core';
import type { Reader } from '@counterpoint/events';

const DAY = 24 * 3_600_000;
const SPANS = [1, 7, 30, 365].map((days) => days * DAY);
const MOST_ROWS = 20_000;
const KEPT = 60_000;

/** Tables whose titles are searched. */
export const TITLED = ['alerts', 'cases'] as const;

/** A table whose titles are searched. */
export type Titled = (typeof TITLED)[number];

/** Since when titles of a table are searched (Unix ms); 0: all of them are. */
export type TitleWindow = (table: Titled) => Promise<number>;

/**
 * Bounds the search for words: as far back as there are no more than 20,000 rows, but at least a day. What it found out it
 * keeps for a minute.
 */
export function createTitleWindow(reader: Reader, clock: Clock): TitleWindow {
  const known = new Map<Titled, { readonly since: number; readonly until: number }>();
  return async (table) => {
    const now = clock.now();
    const kept = known.get(table);
    if (kept && kept.until > now) return kept.since;
    const since = await sinceOf(reader, table, now);
    known.set(table, { since, until: now + KEPT });
    return since;
  };
}

async function sinceOf(reader: Reader, table: Titled, now: number): Promise<number> {
  const [first = 0, ...wider] = [...SPANS.map((span) => now - span), 0];
  let since = first;
  for (const earlier of wider) {
    if ((await reader.count(table, { created_at: { gte: earlier } })) > MOST_ROWS) return since;
    since = earlier;
  }
  return since;
}

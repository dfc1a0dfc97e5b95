import { retryOnConflict } from '@counterpoint/cases';
import { type Clock, CounterpointError } from '@counterpoint/core';
import type { Reader, RowWrite, SourceRow, Store, TurnedAwayRow } from '@counterpoint/events';

/** What the book of the door needs. */
export interface DoorBookOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Is told why counts could not be written; they are kept and written with the next ones. */
  readonly onRetry: (error: unknown) => void;
}

/** Counts what is refused at the door of sources, so that a source that fell silent says why. */
export interface DoorBook {
  /** Counts a refusal; what is no fault of the sender, or stands in the account already, is left out. */
  note(source: Pick<SourceRow, 'id'>, refusal: unknown, address: string): void;
  /** Writes down what was counted. */
  flush(): Promise<void>;
}

/** How often a source refused a post for one reason. */
export interface TurnedAwayCount {
  /** Such as `ingest.unauthenticated`. */
  readonly code: string;
  readonly hour: number;
  readonly day: number;
}

/** What a source refused at the door in the last 24 hours: nothing of it is in the account. */
export interface TurnedAway {
  /** The most frequent first. */
  readonly counts: readonly TurnedAwayCount[];
  /** The last one, however long ago. */
  readonly last: TurnedAwayRow['last'];
}

type Slice = TurnedAwayRow['slices'][number];

interface Pending {
  readonly slices: readonly Slice[];
  readonly last: TurnedAwayRow['last'];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SLICE = 5 * 60_000;
/** However much is sent, counts are written once in this time. */
const PACE = 2_000;
const MAX_REASON = 300;
/** Behind a proxy it is what the proxy says. */
const MAX_ADDRESS = 64;

/** Codes that are in the account as refused: what was sent is kept. */
const ACCOUNTED: ReadonlySet<string> = new Set(['ingest.unreadable']);

/**
 * Makes a {@link DoorBook}. What a stranger can make it keep is bounded: it counts for sources that exist, one row for
 * each, a number for every five minutes and code, for a day; and it writes every two seconds at most.
 */
export function createDoorBook({ store, clock, onRetry }: DoorBookOptions): DoorBook {
  let pending = new Map<string, Pending>();
  let planned = false;
  let writing: Promise<void> = Promise.resolve();
  const write = async () => {
    const taken = pending;
    pending = new Map();
    if (taken.size === 0) return;
    try {
      await retryOnConflict(async () => {
        await store.commit({ rows: await Promise.all([...taken].map((entry) => writeOf(store, entry, clock.now()))) });
      });
    } catch (error) {
      for (const [id, counted] of taken) pending.set(id, joined(pending.get(id), counted));
      onRetry(error);
    }
  };
  const flush = () => {
    writing = writing.then(write);
    return writing;
  };
  return {
    flush,
    note({ id }, refusal, address) {
      if (!(refusal instanceof CounterpointError) || refusal.status >= 500 || ACCOUNTED.has(refusal.code)) return;
      const { code, message } = refusal;
      const at = clock.now();
      const slice = { at: Math.floor(at / SLICE) * SLICE, code, count: 1 };
      const last = { at, code, reason: message.slice(0, MAX_REASON), address: address.slice(0, MAX_ADDRESS) };
      pending.set(id, joined(pending.get(id), { slices: [slice], last }));
      if (planned) return;
      planned = true;
      clock.after(PACE, () => {
        planned = false;
        void flush();
      });
    },
  };
}

function joined(before: Pending | undefined, more: Pending): Pending {
  if (!before) return more;
  const slices = [...before.slices];
  for (const { at, code, count } of more.slices) {
    const same = slices.findIndex((one) => one.at === at && one.code === code);
    const standing = slices[same];
    if (standing) slices[same] = { ...standing, count: standing.count + count };
    else slices.push({ at, code, count });
  }
  return { slices, last: more.last.at >= before.last.at ? more.last : before.last };
}

async function writeOf(store: Store, [id, counted]: [string, Pending], now: number): Promise<RowWrite> {
  const standing = await store.get('turned_away', id);
  const { slices, last } = joined(standing, counted);
  const row = { id, slices: slices.filter(({ at }) => at > now - DAY - SLICE), last, rev: (standing?.rev ?? 0) + 1 };
  return { op: standing ? 'update' : 'insert', table: 'turned_away', row };
}

/** What sources refused at the door, by source id; sources that refused nothing are left out. */
export async function turnedAwayFrom(
  reader: Reader,
  sources: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, TurnedAway>> {
  if (sources.length === 0) return new Map();
  const rows = await reader.find('turned_away', { where: { id: { in: sources } }, limit: sources.length });
  return new Map(rows.map(({ id, slices, last }) => [id, { counts: countsOf(slices, now), last }]));
}

/** How often each of several was refused at the door, counted in slices that begin after a moment of the last day. */
export async function countTurnedAway(
  reader: Reader,
  ids: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.find('turned_away', { where: { id: { in: ids } }, limit: ids.length });
  return new Map(
    rows.map(({ id, slices }) => [id, slices.reduce((sum, { at, count }) => sum + (at > since ? count : 0), 0)]),
  );
}

/** Slices count from where the first whole one within the time begins. */
function countsOf(slices: readonly Slice[], now: number): readonly TurnedAwayCount[] {
  const counts = new Map<string, TurnedAwayCount>();
  for (const { at, code, count } of slices) {
    if (at <= now - DAY) continue;
    const { hour, day } = counts.get(code) ?? { hour: 0, day: 0 };
    counts.set(code, { code, hour: hour + (at > now - HOUR ? count : 0), day: day + count });
  }
  return [...counts.values()].toSorted((a, b) => b.day - a.day);
}

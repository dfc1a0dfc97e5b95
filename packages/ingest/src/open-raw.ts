import type { RawInputRow, Reader, SourceRow } from '@counterpoint/events';
import type { NoiseList } from '@counterpoint/formats';
import { type BodyItem, type BodyLimits, readBody, readingOf } from './body.ts';
import type { PendingItem } from './decide/decide.ts';
import type { Normalizer } from './normalizer/compile.ts';
import { normalise } from './normalizer/normalise.ts';
import { textOfBody } from './receive.ts';
import type { GiveWay } from './stretch.ts';

/** What raw inputs are read with. */
export interface RawReader {
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  readonly noise: NoiseList;
  readonly limits: BodyLimits;
}

/** A raw input that waits to be read. */
export interface WaitingRaw {
  readonly raw: RawInputRow;
  /** The source of what came in just now, of which nothing can be decided yet; undefined for what the store kept. */
  readonly source: SourceRow | undefined;
}

/** A raw input that is being read. */
export interface OpenRaw {
  readonly raw: RawInputRow;
  readonly source: SourceRow;
  readonly normalizer: Normalizer;
  readonly items: readonly BodyItem[];
  /** Items with a decision from before, when the server stopped in between. */
  readonly decided: ReadonlySet<number>;
  /** The first item that was not taken yet. */
  next: number;
}

/** A raw input of which nothing can be read any more, with the reason. */
export interface UnreadableRaw {
  readonly raw: RawInputRow;
  readonly code: string;
  readonly reason: string;
}

const NOTHING: ReadonlySet<number> = new Set();

/** Splits a raw input into items and finds out which of them have a decision already. */
export async function openRaw(store: Reader, waiting: WaitingRaw, reader: RawReader): Promise<OpenRaw | UnreadableRaw> {
  const { raw } = waiting;
  const source = waiting.source ?? (await store.get('sources', raw.source));
  if (source === undefined) return { raw, code: 'ingest.source_unknown', reason: 'its source is gone' };
  const normalizer = reader.normalizers.get(source.normalizer);
  if (normalizer === undefined) {
    return { raw, code: 'ingest.normalizer_unknown', reason: `there is no normaliser ${source.normalizer}` };
  }
  const items = itemsOf(raw, normalizer, reader.limits);
  if ('problem' in items) return { raw, code: 'ingest.unreadable', reason: items.problem };
  const decided = waiting.source === undefined ? await decidedOf(store, raw) : NOTHING;
  return { raw, source, normalizer, items: items.items, decided, next: 0 };
}

async function decidedOf(store: Reader, raw: RawInputRow): Promise<ReadonlySet<number>> {
  const where = { raw: raw.id, item: { gte: 0 } };
  const before = await store.count('ingest_decisions', where);
  const rows = before === 0 ? [] : await store.find('ingest_decisions', { where, limit: before });
  return new Set(rows.map(({ item }) => item));
}

/** The items of a raw input as a normaliser takes it apart, or why there are none. */
export function itemsOf(
  raw: RawInputRow,
  normalizer: Normalizer,
  limits: BodyLimits,
): { items: readonly BodyItem[] } | { problem: string } {
  const body = readBody(textOfBody(raw.body), readingOf(raw.media_type) ?? 'json', limits);
  if ('problem' in body) return body;
  if (!body.whole) return body;
  const [only] = body.items;
  const values = only !== undefined && 'value' in only ? normalizer.split(only.value) : [];
  if (values.length > limits.items) return { problem: `it has more than ${limits.items} items` };
  return { items: values.map((value) => ({ value })) };
}

/** Reads up to `count` further items, giving way to other work in between. */
export async function takeItems(
  open: OpenRaw,
  count: number,
  noise: NoiseList,
  giveWay: GiveWay,
): Promise<readonly PendingItem[]> {
  const taken: PendingItem[] = [];
  while (open.next < open.items.length && taken.length < count) {
    const item = open.next++;
    if (open.decided.has(item)) continue;
    taken.push(pendingItem(open, item, noise));
    await giveWay();
  }
  return taken;
}

function pendingItem(open: OpenRaw, item: number, noise: NoiseList): PendingItem {
  const { raw, source, normalizer, items } = open;
  const content = items[item] as BodyItem;
  const context = { receivedAt: raw.received_at, raw: raw.id, item, noise };
  const reading =
    'problem' in content
      ? ({ kind: 'refused', reason: content.problem } as const)
      : normalise(normalizer, content.value, context);
  return { raw, source, normalizer, item, only: items.length === 1, reading };
}

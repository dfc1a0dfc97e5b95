import { setImmediate } from 'node:timers/promises';
import type { RawInputRow, Reader, SourceRow } from '@counterpoint/events';
import type { NoiseList } from '@counterpoint/formats';
import { type BodyItem, type BodyLimits, readBody, readingOf } from './body.ts';
import type { PendingItem } from './decide/decide.ts';
import type { Normalizer } from './normalizer/compile.ts';
import { normalise } from './normalizer/normalise.ts';
import { textOfBody } from './receive.ts';

/** What raw inputs are read with. */
export interface RawReader {
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  readonly noise: NoiseList;
  readonly limits: BodyLimits;
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

const LONGEST_STRETCH = 15;

/** Splits a raw input into items and finds out which of them have a decision already. */
export async function openRaw(store: Reader, raw: RawInputRow, reader: RawReader): Promise<OpenRaw | UnreadableRaw> {
  const source = await store.get('sources', raw.source);
  if (source === undefined) return { raw, code: 'ingest.source_unknown', reason: 'its source is gone' };
  const normalizer = reader.normalizers.get(source.normalizer);
  if (normalizer === undefined) {
    return { raw, code: 'ingest.normalizer_unknown', reason: `there is no normaliser ${source.normalizer}` };
  }
  const items = itemsOf(raw, normalizer, reader.limits);
  if ('problem' in items) return { raw, code: 'ingest.unreadable', reason: items.problem };
  const where = { raw: raw.id, item: { gte: 0 } };
  const before = await store.count('ingest_decisions', where);
  const rows = before === 0 ? [] : await store.find('ingest_decisions', { where, limit: before });
  return { raw, source, normalizer, items: items.items, decided: new Set(rows.map(({ item }) => item)), next: 0 };
}

function itemsOf(
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

/** Reads up to `count` further items, giving way to other work every few milliseconds. */
export async function takeItems(open: OpenRaw, count: number, noise: NoiseList): Promise<readonly PendingItem[]> {
  const taken: PendingItem[] = [];
  let since = performance.now();
  while (open.next < open.items.length && taken.length < count) {
    const item = open.next++;
    if (open.decided.has(item)) continue;
    taken.push(pendingItem(open, item, noise));
    if (performance.now() - since > LONGEST_STRETCH) {
      await setImmediate();
      since = performance.now();
    }
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
  return { raw, source, item, only: items.length === 1, reading };
}

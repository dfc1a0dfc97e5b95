import { defaultLimits, type Json } from '@counterpoint/core';
import type { AlertRow, IngestDecisionRow, RawInputRow, Reader } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { DEFAULT_MAX_ITEMS } from '../ingest.ts';
import type { Normalizer } from '../normalizer/compile.ts';
import { parseNormalizer } from '../normalizer/parse.ts';
import { itemsOf } from '../open-raw.ts';
import { textOfBody } from '../receive.ts';
import { type ExplainedField, explainItem } from './explain-item.ts';

/** Which raw input, and which piece of its text. */
export interface AlertReadingRequest {
  /** Default: the one that the alert was first read from. */
  readonly raw?: string | undefined;
  /** Default: the first item of it that was counted on the alert. */
  readonly item?: number | undefined;
  /** UTF-16 code units. */
  readonly offset: number;
}

/** The normaliser that read an item, as far as it is known. */
export interface UsedNormalizer {
  readonly id: string;
  /** Empty: it is not known which version read the item. */
  readonly version: string;
  /** The version that reads now; empty: there is no such normaliser any more. */
  readonly current: string;
  readonly text: string;
}

/** What an alert was read from. */
export interface AlertReading {
  readonly row: RawInputRow;
  readonly item: number;
  readonly items: number;
  readonly text: string;
  readonly offset: number;
  readonly length: number;
  /** The item, or null. */
  readonly value: Json;
  /** Why `value` is null; else empty. */
  readonly problem: string;
  readonly normalizer: UsedNormalizer | null;
  readonly fields: readonly ExplainedField[];
}

/** How much of the text is given at once, in UTF-16 code units. */
export const READING_PIECE = 64 * 1024;
/** The largest item that is shown beside its mapping, in characters of JSON. */
const MAX_VALUE = 256 * 1024;
const LIMITS = { jsonDepth: defaultLimits.jsonDepth, items: DEFAULT_MAX_ITEMS };

/**
 * Shows again how one item that was counted on an alert was read, by the very version of the normaliser that read it
 * when the store still has it.
 *
 * @throws ingest.reading_not_found when the raw input is gone, or was not counted on this alert
 */
export async function readAlert(
  reader: Reader,
  normalizers: ReadonlyMap<string, Normalizer>,
  alert: AlertRow,
  request: AlertReadingRequest,
): Promise<AlertReading> {
  const decision = await decisionOn(reader, alert, request);
  const row = decision && (await reader.get('raw_inputs', decision.raw));
  if (decision === undefined || row === undefined) {
    throw errors.reading_not_found({ alert: alert.id, raw: request.raw ?? alert.raw });
  }
  const text = textOfBody(row.body);
  const piece = { text: text.slice(request.offset, request.offset + READING_PIECE), offset: request.offset };
  const shared = { row, item: decision.item, ...piece, length: text.length };
  const used = await usedNormalizer(reader, normalizers, decision, row);
  const nothing = { ...shared, items: 0, value: null, normalizer: used?.shown ?? null, fields: [] };
  if (used?.normalizer === undefined) return { ...nothing, problem: 'the normaliser that read it is gone' };
  const taken = itemsOf(row, used.normalizer, LIMITS);
  if ('problem' in taken) return { ...nothing, problem: taken.problem };
  const items = taken.items.length;
  const content = taken.items[decision.item];
  if (content === undefined) return { ...nothing, items, problem: 'this normaliser takes the input apart differently' };
  if ('problem' in content) return { ...nothing, items, problem: content.problem };
  const value = content.value as Json;
  if (JSON.stringify(value).length > MAX_VALUE) return { ...nothing, items, problem: 'the item is too large' };
  const fields = explainItem(used.normalizer, value, row.received_at);
  return { ...shared, items, value, problem: '', normalizer: used.shown, fields };
}

async function decisionOn(reader: Reader, alert: AlertRow, request: AlertReadingRequest) {
  const where = {
    raw: request.raw ?? alert.raw,
    alert: alert.id,
    ...(request.item === undefined ? {} : { item: request.item }),
  };
  const [decision] = await reader.find('ingest_decisions', { where, orderBy: [{ column: 'item' }], limit: 1 });
  return decision;
}

async function usedNormalizer(
  reader: Reader,
  normalizers: ReadonlyMap<string, Normalizer>,
  decision: IngestDecisionRow,
  row: RawInputRow,
): Promise<{ readonly normalizer: Normalizer | undefined; readonly shown: UsedNormalizer } | undefined> {
  const kept = decision.normalizer === '' ? undefined : await reader.get('normalizer_versions', decision.normalizer);
  const id = kept?.normalizer ?? (await reader.get('sources', row.source))?.normalizer ?? '';
  const now = normalizers.get(id);
  const shared = { id, current: now?.version ?? '' };
  if (kept === undefined) {
    return now && { normalizer: now, shown: { ...shared, version: '', text: now.text } };
  }
  const normalizer = kept.id === now?.version ? now : parseNormalizer(kept.text).normalizer;
  return { normalizer, shown: { ...shared, version: kept.id, text: kept.text } };
}

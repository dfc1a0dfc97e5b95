import { coreErrors, isCounterpointError, type Json, stableId } from '@counterpoint/core';
import type { IngestDecisionRow, RawInputRow, SourceRow, Store } from '@counterpoint/events';
import { type Body, type BodyLimits, readBody, readingOf } from './body.ts';
import { errors } from './errors.ts';
import { foreignFormat } from './foreign-format.ts';
import { rawInput } from './raw-input.ts';

/** An authenticated delivery. */
export interface Delivery {
  readonly source: SourceRow;
  /** The sender's delivery id, or `sha256:<hash of the body>`. */
  readonly delivery: string;
  readonly mediaType: string;
  readonly body: Uint8Array;
  /** Unix milliseconds. */
  readonly now: number;
}

/** What became of a delivery: the row it is kept in, new or from before. */
export interface Receipt {
  readonly status: 'accepted' | 'duplicate';
  readonly raw: RawInputRow;
}

/** How deliveries are bounded. */
export interface ReceiveLimits extends BodyLimits {
  readonly bodyBytes: number;
}

const decoder = new TextDecoder();

/** The text of a body: UTF-8, without byte order mark, with U+FFFD for what is none. */
export function textOfBody(body: Uint8Array): string {
  return decoder.decode(body);
}

/**
 * Keeps a delivery and resolves when it is durable. One that came before is recorded as a duplicate. A body that cannot
 * be read is kept all the same, as `refused`, and then refused to the sender.
 *
 * @throws ingest.media_type_unsupported, core.body_too_large, ingest.unreadable, ingest.unauthenticated (a signed
 * delivery id with another body), ingest.delivery_conflict (the same of a source with a token), and what commit throws
 */
export async function keepDelivery(store: Store, delivery: Delivery, limits: ReceiveLimits): Promise<Receipt> {
  const { source, body, mediaType, now } = delivery;
  const reading = readingOf(mediaType);
  if (reading === undefined) throw errors.media_type_unsupported({ found: JSON.stringify(mediaType.slice(0, 100)) });
  if (body.length > limits.bodyBytes) throw coreErrors.body_too_large({ limit: limits.bodyBytes });
  const parsed = readBody(textOfBody(body), reading, limits);
  const fresh = rawInput(source, delivery, now);
  const raw = 'problem' in parsed ? refused(fresh, parsed) : fresh;
  try {
    await store.commit({ rows: [{ op: 'insert', table: 'raw_inputs', row: raw }, ...refusalOf(raw)] });
  } catch (error) {
    if (!isCounterpointError(error, 'events.conflict')) throw error;
    return again(store, delivery);
  }
  if (raw.state === 'refused') throw unreadable(raw);
  return { status: 'accepted', raw };
}

function refused(raw: RawInputRow, body: Extract<Body, { problem: string }>): RawInputRow {
  const { problem, ...place } = body;
  return { ...raw, state: 'refused', error: { code: 'ingest.unreadable', reason: problem, ...place } };
}

function refusalOf(raw: RawInputRow) {
  if (raw.state !== 'refused') return [];
  return [
    { op: 'insert', table: 'ingest_decisions', row: decisionOn(raw, 0, 'refused', reasonOf(raw), raw.received_at) },
  ] as const;
}

function unreadable(raw: RawInputRow): Error {
  const { reason, line, column } = raw.error as { readonly [name: string]: Json };
  const advice = foreignFormat(textOfBody(raw.body))?.advice;
  const details = { raw: raw.id, ...(line !== undefined && { line, column }), ...(advice && { advice }) };
  return errors.unreadable({ reason: String(reason), raw: raw.id }, { details });
}

const reasonOf = (raw: RawInputRow) => String((raw.error as { readonly reason?: Json } | null)?.reason ?? '');

/** A delivery whose id is taken: the same one again, or another body under an old id. */
async function again(store: Store, delivery: Delivery): Promise<Receipt> {
  const { source, delivery: id, body, now } = delivery;
  const [raw] = await store.find('raw_inputs', { where: { source: source.id, delivery: id }, limit: 1 });
  if (raw === undefined) throw errors.delivery_conflict({ delivery: id });
  if (!Buffer.from(raw.body).equals(body)) {
    if (source.auth.kind === 'token') throw errors.delivery_conflict({ delivery: id });
    throw errors.unauthenticated({ reason: 'its webhook-id was used before with another body' });
  }
  await recordRepetition(store, raw, now);
  if (raw.state === 'refused') throw unreadable(raw);
  return { status: 'duplicate', raw };
}

/** Repetitions of a delivery are numbered below zero, beside the decisions on its items. */
async function recordRepetition(store: Store, raw: RawInputRow, now: number): Promise<void> {
  for (;;) {
    const before = await store.count('ingest_decisions', { raw: raw.id, item: { lt: 0 } });
    const row = decisionOn(raw, -1 - before, 'duplicate', 'the same delivery was received before', now);
    try {
      await store.commit({ rows: [{ op: 'insert', table: 'ingest_decisions', row }] });
      return;
    } catch (error) {
      if (!isCounterpointError(error, 'events.conflict')) throw error;
    }
  }
}

/** A decision on a raw input as a whole or on an item without alert. */
export function decisionOn(
  raw: RawInputRow,
  item: number,
  decision: IngestDecisionRow['decision'],
  reason: string,
  at: number,
): IngestDecisionRow {
  const id = stableId('decision', raw.id, String(item));
  return {
    id,
    raw: raw.id,
    item,
    source: raw.source,
    decision,
    alert: null,
    finding_key: null,
    reason,
    at,
    trace: raw.trace,
    normalizer: '',
  };
}

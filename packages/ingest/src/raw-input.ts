import { newId, newTraceId } from '@counterpoint/core';
import type { RawInputRow, SourceRow } from '@counterpoint/events';

/** The row of what a source sent, `received` or refused with a reason. */
export function rawInput(
  source: SourceRow,
  sent: { readonly delivery: string; readonly mediaType: string; readonly body: Uint8Array },
  now: number,
): RawInputRow {
  return {
    principal: `source:${source.id}`,
    trace: newTraceId(),
    cause: '',
    hop: 0,
    id: newId(now),
    source: source.id,
    delivery: sent.delivery,
    media_type: sent.mediaType,
    body: sent.body,
    state: 'received',
    error: null,
    received_at: now,
    simulated: source.simulated,
    rev: 1,
  };
}

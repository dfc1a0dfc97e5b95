import { canonicalJson, sha256 } from '@counterpoint/core';
import type { AuditEntry, AuditRow } from '@counterpoint/events';

/** Where the chain stands: the sequence and the hash of its last row. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** The head of an empty chain: sequence 0 and a hash of 64 zeros. */
export const CHAIN_START: ChainHead = Object.freeze({ seq: 0, hash: '0'.repeat(64) });

/**
 * The hash of a row: SHA-256 (64 lower-case hex digits) of the canonical JSON of all its members but `hash`.
 * The JSON is put together by hand, because this runs once per audited write; it equals `canonicalJson` of the row.
 */
export function rowHash(row: Omit<AuditRow, 'hash'>): string {
  return sha256(
    `{"action":${JSON.stringify(row.action)},"at":${row.at},"data":${canonicalJson(row.data)},"object":${JSON.stringify(
      row.object,
    )},"prev":${JSON.stringify(row.prev)},"principal":${JSON.stringify(row.principal)},"seq":${row.seq},"trace":${JSON.stringify(
      row.trace,
    )}}`,
  );
}

/**
 * The next link of the chain. Pure; the committer calls it for every audited entry and stores exactly what it returns.
 * Lone surrogates in the text members become U+FFFD, as databases would store them, so that the hash survives storage.
 *
 * @param prev head of the chain, {@link CHAIN_START} for the first row.
 */
export function chainEntry(prev: ChainHead, entry: AuditEntry): AuditRow {
  const row = {
    at: entry.at,
    principal: entry.principal.toWellFormed(),
    action: entry.action.toWellFormed(),
    object: entry.object.toWellFormed(),
    data: entry.data,
    trace: entry.trace.toWellFormed(),
    seq: prev.seq + 1,
    prev: prev.hash,
  };
  return { ...row, hash: rowHash(row) };
}

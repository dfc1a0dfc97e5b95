import { type Json, stableId } from '@counterpoint/core';
import { type AuditEntry, type CaseEntryRow, type Causality, causalityOf, type RowWrite } from '@counterpoint/events';

/** On what occasion a record is changed. */
export interface Occasion {
  /** Ids of new rows follow from it, so that repeating the same change does no harm. */
  readonly key: string;
  readonly causality: Causality;
  /** Unix milliseconds. */
  readonly now: number;
}

/** A line for a case's timeline. Its id follows from the occasion, the case, the kind and `part`. */
export function entryOf(
  occasion: Occasion,
  caseId: string,
  kind: CaseEntryRow['kind'],
  text: string,
  data: Json = null,
  part = '',
): CaseEntryRow {
  return {
    ...causalityOf(occasion.causality),
    id: stableId('case-entry', occasion.key, caseId, kind, part),
    case_id: caseId,
    kind,
    text,
    data,
    at: occasion.now,
  };
}

/** The write of a timeline line, harmless when it stands already. */
export function ensureEntry(row: CaseEntryRow): RowWrite {
  return { op: 'ensure', table: 'case_entries', row };
}

/** What is audited about a change of a record. */
export function auditOf(occasion: Occasion, action: string, object: string, data: Json): AuditEntry {
  const { principal, trace } = occasion.causality;
  return { at: occasion.now, principal, action, object, data, trace };
}

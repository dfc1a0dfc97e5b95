import type { AlertRow, CaseEntryRow, CaseRow, EnrichmentRow, ObservableLinkRow, ObservableRow } from './cases.ts';
import type { ClaimRow, ConnectionRow, EffectRow, SwitchRow } from './effects.ts';
import type { DedupWindowRow, IngestDecisionRow, RawInputRow, SourceRow } from './ingest.ts';
import type { JournalRow, PlaybookRow, PlaybookVersionRow, RunRow, TimerRow } from './runs.ts';
import type { AuditCheckpointRow, AuditRow, OutboxRow, SecretRow, SettingRow, TokenRow, UserRow } from './security.ts';

/** Every table and the shape of its rows. Times are Unix milliseconds; `rev` counts changes of a row from 1. */
export interface Rows {
  raw_inputs: RawInputRow;
  ingest_decisions: IngestDecisionRow;
  dedup_windows: DedupWindowRow;
  sources: SourceRow;
  alerts: AlertRow;
  observables: ObservableRow;
  observable_links: ObservableLinkRow;
  enrichments: EnrichmentRow;
  cases: CaseRow;
  case_entries: CaseEntryRow;
  playbooks: PlaybookRow;
  playbook_versions: PlaybookVersionRow;
  runs: RunRow;
  journal: JournalRow;
  timers: TimerRow;
  effects: EffectRow;
  claims: ClaimRow;
  switches: SwitchRow;
  connections: ConnectionRow;
  secrets: SecretRow;
  users: UserRow;
  tokens: TokenRow;
  settings: SettingRow;
  outbox: OutboxRow;
  audit: AuditRow;
  audit_checkpoints: AuditCheckpointRow;
}

export type TableName = keyof Rows;

/** Tables that {@link RowWrite} may write; runs, journal, outbox inserts and audit have members of their own. */
export type WritableTable = Exclude<TableName, 'runs' | 'journal' | 'audit'>;

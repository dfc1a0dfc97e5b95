import type { AlertRow, CaseEntryRow, CaseRow, EnrichmentRow, ObservableLinkRow, ObservableRow } from './cases.ts';
import type { ClaimRow, ConnectionCheckRow, ConnectionRow, EffectRow, SwitchRow } from './effects.ts';
import type {
  BreakerRow,
  ConsumerRow,
  CredentialRow,
  DeliveryRow,
  EdgeCommandRow,
  EdgeOutgoingRow,
  ParticipantRow,
  ReactionEventRow,
  ReactionKeyRow,
  ServiceRow,
} from './fabric.ts';
import type {
  DedupWindowRow,
  IngestDecisionRow,
  NormalizerVersionRow,
  RawInputRow,
  SourceRow,
  TurnedAwayRow,
} from './ingest.ts';
import type { InboxItemRow, InboxVoteRow } from './people.ts';
import type {
  BlobRefRow,
  BlobRow,
  DraftRow,
  JournalRow,
  PlaybookRow,
  PlaybookTestRow,
  PlaybookVersionRow,
  RunRow,
  RunSlotRow,
  SavingRow,
  ScheduleRow,
  SignalRow,
  SnapshotRow,
  SubscriptionRow,
  TimerRow,
} from './runs.ts';
import type {
  AuditCheckpointRow,
  AuditRow,
  DutyRow,
  KeptAnswerRow,
  OutboxRow,
  SecretRow,
  SessionRow,
  SettingRow,
  TokenRow,
  UserRow,
} from './security.ts';
import type { TableEntryRow } from './tables.ts';

/** Every table and the shape of its rows. Times are Unix milliseconds; `rev` counts changes of a row from 1. */
export interface Rows {
  raw_inputs: RawInputRow;
  ingest_decisions: IngestDecisionRow;
  dedup_windows: DedupWindowRow;
  normalizer_versions: NormalizerVersionRow;
  sources: SourceRow;
  turned_away: TurnedAwayRow;
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
  signals: SignalRow;
  subscriptions: SubscriptionRow;
  snapshots: SnapshotRow;
  blobs: BlobRow;
  blob_refs: BlobRefRow;
  schedules: ScheduleRow;
  run_slots: RunSlotRow;
  savings: SavingRow;
  drafts: DraftRow;
  playbook_tests: PlaybookTestRow;
  table_entries: TableEntryRow;
  inbox_items: InboxItemRow;
  inbox_votes: InboxVoteRow;
  effects: EffectRow;
  claims: ClaimRow;
  switches: SwitchRow;
  connections: ConnectionRow;
  connection_checks: ConnectionCheckRow;
  secrets: SecretRow;
  users: UserRow;
  tokens: TokenRow;
  sessions: SessionRow;
  kept_answers: KeptAnswerRow;
  settings: SettingRow;
  duties: DutyRow;
  outbox: OutboxRow;
  consumers: ConsumerRow;
  deliveries: DeliveryRow;
  participants: ParticipantRow;
  credentials: CredentialRow;
  services: ServiceRow;
  reaction_events: ReactionEventRow;
  reaction_keys: ReactionKeyRow;
  breakers: BreakerRow;
  edge_outgoing: EdgeOutgoingRow;
  edge_commands: EdgeCommandRow;
  audit: AuditRow;
  audit_checkpoints: AuditCheckpointRow;
}

export type TableName = keyof Rows;

/** Tables that {@link RowWrite} may write; runs, journal, outbox inserts and audit have members of their own. */
export type WritableTable = Exclude<TableName, 'runs' | 'journal' | 'audit'>;

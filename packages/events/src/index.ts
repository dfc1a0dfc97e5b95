export { type Causality, causalityOf, causedBy } from './causality.ts';
export {
  type Change,
  isEmptyChange,
  mergeChanges,
  prunedWithRun,
  type RowWrite,
  type RunPatch,
  type RunWrite,
} from './change.ts';
export { type EventEnvelope, newEvent } from './envelope.ts';
export { errors as eventErrors } from './errors.ts';
export type {
  ConsumerStanding,
  Consumption,
  EventConsumer,
  EventLog,
  LoggedEvent,
  LogQuery,
  StartOfReading,
} from './event-log.ts';
export { type Handling, UNHANDLED } from './handling.ts';
export { outboxRow } from './outbox-row.ts';
export type { ProcessCalls, ProcessNotices } from './processes.ts';
export type {
  AlertRow,
  CaseEntryRow,
  CaseRow,
  EnrichmentRow,
  ObservableLinkRow,
  ObservableRow,
} from './rows/cases.ts';
export type {
  ClaimRow,
  ConnectionCheckRow,
  ConnectionRow,
  EffectClass,
  EffectRow,
  EffectState,
  SwitchRow,
} from './rows/effects.ts';
export type {
  BreakerRow,
  ConsumerRow,
  CredentialRow,
  DeliveryRow,
  EdgeCommandRow,
  EdgeOutgoingRow,
  ParticipantRights,
  ParticipantRow,
  ReactionEventRow,
  ReactionKeyRow,
  ServiceRow,
} from './rows/fabric.ts';
export type { Rows, TableName, WritableTable } from './rows/index.ts';
export type {
  DedupWindowRow,
  IngestDecisionRow,
  NormalizerVersionRow,
  RawInputRow,
  SourceRow,
  TurnedAwayRow,
} from './rows/ingest.ts';
export type { InboxItemRow, InboxStatus, InboxVoteRow } from './rows/people.ts';
export type {
  BlobRefRow,
  BlobRow,
  DraftRow,
  JournalRow,
  PlaybookRow,
  PlaybookTestRow,
  PlaybookVersionRow,
  RunRow,
  RunSlotRow,
  RunStatus,
  SavingRow,
  ScheduleRow,
  SignalRow,
  SnapshotRow,
  SubscriptionRow,
  TimerRow,
} from './rows/runs.ts';
export type {
  AuditCheckpointRow,
  AuditEntry,
  AuditRow,
  DutyRow,
  KeptAnswerRow,
  OutboxRow,
  SecretRow,
  SessionRow,
  SettingRow,
  TokenRow,
  UserRow,
} from './rows/security.ts';
export type { TableEntryRow } from './rows/tables.ts';
export { signalWrite } from './signal.ts';
export type {
  Committer,
  Condition,
  Query,
  Reader,
  ScalarColumn,
  Store,
  Tally,
  TallyGroup,
  Where,
} from './store.ts';
export { isForeignTopic, isTopicName, topicMatches } from './topic.ts';
export type { QueueWorker, ReadyRun, Taking, WorkQueue } from './work-queue.ts';

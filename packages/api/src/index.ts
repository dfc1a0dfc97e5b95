export { type AuditExportServices, addAuditExport } from './audit-export.ts';
export { errors as apiErrors } from './errors.ts';
export { addParticipants, type ParticipantSurface } from './fabric/add-participants.ts';
export type { FabricServices } from './fabric/services.ts';
export type { Handlers } from './handler-types.ts';
export { type AccessServices, accessHandlers } from './handlers/access.ts';
export { type AlertServices, alertHandlers } from './handlers/alerts.ts';
export { type PlaybookServices, playbookHandlers, type RunServices, runHandlers } from './handlers/automation.ts';
export { type CaseServices, caseHandlers } from './handlers/cases.ts';
export { type ConnectionServices, connectionHandlers } from './handlers/connections.ts';
export { type DxlDesk, type DxlServices, dxlHandlers, type IssuedToDxlClient } from './handlers/dxl.ts';
export { edgeNodeHandlers } from './handlers/edge-nodes.ts';
export { type EditingServices, editingHandlers } from './handlers/editing.ts';
export type { EffectServices } from './handlers/effect-services.ts';
export { effectHandlers } from './handlers/effects.ts';
export { type FabricDesk, fabricHandlers } from './handlers/fabric.ts';
export { type FabricParticipantServices, fabricParticipantHandlers } from './handlers/fabric-participants.ts';
export { type InboxServices, inboxHandlers } from './handlers/inbox.ts';
export { type CatalogueServices, type ConnectorGrade, connectorHandlers } from './handlers/integrations.ts';
export { labHandlers, type StoryDesk, type ToldAct, type ToldStory } from './handlers/lab.ts';
export { type LedgerServices, ledgerHandlers } from './handlers/ledger.ts';
export { type OperateServices, operateHandlers } from './handlers/operate.ts';
export { type OverviewServices, overviewHandlers } from './handlers/overview.ts';
export { type PlaybookTestServices, playbookTestHandlers } from './handlers/playbook-tests.ts';
export { type TrialServices, trialHandlers } from './handlers/playbook-trials.ts';
export { type VersionServices, versionsHandlers } from './handlers/playbook-versions.ts';
export { type ReactionServices, reactionHandlers } from './handlers/reactions.ts';
export {
  type RestoreDesk,
  type RestoredEffect,
  type RestoreState,
  restoreHandlers,
} from './handlers/restore.ts';
export { type RunViewServices, runViewHandlers } from './handlers/run-views.ts';
export { searchHandlers } from './handlers/search.ts';
export { type SessionServices, sessionHandlers } from './handlers/sessions.ts';
export { type SourceServices, sourceHandlers } from './handlers/sources.ts';
export { type TableServices, tableHandlers } from './handlers/tables.ts';
export { type TraceServices, traceHandlers } from './handlers/trace.ts';
export { addHooks, type HookServices } from './hooks.ts';
export { createOnce, type Once, pruneAnswers } from './once/once.ts';
export { addPages, type PageServices } from './pages/pages.ts';
export type { CheckedSource, PlaybookDesk } from './playbook-desk.ts';
export { redactAnswers } from './redact-answers.ts';
export type { SearchServices } from './search/search-services.ts';
export { type ApiOptions, createApi } from './server.ts';
export { cookieName } from './session/cookie-name.ts';
export { createGate, type Gate } from './session/gate.ts';
export { addStream, noticesOf, type StreamNotice, type StreamServices } from './stream.ts';

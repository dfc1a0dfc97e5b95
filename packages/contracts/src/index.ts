import { accessEndpoints } from './endpoints/access.ts';
import { alertEndpoints } from './endpoints/alerts.ts';
import { automationEndpoints } from './endpoints/automation.ts';
import { caseEndpoints } from './endpoints/cases.ts';
import { dxlEndpoints } from './endpoints/dxl.ts';
import { edgeNodeEndpoints } from './endpoints/edge-nodes.ts';
import { editingEndpoints } from './endpoints/editing.ts';
import { effectEndpoints } from './endpoints/effects.ts';
import { fabricEndpoints } from './endpoints/fabric.ts';
import { fabricParticipantEndpoints } from './endpoints/fabric-participants.ts';
import { inboxEndpoints } from './endpoints/inbox.ts';
import { integrationEndpoints } from './endpoints/integrations.ts';
import { labEndpoints } from './endpoints/lab.ts';
import { ledgerEndpoints } from './endpoints/ledger.ts';
import { operateEndpoints } from './endpoints/operate.ts';
import { overviewEndpoints } from './endpoints/overview.ts';
import { playbookEndpoints } from './endpoints/playbooks.ts';
import { reactionEndpoints } from './endpoints/reactions.ts';
import { restoreEndpoints } from './endpoints/restore.ts';
import { runViewEndpoints } from './endpoints/run-views.ts';
import { searchEndpoints } from './endpoints/search.ts';
import { sessionEndpoints } from './endpoints/sessions.ts';
import { sourceEndpoints } from './endpoints/sources.ts';
import { tableEndpoints } from './endpoints/tables.ts';
import { traceEndpoints } from './endpoints/trace.ts';

export { type Endpoint, endpoint, isChange, type Problem, pageOf, pageQuery, problem } from './endpoint.ts';
export type { OutlineSlot, OutlineStep } from './endpoints/editing-outline.ts';
export { searchKinds } from './endpoints/search.ts';
export { severity, verdict } from './endpoints/shared.ts';
export { MOST_TRACE_NODES, type TraceNode } from './endpoints/trace.ts';
export type {
  DeliveredEvent,
  Delivery,
  ParticipantDeclarationInput,
  PublicationInput,
  ServiceRequestView,
} from './participants/documents.ts';
export {
  type EdgeBatch,
  type EdgeEndpoint,
  type EdgeEndpointName,
  edgeEndpoints,
} from './participants/edge.ts';
export {
  type ParticipantEndpoint,
  type ParticipantEndpointName,
  participantEndpoints,
} from './participants/protocol.ts';

/** Every operation of the HTTP API by name. Streams (server-sent events), webhooks and health stand outside. */
export const endpoints = {
  ...accessEndpoints,
  ...alertEndpoints,
  ...automationEndpoints,
  ...caseEndpoints,
  ...dxlEndpoints,
  ...edgeNodeEndpoints,
  ...editingEndpoints,
  ...effectEndpoints,
  ...fabricEndpoints,
  ...fabricParticipantEndpoints,
  ...inboxEndpoints,
  ...integrationEndpoints,
  ...labEndpoints,
  ...ledgerEndpoints,
  ...playbookEndpoints,
  ...operateEndpoints,
  ...overviewEndpoints,
  ...reactionEndpoints,
  ...restoreEndpoints,
  ...sessionEndpoints,
  ...sourceEndpoints,
  ...searchEndpoints,
  ...runViewEndpoints,
  ...tableEndpoints,
  ...traceEndpoints,
};

/** The names of one group of operations. */
export type AccessEndpointName = keyof typeof accessEndpoints;
export type AlertEndpointName = keyof typeof alertEndpoints;
export type AutomationEndpointName = keyof typeof automationEndpoints;
export type CaseEndpointName = keyof typeof caseEndpoints;
export type DxlEndpointName = keyof typeof dxlEndpoints;
export type EdgeNodeEndpointName = keyof typeof edgeNodeEndpoints;
export type EditingEndpointName = keyof typeof editingEndpoints;
export type EffectEndpointName = keyof typeof effectEndpoints;
export type FabricEndpointName = keyof typeof fabricEndpoints;
export type FabricParticipantEndpointName = keyof typeof fabricParticipantEndpoints;
export type InboxEndpointName = keyof typeof inboxEndpoints;
export type IntegrationEndpointName = keyof typeof integrationEndpoints;
export type LabEndpointName = keyof typeof labEndpoints;
export type LedgerEndpointName = keyof typeof ledgerEndpoints;
export type PlaybookEndpointName = keyof typeof playbookEndpoints;
export type OperateEndpointName = keyof typeof operateEndpoints;
export type OverviewEndpointName = keyof typeof overviewEndpoints;
export type ReactionEndpointName = keyof typeof reactionEndpoints;
export type RestoreEndpointName = keyof typeof restoreEndpoints;
export type SourceEndpointName = keyof typeof sourceEndpoints;
export type SessionEndpointName = keyof typeof sessionEndpoints;
export type SearchEndpointName = keyof typeof searchEndpoints;
export type RunViewEndpointName = keyof typeof runViewEndpoints;
export type TableEndpointName = keyof typeof tableEndpoints;
export type TraceEndpointName = keyof typeof traceEndpoints;

/** The name of an operation. */
export type EndpointName = keyof typeof endpoints;

export { ALERT_CREATED, alertCreated } from './decide/alert-created.ts';
export { errors as ingestErrors } from './errors.ts';
export { createIngest, type Ingest, type IngestAnswer, type IngestOptions, type IngestRequest } from './ingest.ts';
export type { Normalizer } from './normalizer/compile.ts';
export type { SuppliedField } from './normalizer/normalise.ts';
export { type ParsedNormalizer, parseNormalizer } from './normalizer/parse.ts';
export type { NormalizerFinding, NormalizerProblem } from './normalizer/problems.ts';
export { type ParsedNoise, parseNoise } from './parse-noise.ts';
export { pruneDedupWindows } from './prune-windows.ts';
export type { ExplainedField } from './reading/explain-item.ts';
export { type AlertReading, type AlertReadingRequest, readAlert, type UsedNormalizer } from './reading/read-alert.ts';
export {
  type AuthenticatedRequest,
  authenticateRequest,
  type InboundRequest,
  type OpenSecret,
} from './source/authenticate.ts';
export { countDecisions, type SourceAccount, type SourceCounts, sourceAccounts } from './source/counts.ts';
export type { RequestHeaders } from './source/headers.ts';
export {
  createSource,
  rotateSource,
  type SourceContext,
  type SourcePatch,
  type SourceRequest,
  type SourceWithSecret,
  updateSource,
} from './source/manage.ts';
export { signingKey, signWebhook } from './source/standard-webhooks.ts';
export {
  countTurnedAway,
  createDoorBook,
  type DoorBook,
  type DoorBookOptions,
  type TurnedAway,
  type TurnedAwayCount,
  turnedAwayFrom,
} from './source/turned-away.ts';
export { type TriedItem, type TryOptions, type TryReport, tryIngest } from './try-ingest.ts';

export { type BackoffPolicy, backoffDelay } from './backoff.ts';
export { type Clock, type ManualClock, manualClock, systemClock } from './clock.ts';
export { formatDuration, parseDuration } from './duration.ts';
export {
  CounterpointError,
  defineErrors,
  type ErrorExtras,
  type ErrorParams,
  type ErrorSpec,
  type ErrorTable,
  isCounterpointError,
} from './error-catalogue.ts';
export { errors as coreErrors } from './errors.ts';
export { newId, newSecret, newTraceId, sha256, stableId } from './ids.ts';
export { canonicalJson, hashJson, type Json, type JsonObject, jsonDepth, parseJson } from './json.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { loadLater } from './load-later.ts';
export { createRedactor, encodingsOf, MIN_REDACTABLE_LENGTH, type Redactor } from './redaction.ts';
export { nearest } from './suggest.ts';
export { escapeControl } from './terminal.ts';

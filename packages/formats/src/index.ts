export { defaultNoise } from './default-noise.ts';
export { decodeDxlMessage } from './dxl/decode.ts';
export { encodeDxlMessage } from './dxl/encode.ts';
export { type DxlLimits, defaultDxlLimits } from './dxl/limits.ts';
export {
  type DxlErrorResponse,
  type DxlEvent,
  type DxlFields,
  type DxlMessage,
  type DxlRequest,
  type DxlResponse,
  dxlErrorCodes,
  emptyDxlFields,
} from './dxl/message.ts';
export { errors as formatsErrors } from './errors.ts';
export { fromMispWarningList, type WarningList } from './misp-warning-list.ts';
export { anyNoise, type NoiseDocument, type NoiseList, noiseList } from './noise-list.ts';
export { observableOf } from './observables/canonical.ts';
export { defang } from './observables/defang.ts';
export { DEFAULT_LIMIT, type ExtractOptions, extractObservables } from './observables/extract.ts';
export { extractFromJson, type LocatedObservable } from './observables/json.ts';
export { type Observable, type ObservableType, observableTypes } from './observables/observable.ts';
export { refang } from './observables/refang.ts';
export { detectionFinding, type FindingParts } from './ocsf/build.ts';
export {
  type Actor,
  type Attack,
  type DetectionFinding,
  type Device,
  type Evidence,
  type FindingActivity,
  type FindingInfo,
  type FindingIssue,
  type FindingMetadata,
  type FindingStatus,
  findingJsonSchema,
  type OcsfObservable,
  type Product,
  validateFinding,
} from './ocsf/finding.ts';
export { fromOcsfObservable, toOcsfObservable } from './ocsf/observables.ts';
export {
  type SeverityId,
  type SeverityName,
  type SeverityScale,
  severityFrom,
  severityIds,
  severityName,
} from './ocsf/severity.ts';
export { parseTime, type TimeFormat } from './time.ts';
export type { TimePattern } from './time-pattern.ts';

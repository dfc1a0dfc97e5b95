export { ALERT_REVISED, type AlertRevision, alertRevised, setAlertStatus, setAlertVerdict } from './alert.ts';
export type { BuiltinConnector, BuiltinContext, BuiltinHandler, BuiltinResult } from './builtin/builtin.ts';
export { builtinConnectors } from './builtin/connectors.ts';
export {
  addNote,
  assessCase,
  CASE_CHANGED,
  type CaseChangeKind,
  type CaseOpening,
  linkAlert,
  newCase,
  openCase,
  resolveCase,
  setCaseStatus,
  setCaseSummary,
  type Verdict,
} from './case.ts';
export { errors as casesErrors } from './errors.ts';
export {
  type Enrichment,
  enrich,
  enrichmentRow,
  linkObservables,
  type NamedObservable,
  nameObservable,
  type ObservableInput,
  readObservable,
  readObservables,
} from './observables.ts';
export { alertsWith, checkSubject, enrichmentsOf, getAlert, getCase, observablesOf, verdictOf } from './read.ts';
export { retryOnConflict } from './retry-on-conflict.ts';
export { entryOf, type Occasion } from './write.ts';

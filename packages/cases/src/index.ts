export { ALERT_REVISED, type AlertRevision, setAlertStatus, setAlertVerdict } from './alert.ts';
export type { BuiltinConnector, BuiltinContext, BuiltinHandler, BuiltinResult } from './builtin/builtin.ts';
export { builtinConnectors } from './builtin/connectors.ts';
export { declaredTable, filledRow, tableEntryId, unknownTable } from './builtin/table-rows.ts';
export {
  addNote,
  assessCase,
  CASE_CHANGED,
  CASE_CLOSED,
  type CaseChangeKind,
  type CaseOpening,
  type CaseOwner,
  type ClosedCase,
  isOver,
  linkAlert,
  newCase,
  openCase,
  setCaseOwner,
  setCaseStatus,
  setCaseSummary,
  unlinkAlert,
  type Verdict,
} from './case.ts';
export { errors as casesErrors } from './errors.ts';
export { PERSON } from './handling.ts';
export {
  askFreely,
  createDecisions,
  type DecisionHandler,
  type FreeDecision,
  type FreeQuestion,
} from './inbox/decisions.ts';
export { cancelItem, expireItem, getMatter, type VoteRequest, voteOn } from './inbox/inbox.ts';
export { askPeople, type CoveredCall, coversHash } from './inbox/item.ts';
export { decidedBy } from './inbox/outcome.ts';
export { isAsked, satisfiesRole, usersMeant } from './inbox/person.ts';
export { mayVote } from './inbox/vote.ts';
export { type Bounded, observablesLike, observablesMeant } from './lookup.ts';
export {
  type Enrichment,
  linkObservables,
  type NamedObservable,
  nameObservable,
  type ObservableInput,
  readObservable,
  readObservableIf,
} from './observables.ts';
export { getAlert, getCase, holdersOf, observablesOf, verdictOf } from './read.ts';
export { retryOnConflict } from './retry-on-conflict.ts';
export { entryOf, type Occasion } from './write.ts';

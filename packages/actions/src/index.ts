export { type Call, type CallDependencies, type CallResult, callAction } from './call.ts';
export {
  type ConnectionPatch,
  type ConnectionServices,
  type Connections,
  countInForce,
  createConnections,
  type NewConnection,
} from './connections/manage.ts';
export {
  type CheckedConnection,
  type ConnectionDraft,
  checkConnection,
  type TriedConnection,
  tryConnection,
} from './connections/try.ts';
export { createDoor, createDoorContext, type DoorOptions } from './create-door.ts';
export type { ActionOutcome, ActionRequest, Admission, Door, ReleaseRequest, ReleaseResult } from './door.ts';
export type { DoorContext } from './door-context.ts';
export { errors as actionsErrors, guardErrors } from './errors.ts';
export { type Explanation, explain } from './explain.ts';
export { isTurn } from './extension-turn.ts';
export { type CallToForesee, type ForeseenCall, foreseeCall } from './foresee-call.ts';
export { holdId } from './guard/consent.ts';
export { createGuard, type Decision, type Guard, type GuardOptions, type Wish } from './guard/guard.ts';
export { loadPolicy, policyFile } from './guard/load-policy.ts';
export { type LocalNetwork, readLocalNetwork } from './guard/local-network.ts';
export type { Policy, PolicyFinding, PolicyState } from './guard/policy.ts';
export type { NameResolver } from './guard/protected-assets.ts';
export { connectorSwitch, GLOBAL_SWITCH, setSwitch, UNDO_SWITCH } from './guard/switches.ts';
export { canonicalTarget } from './guard/target.ts';
export { cancelHeld } from './hold-effect.ts';
export { checkDrift } from './ledger/check-drift.ts';
export { STANDING_STATES } from './ledger/effect-row.ts';
export { extendLease, type LeaseExtension } from './ledger/extend-lease.ts';
export { keepReceipt } from './ledger/late-receipt.ts';
export { type Finding, type ReadBack, readBack, type Settle } from './ledger/read-back.ts';
export { type Reason, type ReasonKind, whyOf, whyOfAll, whyRun } from './ledger/why.ts';
export { type Resolution, resolveUnknown } from './resolve-unknown.ts';
export type { SiteCall, SiteExtension, Sites } from './sites.ts';
export { buildTrace, type Trace } from './trace/build-trace.ts';
export {
  type Consequences,
  consequencesOf,
  effectsCausedBy,
  foreseeRetraction,
  type Retraction,
  retract,
} from './trace/retract.ts';
export { RETRACTED, VERDICT_REVISED } from './trace/revisions.ts';
export { type ToldTrace, tellTrace } from './trace/tell-trace.ts';
export { type Foresight, foreseeRelease } from './undo/foresee-release.ts';
export { type Alarm, createLeaseKeeper, type LeaseKeeper, type LeaseKeeperOptions } from './undo/lease-keeper.ts';
export { releasedBy } from './undo/release.ts';
export { type EffectWords, effectWords } from './words/effect-words.ts';
export { readHolders } from './words/holders.ts';
export { mentionedIn, type People, readPeople } from './words/people.ts';

export { errors as engineErrors } from './errors.ts';
export { apply } from './interpreter/apply.ts';
export { type Decision, decide } from './interpreter/decide.ts';
export { type Entry, upcast } from './interpreter/entries.ts';
export type { ErrorValue } from './interpreter/error-value.ts';
export type { Command, Happening, Moment, Settled } from './interpreter/happening.ts';
export { newState, type OpenStep, type Outcome, type RunFacts, type RunState, statusOf } from './interpreter/state.ts';
export type { Target } from './interpreter/target.ts';
export { type DraftWish, discardDraft, getDraft, saveDraft } from './playbooks/drafts.ts';
export { createEventCheck, type EventCheck } from './playbooks/event-check.ts';
export { createPlanSource, type PlanSourceOptions, type StoredPlanSource } from './playbooks/plan-source.ts';
export { enablePlaybook, type Publication, publishPlaybook } from './playbooks/publish.ts';
export type {
  EventTrigger,
  PageTrigger,
  PlanSource,
  PublishedPlan,
  PublishedTrigger,
  ScheduleTrigger,
  WebhookTrigger,
} from './playbooks/published.ts';
export { deleteTest, saveTest, storedTests, type TestWish } from './playbooks/stored-tests.ts';
export { versionByNumber, versionToRollBackTo } from './playbooks/versions.ts';
export {
  isConcerned,
  mayContain,
  type ReactedEvent,
  type ReactionRefusal,
  type RefusalGrounds,
  reactionInputs,
  reactionKey,
  refusalOf,
} from './reactions/rules.ts';
export {
  type Agreement,
  type Backtest,
  type BacktestRequest,
  type BacktestServices,
  backtest,
  type ComparedRun,
  differs,
} from './rehearsal/backtest.ts';
export { type CheckedAgainst, checkTestFile } from './rehearsal/check-test-file.ts';
export { dryRun } from './rehearsal/dry-run.ts';
export type { DryCall, DryQuestion, DryRun, DryRunRequest, DryRunServices } from './rehearsal/dry-types.ts';
export { exampleOf } from './rehearsal/example-value.ts';
export { testFindings } from './rehearsal/findings.ts';
export { type Difference, describeError } from './rehearsal/judge.ts';
export type { ObservedRun, ObservedStep } from './rehearsal/observe.ts';
export { type ParsedTestFile, parseTestFile, TEST_FIELDS } from './rehearsal/read-test-file.ts';
export type { RecordedCall } from './rehearsal/record.ts';
export { recordedStart } from './rehearsal/recorded-start.ts';
export { type RehearsalOptions, rehearse, type TestResult } from './rehearsal/rehearse.ts';
export { renameInTest } from './rehearsal/rename-in-test.ts';
export type { PlaybookTest, PlaybookTestFile } from './rehearsal/test-file.ts';
export { type Pruned, pruneOld, type RetentionOptions, type RetentionPolicy } from './retention/retention.ts';
export { countLater, countSavings, type SavingsOptions } from './savings/count-savings.ts';
export { createScheduler, type Scheduler, type SchedulerOptions } from './triggers/scheduler.ts';
export type { ComparedStep, RunsCompared } from './views/compare.ts';
export type { ListedStep, StepFilter } from './views/list-steps.ts';
export type { RunOverview } from './views/run-overview.ts';
export { createRunViews, type RunViewOptions, type RunViews } from './views/run-views.ts';
export { factPreview, type StepDetail } from './views/step-detail.ts';
export type { StepAttempt, StepRecord, StepStatus, WaitReason, WaitSpan } from './views/step-record.ts';
export type { StepSummary } from './views/summarise.ts';
export { effectKey } from './worker/calls.ts';
export { createEngine, type Engine, type WebhookDelivery } from './worker/engine.ts';
export { createOpenStepCheck, type OpenStepOptions } from './worker/open-step.ts';
export type { Operations, ReplayResult } from './worker/operations.ts';
export type { BoundCapability, EngineLimits, EngineOptions, EngineProblem, FinishedRun } from './worker/options.ts';
export type { StartedRun } from './worker/parts.ts';
export { triggerKey } from './worker/run-row.ts';
export type { StartRequest } from './worker/start.ts';
export type { Operator, SteerResult } from './worker/steer.ts';
export type { Replayed, ReplayFilter, ReplayWish, RetryFromWish } from './worker/steer-again.ts';
export type { RetryWish, SkipWish, UnknownResolution } from './worker/steer-step.ts';
export { causalityOfEvent, isSimulated } from './worker/triggers.ts';

export type { CapabilityContract, Catalogue, PlaybookSignature, TopicDeclaration } from './catalogue.ts';
export { type CheckedPlaybook, checkPlaybook } from './check.ts';
export { checkPlaybooks } from './check-all.ts';
export { type Compilation, type CompileOptions, compilePlaybook } from './compile.ts';
export { completePlaybook } from './complete/complete-playbook.ts';
export type { Completion, CompletionOption } from './complete/completion.ts';
export { nextFire } from './cron.ts';
export { type DeclarationOptions, type NamedCapability, parseCapability, parseTopic } from './declarations.ts';
export { type Calendar, type ChangeWindows, createChangeWindows, parseCalendar } from './declared/calendar.ts';
export { parseTable, type TableDeclaration } from './declared/table.ts';
export { diffPlans, type EffectOf, type PlanChange } from './diff/diff-plans.ts';
export { diffText, type NamedText } from './diff/diff-text.ts';
export {
  type DocumentNode,
  describeNode,
  fieldOf,
  type ListNode,
  type MapEntry,
  type MapNode,
  nodeAt,
  type ScalarNode,
  toJson,
} from './document/node.ts';
export { type ParsedDocument, parseDocument } from './document/parse.ts';
export type { EditResult, NewStep, PlaybookEdit, StepPlace, TextChange, Wrapping } from './edit/edit.ts';
export { applyChanges } from './edit/edit.ts';
export { editPlaybook } from './edit/edit-playbook.ts';
export type { SkeletonNames } from './edit/skeleton.ts';
export { errors as playbookErrors } from './errors.ts';
export type { Finding } from './finding.ts';
export { type FindingEntry, findingCatalogue } from './findings.ts';
export { type MergeConflict, type MergedText, mergeTexts } from './merge/merge-texts.ts';
export type {
  Outline,
  OutlineInput,
  OutlineMarks,
  OutlineSlot,
  OutlineStep,
  OutlineTrigger,
  OutlineUse,
} from './outline/outline.ts';
export { type OutlineNames, outlineDocument, stepAt } from './outline/outline-document.ts';
export type {
  ActionStep,
  ApprovalStep,
  AskStep,
  CallStep,
  Concurrency,
  EndStep,
  ForeachStep,
  IfStep,
  InputDeclaration,
  Lease,
  ParallelStep,
  Plan,
  Position,
  Priority,
  PublishStep,
  ReactionPlan,
  Retry,
  SetStep,
  Step,
  StepBase,
  SwitchStep,
  Trigger,
  TryStep,
  UndoStep,
  Use,
  WaitCondition,
  WaitStep,
  WhileStep,
} from './plan.ts';
export type { Names } from './resolve.ts';
export { type Mismatch, validateValue } from './validate.ts';
export { parentIds } from './walk.ts';

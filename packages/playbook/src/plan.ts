import type { JsonSchema } from '@counterpoint/connector-kit';
import type { Json } from '@counterpoint/core';
import type { CompiledExpression, CompiledTemplate } from '@counterpoint/expressions';

/** Where something stands in the source: 1-based line and column, and offsets into the text. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly from: number;
  readonly to: number;
}

/** A compiled playbook or reaction: everything that the engine needs, nothing that it must look up again. */
export interface Plan {
  readonly kind: 'playbook' | 'reaction';
  readonly id: string;
  readonly title: string;
  /** Version id: SHA-256 of id and source text. */
  readonly version: string;
  readonly source: string;
  /** Alias -> connector id, capability, or named connection. */
  readonly uses: Readonly<Record<string, Use>>;
  readonly triggers: readonly Trigger[];
  readonly inputs: Readonly<Record<string, InputDeclaration>>;
  readonly concurrency: Concurrency | undefined;
  readonly priority: Priority;
  readonly steps: readonly Step[];
  readonly onError: readonly Step[];
  readonly onCancel: readonly Step[];
  readonly finally: readonly Step[];
  readonly outputs: CompiledTemplate | undefined;
  /** Whole-run time-out in milliseconds. */
  readonly timeout: number | undefined;
  /** Step id -> the step, over all lists. */
  readonly byId: ReadonlyMap<string, Step>;
  /** Only reactions have these. */
  readonly reaction: ReactionPlan | undefined;
}

export type Priority = 'low' | 'normal' | 'high' | 'emergency';

/** What an alias stands for. */
export type Use =
  | { readonly kind: 'connector'; readonly connector: string }
  | { readonly kind: 'capability'; readonly capability: string; readonly targets: 'one' | 'all' }
  | { readonly kind: 'connection'; readonly connector: string; readonly connection: string };

export interface InputDeclaration {
  readonly schema: JsonSchema;
  readonly default: Json | undefined;
  readonly required: boolean;
}

/** What starts a run. Expressions see `event` (and `inputs` for manual). */
export type Trigger =
  | {
      readonly kind: 'topic';
      readonly id: string;
      readonly topic: string;
      readonly when: CompiledExpression | undefined;
    }
  | { readonly kind: 'alert'; readonly id: string; readonly when: CompiledExpression | undefined }
  | {
      readonly kind: 'webhook';
      readonly id: string;
      /** Path segment under `/hooks/`. */
      readonly path: string;
      /** Answer with the run's outputs when it ends. */
      readonly sync: boolean;
      readonly when: CompiledExpression | undefined;
      readonly schema: JsonSchema | undefined;
    }
  | { readonly kind: 'manual'; readonly id: string }
  | {
      readonly kind: 'schedule';
      readonly id: string;
      readonly cron: string;
      readonly timeZone: string;
      readonly missed: 'skip' | 'once' | 'all';
    }
  | { readonly kind: 'case'; readonly id: string; readonly when: CompiledExpression | undefined }
  | {
      readonly kind: 'page';
      readonly id: string;
      readonly path: string;
      readonly form: JsonSchema;
      readonly public: boolean;
    };

export interface Concurrency {
  readonly key: CompiledExpression;
  readonly onConflict: 'join' | 'queue' | 'replace' | 'drop';
}

export interface Retry {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Milliseconds before the second attempt. */
  readonly delay: number;
  readonly backoff: number;
  readonly maxDelay: number;
  /** Error names (`rate_limited`) or codes; empty: every retryable error. */
  readonly on: readonly string[];
}

export interface Lease {
  /** Milliseconds; undefined when only `while` bounds it. */
  readonly for: number | undefined;
  readonly while: 'case_open' | undefined;
  readonly max: number | undefined;
}

/** What every step may carry. */
export interface StepBase {
  readonly id: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** Guard: the step is skipped when it is false. (On an `if` step the condition is in the branches.) */
  readonly guard: CompiledExpression | undefined;
  /** Milliseconds. */
  readonly timeout: number | undefined;
  readonly retry: Retry | undefined;
  readonly recheck: CompiledExpression | undefined;
  readonly lease: Lease | undefined;
  readonly connection: string | undefined;
  readonly minutesSaved: number | undefined;
  readonly onFailure: 'fail' | 'continue';
  readonly position: Position;
}

export type Step =
  | ActionStep
  | CallStep
  | IfStep
  | SwitchStep
  | ForeachStep
  | WhileStep
  | ParallelStep
  | ApprovalStep
  | AskStep
  | WaitStep
  | PublishStep
  | SetStep
  | UndoStep
  | TryStep
  | EndStep;

export interface ActionStep extends StepBase {
  readonly verb: 'action';
  /** Alias in `uses`, or a built-in connector (`case`, `alert`, `observable`, `util`, `table`). */
  readonly alias: string;
  readonly action: string;
  readonly with: CompiledTemplate;
}
export interface CallStep extends StepBase {
  readonly verb: 'call';
  readonly playbook: string;
  readonly with: CompiledTemplate;
  readonly detach: boolean;
}
export interface IfStep extends StepBase {
  readonly verb: 'if';
  readonly branches: readonly { readonly when: CompiledExpression; readonly steps: readonly Step[] }[];
  readonly otherwise: readonly Step[];
}
export interface SwitchStep extends StepBase {
  readonly verb: 'switch';
  readonly on: CompiledExpression;
  /** Compared with the value as text, numbers and booleans in their JSON form. */
  readonly cases: readonly { readonly value: string; readonly steps: readonly Step[] }[];
  readonly otherwise: readonly Step[];
}
export interface ForeachStep extends StepBase {
  readonly verb: 'foreach';
  readonly items: CompiledExpression;
  readonly as: string;
  readonly maxItems: number;
  readonly maxParallel: number;
  readonly onItemError: 'fail' | 'collect' | 'skip';
  readonly steps: readonly Step[];
  /** What each item gives; undefined gives the last step's output. Output of the step: `{items, errors}`. */
  readonly yield: CompiledTemplate | undefined;
}
export interface WhileStep extends StepBase {
  readonly verb: 'while';
  /** `while` goes on as long as it holds (checked before); `until` as long as it does not (checked after). */
  readonly mode: 'while' | 'until';
  readonly condition: CompiledExpression;
  readonly steps: readonly Step[];
  /** Name -> initial value (`from`) and next value (`next`). Seen as `carry.<name>`. */
  readonly carry: Readonly<Record<string, { readonly from: CompiledTemplate; readonly next: CompiledTemplate }>>;
  readonly maxIterations: number;
}
export interface ParallelStep extends StepBase {
  readonly verb: 'parallel';
  readonly branches: readonly { readonly name: string; readonly steps: readonly Step[] }[];
  readonly join: 'all' | 'any';
  readonly onBranchError: 'fail' | 'collect';
}
export interface ApprovalStep extends StepBase {
  readonly verb: 'approval';
  readonly text: CompiledTemplate;
  readonly covers: readonly string[];
  readonly by: {
    readonly role: string | undefined;
    readonly users: CompiledTemplate | undefined;
    readonly exclude: CompiledExpression | undefined;
    readonly quorum: number;
    /** Whether an approver may hand the decision to somebody else. */
    readonly delegate: boolean;
  };
  readonly via: readonly string[];
  readonly form: JsonSchema | undefined;
  readonly deadline: { readonly after: number; readonly then: 'deny' | 'approve' | 'fail' } | undefined;
}
export interface AskStep extends StepBase {
  readonly verb: 'ask';
  readonly text: CompiledTemplate;
  readonly of: { readonly role: string | undefined; readonly users: CompiledTemplate | undefined };
  readonly via: readonly string[];
  readonly form: JsonSchema;
  readonly deadline: { readonly after: number; readonly then: 'continue' | 'fail' } | undefined;
}
export type WaitCondition =
  | { readonly kind: 'for'; readonly duration: number }
  | { readonly kind: 'until'; readonly at: CompiledExpression }
  | {
      readonly kind: 'topic';
      readonly topic: string;
      readonly match: CompiledExpression | undefined;
      readonly since: 'now' | 'run_start';
      readonly timeout: number | undefined;
    }
  | { readonly kind: 'window'; readonly name: string };
export interface WaitStep extends StepBase {
  readonly verb: 'wait';
  /** One condition under the name ``, or several (`any`) under their names. */
  readonly any: Readonly<Record<string, WaitCondition>>;
}
export interface PublishStep extends StepBase {
  readonly verb: 'publish';
  readonly topic: string;
  readonly subject: CompiledTemplate | undefined;
  readonly data: CompiledTemplate;
}
export interface SetStep extends StepBase {
  readonly verb: 'set';
  readonly values: CompiledTemplate;
}
export interface UndoStep extends StepBase {
  readonly verb: 'undo';
  /** Id of the step whose effects are undone. */
  readonly step: string;
}
export interface TryStep extends StepBase {
  readonly verb: 'try';
  readonly steps: readonly Step[];
  /** First whose codes match (names or codes; empty: any) runs; it sees `error`. */
  readonly catches: readonly { readonly codes: readonly string[]; readonly steps: readonly Step[] }[];
  readonly finally: readonly Step[];
}
export interface EndStep extends StepBase {
  readonly verb: 'fail' | 'succeed';
  readonly reason: CompiledTemplate;
}

export interface ReactionPlan {
  readonly mode: 'observe' | 'ask' | 'act';
  /** The site whose edge node reacts, and nobody else; empty: the centre does. */
  readonly site: string;
  readonly topic: string;
  readonly when: CompiledExpression | undefined;
  readonly trust: { readonly publishers: readonly string[]; readonly sources: number } | undefined;
  readonly idempotency: { readonly key: CompiledExpression; readonly ttl: number } | undefined;
  readonly limits: {
    /** So many runs in any such time (milliseconds); what is more is held. */
    readonly rate: { readonly count: number; readonly per: number } | undefined;
    readonly maxHops: number;
    /** Milliseconds after which what is held is no longer right and expires. */
    readonly stale: number;
  };
  /** What it publishes when its steps have succeeded: also the last of the plan's `steps`. */
  readonly publish: { readonly topic: string; readonly data: CompiledTemplate } | undefined;
  /** The topic on which it tells that it failed: also the one step of the plan's `onError`. */
  readonly onErrorPublish: string | undefined;
}

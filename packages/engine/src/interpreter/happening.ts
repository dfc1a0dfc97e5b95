import type { Json, JsonObject } from '@counterpoint/core';
import type { ChangeWindows, Plan, Use } from '@counterpoint/playbook';
import type { EventCheck } from '../playbooks/event-check.ts';
import type { DecidedStatus, RowName, Steered } from './entries.ts';
import type { ErrorValue } from './error-value.ts';
import type { Target } from './target.ts';

/** How one attempt of a step outside of the interpreter ended, as data. */
export type Settled =
  | {
      readonly status: 'succeeded';
      readonly output: Json;
      /** A case that it opened or added to: the run works for it from now on. */
      readonly case?: string | undefined;
    }
  | {
      readonly status: 'failed';
      readonly error: ErrorValue;
      /** Trying again may help and cannot do harm. */
      readonly retryable: boolean;
      /** The other side's wish, in milliseconds. */
      readonly retryAfter: number | undefined;
      /** Whether it may have been carried out in spite of the error. */
      readonly performed: 'no' | 'maybe';
    }
  | {
      readonly status: 'unknown';
      readonly error: ErrorValue;
      /** `verify` could not tell either. */
      readonly asked: boolean;
    }
  | { readonly status: 'pending'; readonly poll: JsonObject; readonly due: number }
  /** The guard wants people to decide about the inbox item first. */
  | { readonly status: 'held'; readonly item: string; readonly due: number | null };

/** Something that happened to a run and that the interpreter decides about. */
export type Happening =
  | { readonly kind: 'start' }
  /** The steps that are `ready` go on. */
  | { readonly kind: 'continue' }
  /** An attempt ended. Ignored when the step has moved on to another attempt. */
  | {
      readonly kind: 'settled';
      readonly address: string;
      readonly attempt: number;
      readonly settled: Settled;
      /** The called run that ended; what another than the one waited for gives is ignored. */
      readonly child?: string;
    }
  /** After a crash: the attempt surely was not carried out, so that it is made (again) under the same number. */
  | { readonly kind: 'not_sent'; readonly address: string }
  | { readonly kind: 'timer_due'; readonly address: string; readonly timer: TimerKind }
  /** What became of an attempt must be found out: its answer could not be written down. */
  | { readonly kind: 'lost'; readonly address: string }
  /** The state was read back from its journal: what was under way goes on. */
  | { readonly kind: 'recovered' }
  | { readonly kind: 'cancel'; readonly principal: string; readonly reason: string }
  | ({ readonly kind: 'pause' } & Steered)
  | ({ readonly kind: 'resume' } & Steered)
  /** An open step is to run anew. Ignored for a block, and for an unknown outcome that the operator does not accept. */
  | ({
      readonly kind: 'retry';
      readonly address: string;
      /** Replaces the frozen arguments; null keeps them. */
      readonly input: JsonObject | null;
      readonly evenIfUnknown: boolean;
    } & Steered)
  /** An open step is left out; `output` stands for what it would have given, null for none. */
  | ({ readonly kind: 'skip'; readonly address: string; readonly output: JsonObject | null } & Steered)
  /** The run is to follow another version, which comes with the moment. Ignored when that does not fit. */
  | ({ readonly kind: 'migrate'; readonly version: string } & Steered)
  /** A person says what became of an attempt whose outcome is unknown. */
  | {
      readonly kind: 'resolved';
      readonly address: string;
      readonly happened: boolean;
      readonly output: Json;
    }
  /** People, or their time-out, decided about an inbox item. Ignored when the step does not wait for it (any more). */
  | {
      readonly kind: 'decided';
      readonly address: string;
      readonly item: string;
      readonly status: DecidedStatus;
      /** Who decided, as `user:<id>`; empty for the time-out. */
      readonly by: readonly string[];
      readonly reason: string;
      /** What was entered into the form; null when there is none. */
      readonly form: Json;
      /** Hash of what they saw. */
      readonly hash: string;
    }
  /** An event came that a step may be waiting for. Ignored when it is not (any more), or when it does not match. */
  | {
      readonly kind: 'arrived';
      readonly address: string;
      /** Name of the condition; empty when it is the only one. */
      readonly name: string;
      readonly event: { readonly id: string; readonly at: number; readonly data: Json };
    }
  /** Tables were read. Ignored when the step does not want that (any more). */
  | {
      readonly kind: 'looked_up';
      readonly address: string;
      readonly rows: readonly (RowName & { readonly value: Json })[];
    }
  /** A table could not be read: there is none of that name. */
  | { readonly kind: 'lookup_failed'; readonly address: string; readonly error: ErrorValue }
  /** The run has grown past its limit. Its last lists still run; past those too, it ends at once. */
  | { readonly kind: 'too_long'; readonly error: ErrorValue }
  /** The interpreter itself failed; the run ends at once. */
  | { readonly kind: 'defect'; readonly error: ErrorValue };

/** When a happening is decided: the only source of time and chance in a decision. */
export interface Moment {
  /** Unix milliseconds; what `now()` gives. */
  readonly at: number;
  /** 0 up to 1, for spreading retries. */
  readonly jitter: number;
  /** What may be published; without it anything. */
  readonly checkEvent?: EventCheck | undefined;
  /** The plan that a `migrate` is about. */
  readonly target?: Plan | undefined;
  /** Who provides a capability, for steps that act at all of them; without it one without a name. */
  readonly targets?: ((use: Extract<Use, { kind: 'capability' }>) => readonly Target[]) | undefined;
  /** Change windows; without them no window is known. */
  readonly windows?: ChangeWindows | undefined;
}

export type TimerKind = 'retry' | 'poll' | 'timeout' | 'deadline' | 'wait';

/** Something to be done once the decision's entries are durable. */
export type Command =
  /** Make an attempt of an action. */
  | { readonly kind: 'perform'; readonly call: ActionCall }
  /** Ask after asynchronous work. */
  | { readonly kind: 'poll'; readonly call: ActionCall; readonly poll: JsonObject }
  /** Find out what became of an attempt: after a crash (`lost`), or because its answer was unclear. */
  | { readonly kind: 'reconcile'; readonly call: ActionCall; readonly lost: boolean }
  /** The run no longer wants the answer of the step's call. */
  | { readonly kind: 'abort'; readonly address: string }
  | {
      readonly kind: 'start_child';
      readonly address: string;
      readonly child: string;
      readonly playbook: string;
      readonly inputs: JsonObject;
      readonly detach: boolean;
      /** Sent after a crash: the child exists already. */
      readonly again: boolean;
    }
  | { readonly kind: 'cancel_child'; readonly child: string }
  /** End the claims of steps, given by address, or by id for all rounds of a loop that is over. */
  | {
      readonly kind: 'release';
      readonly address: string;
      readonly attempt: number;
      readonly step: string;
      readonly targets: readonly ReleaseTarget[];
    }
  /** Part of the same commit as the decision. */
  | {
      readonly kind: 'publish';
      readonly id: string;
      readonly topic: string;
      readonly subject: string;
      readonly data: Json;
      readonly address: string;
    }
  /** Part of the same commit as the decision. */
  | { readonly kind: 'set_timer'; readonly address: string; readonly timer: TimerKind; readonly due: number }
  | { readonly kind: 'clear_timer'; readonly address: string; readonly timer: TimerKind }
  /** Part of the same commit as the decision: puts something in the inbox of people. */
  | { readonly kind: 'ask_people'; readonly address: string; readonly item: string; readonly question: PeopleQuestion }
  /** The time-out of an inbox item: decides it in the same commit, unless people did before. */
  | { readonly kind: 'expire_inbox'; readonly address: string; readonly item: string }
  /** Part of the same commit as the decision: nobody waits for people any more. */
  | {
      readonly kind: 'close_inbox';
      readonly address: string;
      readonly item: string;
      readonly generation: number;
    }
  /** Part of the same commit as the decision, and looked up once from `since` on: events of a topic are wanted. */
  | {
      readonly kind: 'subscribe';
      readonly address: string;
      readonly name: string;
      readonly topic: string;
      readonly key: string;
      /** Unix milliseconds. */
      readonly since: number;
    }
  /** After a crash: what came since then is looked up again. */
  | {
      readonly kind: 'catch_up';
      readonly address: string;
      readonly name: string;
      readonly topic: string;
      readonly key: string;
      readonly since: number;
    }
  /** Part of the same commit as the decision: the events are not wanted any more. */
  | { readonly kind: 'unsubscribe'; readonly address: string; readonly name: string }
  /** Read rows of tables, before the decision is made durable. */
  | { readonly kind: 'lookup'; readonly address: string; readonly wants: readonly RowName[] }
  /** Other runs get their turn, then this one goes on. */
  | { readonly kind: 'continue' };

/** A command about the inbox of people. */
export type PeopleCommand = Extract<Command, { kind: 'ask_people' | 'expire_inbox' | 'close_inbox' }>;

/** Whether a command is about the inbox of people. */
export function isPeopleCommand(command: Command): command is PeopleCommand {
  return command.kind === 'ask_people' || command.kind === 'expire_inbox' || command.kind === 'close_inbox';
}

/** What people are asked, with everything evaluated. */
export interface PeopleQuestion {
  readonly kind: 'approval' | 'question';
  readonly text: string;
  /** The covered steps with their frozen arguments, in the order of the playbook. */
  readonly covers: readonly {
    readonly step: string;
    readonly address: string;
    readonly input: JsonObject;
    /** Whom it acts on, when the step acts on several. */
    readonly target: Target | undefined;
  }[];
  /** Empty: no certain role. */
  readonly role: string;
  /** Names or references of users; empty: whoever has the role. */
  readonly users: readonly string[];
  /** References of who may not decide. */
  readonly excluded: readonly string[];
  readonly quorum: number;
  readonly delegable: boolean;
  /** JSON Schema; null: no form. */
  readonly form: Json;
  readonly via: readonly string[];
  /** Unix milliseconds; null: no time-out. */
  readonly due: number | null;
  readonly otherwise: 'deny' | 'approve' | 'fail' | 'continue';
}

/** A step whose effects are to be undone. `calls`: they are those of the runs that it called. */
export interface ReleaseTarget {
  readonly step: string;
  readonly calls: boolean;
}

/** Which attempt of which step. */
export interface ActionCall {
  readonly address: string;
  /** Step id. */
  readonly step: string;
  readonly attempt: number;
  readonly generation: number;
  readonly input: JsonObject;
}

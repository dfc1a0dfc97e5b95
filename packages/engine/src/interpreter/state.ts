import type { Json, JsonObject } from '@counterpoint/core';
import type { RunRow } from '@counterpoint/events';
import type { AwaitedCondition, DecidedStatus, Ending, EndStatus, Phase, RowName } from './entries.ts';
import type { ErrorValue } from './error-value.ts';
import type { Happening } from './happening.ts';

/** What a step is doing. Ended steps are kept as outcomes, not as activities. */
export type OpenStatus = 'ready' | 'running' | 'waiting' | 'unknown';

/** A step that has begun and not ended. */
export interface OpenStep {
  readonly address: string;
  readonly id: string;
  readonly scope: Scope;
  status: OpenStatus;
  /** Attempts begun; 0 for blocks. */
  attempts: number;
  /** How many of these were made before an operator had it run anew. */
  attemptsBefore: number;
  /** Raised when an operator makes the step run anew; part of the idempotency key. */
  generation: number;
  input: JsonObject | null;
  /** Why it waits; undefined when it does not. */
  waiting: { readonly for: 'retry' | 'poll'; readonly due: number; readonly poll: JsonObject | null } | undefined;
  /** The last attempt's error. */
  error: ErrorValue | null;
  /** What a `wait` waits for, by name. */
  conditions: Readonly<Record<string, AwaitedCondition>> | undefined;
  /** Rows that it wants before it begins. */
  wants: readonly RowName[] | undefined;
  /** Rows that were looked up for it, by {@link lookupId}. */
  lookups: Readonly<Record<string, Json>> | undefined;
  /** The inbox item that people decide about it; its hash is empty until they did. */
  approval: ApprovalRef | undefined;
  timedOut: boolean;
  /** `unknown` and `verify` could not tell: a person must. */
  asked: boolean;
  /** Only blocks have one. */
  frame: Frame | undefined;
}

/** Names a row of a table among those that were looked up. */
export function lookupId({ table, key }: RowName): string {
  return `${table}|${key}`;
}

/** A decision of people as the door looks it up: inbox item, and hash of what they saw. */
export interface ApprovalRef {
  readonly item: string;
  readonly hash: string;
}

/** What people were asked about steps of a scope, and what became of it. */
export interface ApprovalState {
  readonly item: string;
  /** Hashes of the frozen arguments, by step id. */
  readonly covers: Readonly<Record<string, string>>;
  readonly status: DecidedStatus | 'open';
  readonly hash: string;
}

/** Where a block stands. */
export type Frame = BranchFrame | ForeachFrame | WhileFrame | ParallelFrame | TryFrame;

interface BranchFrame {
  readonly kind: 'branch';
  readonly branch: number;
}
export interface ForeachFrame {
  readonly kind: 'foreach';
  readonly items: readonly Json[];
  readonly as: string;
  /** Index of the next item to enter. */
  next: number;
  /** Items that have been entered and not ended. */
  readonly active: Set<number>;
  ended: number;
  /** By index; a hole where an item failed or has not ended. */
  readonly values: (Json | undefined)[];
  readonly failures: { readonly index: number; readonly error: ErrorValue }[];
}
export interface WhileFrame {
  readonly kind: 'while';
  carry: JsonObject;
  /** Rounds that ended. */
  rounds: number;
  /** The round that is under way; undefined between rounds. */
  current: number | undefined;
}
export interface ParallelFrame {
  readonly kind: 'parallel';
  readonly left: Set<string>;
  readonly failures: { readonly branch: string; readonly error: ErrorValue }[];
}
interface TryFrame {
  readonly kind: 'try';
  part: 'body' | 'catch' | 'finally';
  clause: number;
  error: ErrorValue | null;
}

/** How an ended step ended: `outcome.<id>`. */
export interface Outcome {
  readonly status: EndStatus;
  /** Absent when nothing went wrong. */
  readonly error?: ErrorValue;
}

/**
 * The steps of one list and the lists in it, up to the next loop: the playbook itself, or one round of a loop.
 * Loops inside it have scopes of their own that see this one.
 */
export interface Scope {
  /** Address of the round, such as `verdicts[3]`; empty for the playbook. */
  readonly prefix: string;
  readonly parent: Scope | undefined;
  /** Names that expressions see here besides `steps`, `outcome` and `error`. */
  readonly names: Readonly<Record<string, unknown>>;
  /** Outputs of the steps of this scope that succeeded. */
  readonly outputs: Record<string, Json>;
  readonly outcomes: Record<string, Outcome>;
  /** Approvals asked for in this scope, by step id. */
  readonly approvals: Record<string, ApprovalState>;
}

/** Everything that is known about a run. Owned by one worker and changed in place. */
export interface RunState {
  readonly run: string;
  phase: Phase;
  /** How it will end, once that is decided. */
  ending: Ending | undefined;
  readonly root: Scope;
  readonly scopes: Map<string, Scope>;
  /** By address, in the order they began. */
  readonly open: Map<string, OpenStep>;
  /** No step begins, and what arrives is held. */
  paused: boolean;
  /** What arrived while the run was paused, in order. */
  held: Happening[];
  /** Requests of operators that the run has carried out. */
  readonly requests: Set<string>;
  /** The version that the run was migrated to; undefined: that of its row. */
  version: string | undefined;
  /** Open steps, not blocks, that are `ready` or `running`; when 0 and something is open, the run is waiting. */
  busy: number;
}

/** The part of a run's row that expressions see as `run`, `event` and `inputs`. */
export type RunFacts = Pick<
  RunRow,
  'id' | 'playbook' | 'cause' | 'trace' | 'simulated' | 'created_at' | 'inputs' | 'event'
>;

/** A run before its first entry. */
export function newState(facts: RunFacts): RunState {
  const run = {
    id: facts.id,
    playbook: facts.playbook,
    started_by: facts.cause,
    started_at: new Date(facts.created_at).toISOString(),
    trace: facts.trace,
    simulated: facts.simulated,
  };
  const root = newScope('', undefined, { inputs: facts.inputs, event: facts.event ?? {}, run });
  return {
    run: facts.id,
    phase: 'main',
    ending: undefined,
    root,
    scopes: new Map([['', root]]),
    open: new Map(),
    paused: false,
    held: [],
    requests: new Set(),
    version: undefined,
    busy: 0,
  };
}

/** A scope without steps. */
export function newScope(prefix: string, parent: Scope | undefined, names: Readonly<Record<string, unknown>>): Scope {
  return { prefix, parent, names, outputs: {}, outcomes: {}, approvals: {} };
}

/** The address of step `id` in `scope`. */
export function addressOf(scope: Scope, id: string): string {
  return joinAddress(scope.prefix, id);
}

/** The address of step `id` in the scope with this prefix. */
export function joinAddress(prefix: string, id: string): string {
  return prefix === '' ? id : `${prefix}.${id}`;
}

/** Scope prefix and step id of an address. */
export function splitAddress(address: string): { readonly prefix: string; readonly id: string } {
  const dot = address.lastIndexOf('.');
  return dot === -1 ? { prefix: '', id: address } : { prefix: address.slice(0, dot), id: address.slice(dot + 1) };
}

/** Status of the run as its row shows it. */
export function statusOf(state: RunState): RunRow['status'] {
  if (state.phase === 'ended') return state.ending?.status ?? 'failed';
  if (state.paused) return isWorking(state) ? 'running' : 'waiting';
  return state.busy === 0 && state.open.size > 0 ? 'waiting' : 'running';
}

/** Whether a call of the run is under way. */
function isWorking(state: RunState): boolean {
  for (const open of state.open.values()) if (open.status === 'running' && !open.frame) return true;
  return false;
}

/** Whether any step of the run has begun, or was adopted. */
export function hasBegun(state: RunState): boolean {
  if (state.phase !== 'main' || state.open.size > 0) return true;
  for (const _id in state.root.outcomes) return true;
  return false;
}

import type { Performed } from '@counterpoint/connector-kit';
import type { CounterpointError, JsonObject } from '@counterpoint/core';
import type { Causality, Change } from '@counterpoint/events';

/** That an effect is to stay as long as a case is open. */
export interface CaseLease {
  /** Id of the case. */
  readonly case: string;
  /** Milliseconds after which it ends all the same; undefined: after the longest lease that the policy allows. */
  readonly max: number | undefined;
}

/** A wish to perform one action. */
export interface ActionRequest {
  readonly connector: string;
  readonly action: string;
  /** Connection id; undefined: the only enabled connection of the connector (or none, for a built-in). */
  readonly connection: string | undefined;
  readonly input: JsonObject;
  /** Stable over all attempts: hash of run, address and generation, or of a person's request. */
  readonly key: string;
  /** Run id, address and generation; empty, empty and 0 when no run asks. */
  readonly run: string;
  readonly address: string;
  readonly generation: number;
  /** Milliseconds that a lasting effect is claimed for; undefined: no lease. */
  readonly lease: number | undefined;
  /** The case that claims a lasting effect too, besides `lease` or instead of it. */
  readonly whileCase?: CaseLease | undefined;
  /** Reference of who asks and holds the claim of `lease`: `run:<id>/<address>`, `user:<id>`. */
  readonly holder: string;
  /** The decision of people that the action rests on: the inbox item, and the hash of what they saw. */
  readonly approval?: { readonly item: string; readonly hash: string } | undefined;
  /**
   * People decide about it also where the policy allows it, unless it only reads or tells. Our own records are not asked
   * about. Default false.
   */
  readonly ask?: boolean;
  /** What the principal may do. */
  readonly permissions: ReadonlySet<string>;
  /** Milliseconds; undefined: the action's own. */
  readonly timeout: number | undefined;
  readonly causality: Causality;
  readonly now: number;
}

/** How a call ended. Its change must be committed before anything depends on the result. */
export type ActionOutcome =
  | {
      readonly status: 'succeeded';
      readonly output: JsonObject;
      readonly effect: string | undefined;
      readonly change: Change;
      /** A case that was opened or added to: whoever asked works for it from now on. */
      readonly case?: string | undefined;
    }
  | {
      readonly status: 'failed';
      readonly error: CounterpointError;
      /** Trying again may help and cannot do harm. */
      readonly retryable: boolean;
      readonly retryAfter: number | undefined;
      readonly performed: Performed;
      readonly effect: string | undefined;
      readonly change: Change;
    }
  | {
      /** A non-idempotent action whose answer never came. */
      readonly status: 'unknown';
      readonly error: CounterpointError;
      readonly effect: string;
      readonly change: Change;
    }
  | {
      /** Begun; the vendor works on it. Ask again with {@link Door.poll} at `at`. */
      readonly status: 'pending';
      readonly effect: string | undefined;
      readonly poll: JsonObject;
      readonly at: number;
      readonly change: Change;
    }
  | {
      /** Not sent: people decide about the inbox item first. Ask again, with the same key, when they have. */
      readonly status: 'held';
      readonly item: string;
      /** When the time-out of the item applies (Unix ms); null: never. */
      readonly due: number | null;
      readonly effect: string | undefined;
      readonly change: Change;
    };

/** What the door says to a request before anything is sent. */
export type Admission =
  | {
      /**
       * Commit `change` (the ledger's `intended`), check that the work is still yours, then `send`. A commit that is
       * refused with `events.conflict` means that somebody else was first on the target: admit again.
       */
      readonly kind: 'send';
      readonly change: Change;
      readonly effect: string | undefined;
      /**
       * @param isMine asked right before each request leaves: what was given up meanwhile, as by a process that stood still,
       *   is not sent. Default: it is
       */
      send(signal: AbortSignal, isMine?: () => boolean): Promise<ActionOutcome>;
    }
  | {
      /**
       * Nothing to send: it is refused, already in force, or was done under this key before. Commit the outcome's change.
       * The outcome is `pending` when somebody else's effect on the target is under way: poll, and it is joined.
       */
      readonly kind: 'settled';
      readonly outcome: ActionOutcome;
    };

/**
 * The one door for side effects: every action of every playbook, reaction, person, token or AI goes through it.
 * Resolves the connection, validates the input, asks the guard, keeps the ledger, calls the connector and redacts.
 */
export interface Door {
  /**
   * A refusal (guard, permission, invalid input, no connection) is a settled outcome with status `failed`, whose
   * change holds the audit entry.
   */
  admit(request: ActionRequest): Promise<Admission>;
  /** Asks after an asynchronous action. `poll` is what the pending outcome gave. */
  poll(request: ActionRequest, poll: JsonObject, signal: AbortSignal): Promise<ActionOutcome>;
  /**
   * After a crash or a lost answer: what became of the effect with `request.key`? Uses the action's `verify` where there is one.
   * `failed` with `performed: 'no'` means that it did not happen, or that doing it again does no harm: it may be admitted
   * again. `unknown` means that nobody can tell.
   */
  reconcile(request: ActionRequest, signal: AbortSignal): Promise<ActionOutcome>;
  /** Admits, commits, sends and commits: for people, tokens and anything that keeps no journal. */
  perform(request: ActionRequest, signal: AbortSignal): Promise<ActionOutcome>;
  /**
   * Ends the claims that `holder` (or a prefix of it such as `run:<id>`, when `whole`) has on effects, and undoes those
   * whose last claim ended. Gives how many effects were undone, and why any was not.
   */
  release(request: ReleaseRequest): Promise<ReleaseResult>;
}

export interface ReleaseRequest {
  /** Effects to release: of one step (id or address) of a run, of a whole run, of a case, or one effect with all of its claims. */
  readonly of:
    | { readonly kind: 'step'; readonly run: string; readonly step: string }
    | { readonly kind: 'run'; readonly run: string }
    | { readonly kind: 'case'; readonly case: string }
    | { readonly kind: 'effect'; readonly effect: string };
  readonly reason: string;
  readonly causality: Causality;
  readonly now: number;
}

export interface ReleaseResult {
  /** Effects whose undo succeeded. */
  readonly undone: readonly string[];
  /** Effects that stay, because somebody else still claims them, they were so before us, or they have no inverse. */
  readonly kept: readonly { readonly effect: string; readonly reason: string }[];
  /** Effects whose undo failed and is tried again later. */
  readonly failed: readonly { readonly effect: string; readonly error: CounterpointError }[];
}

import type { ActionManifest } from '@counterpoint/connector-kit';
import { type Clock, type CounterpointError, formatDuration } from '@counterpoint/core';
import type { Reader, RowWrite } from '@counterpoint/events';
import { guardErrors } from '../errors.ts';
import { spend } from './budgets.ts';
import { checkTarget } from './check-target.ts';
import type { LocalNetwork } from './local-network.ts';
import { defaultHoldTerms, type HoldTerms, type Policy, type PolicyState } from './policy.ts';
import { createProtectedAssets, type NameResolver } from './protected-assets.ts';
import { connectorSwitch, engagedSwitch, GLOBAL_SWITCH, UNDO_SWITCH } from './switches.ts';

/** What somebody wants to have done, as far as the guard needs to know. */
export interface Wish {
  readonly connector: string;
  readonly name: string;
  readonly action: ActionManifest;
  /** `<type>:<value>`; empty when the action names none. */
  readonly target: string;
  /** Milliseconds; undefined: for good. */
  readonly lease: number | undefined;
  /** The key of the request, which takes one place of a budget; undefined: nothing begins, so that no budget is asked. */
  readonly key?: string | undefined;
}

/** What the guard says, and why. */
export interface Decision {
  /** `hold`: people decide first; see {@link HoldTerms}. */
  readonly outcome: 'allow' | 'deny' | 'hold';
  /** The rule that decided: the code of the refusal, `guard.needs_approval`, `guard.budget_spent` or
   * `guard.allowed`. */
  readonly rule: string;
  /** In words: the refusal, or what was looked at. */
  readonly reasons: readonly string[];
  /** The refusal as an error; undefined when allowed or held. */
  readonly error: CounterpointError | undefined;
  /** Takes the effect's places in the budgets; to be committed with it. */
  readonly spends?: readonly RowWrite[];
}

/** The policy that every effect passes, whoever asks. */
export interface Guard {
  decide(wish: Wish): Promise<Decision>;
  /** Who decides about what is held. */
  holdTerms(): HoldTerms;
  /** The longest lease that the policy allows an action, in milliseconds; undefined: it may stay for good. */
  longestLease(action: string): number | undefined;
  /** Asked again right before each send: an engaged kill switch; undefined when the way is free. */
  stopped(connector: string): Promise<CounterpointError | undefined>;
  /** The engaged switch that stops undoing; undefined when undoing is free, whatever the other switches say. */
  undoStopped(): Promise<CounterpointError | undefined>;
}

/** What the guard goes by. */
export interface GuardOptions {
  readonly store: Reader;
  readonly policy: () => PolicyState;
  readonly network: () => LocalNetwork;
  readonly resolve: NameResolver;
  readonly clock: Clock;
}

/** Makes the guard. */
export function createGuard(options: GuardOptions): Guard {
  const { store } = options;
  const assets = createProtectedAssets(options);
  const stopped = (connector: string) => engagedSwitch(store, [GLOBAL_SWITCH, connectorSwitch(connector)]);

  const refusal = async (wish: Wish): Promise<CounterpointError | undefined> => {
    const engaged = await stopped(wish.connector);
    if (engaged) return engaged;
    const { effect } = wish.action;
    const lasting = effect === 'contain' || effect === 'destroy';
    const state = options.policy();
    if (!state.ok) return lasting ? unreadable(state) : undefined;
    const { policy } = state;
    return (
      (lasting ? await checkTarget(wish.target, policy, assets) : undefined) ??
      (effect === 'contain' ? checkLease(wish, policy) : undefined)
    );
  };

  return {
    async decide(wish) {
      if (wish.action.effect === 'read') return allowed(['reading changes nothing']);
      const error = await refusal(wish);
      if (error) return { outcome: 'deny', rule: error.code, reasons: [error.message, error.help], error };
      const state = options.policy();
      if (!state.ok) return allowed(looks(wish));
      const reason = whyHeld(wish, state.policy);
      if (reason !== undefined) return held('guard.needs_approval', reason, state.policy);
      const { budgets } = state.policy;
      if (budgets.length === 0 || wish.key === undefined) return allowed(looks(wish));
      const { effect } = wish.action;
      const asked = { action: `${wish.connector}.${wish.name}`, effect, key: wish.key };
      const { spent, writes } = await spend(store, budgets, asked, options.clock.now());
      if (spent === undefined) return { ...allowed(looks(wish)), spends: writes };
      const why = `The policy lets it happen no more than ${spent} without people.`;
      return held('guard.budget_spent', why, state.policy);
    },
    holdTerms() {
      const state = options.policy();
      return state.ok ? state.policy.approval : defaultHoldTerms;
    },
    longestLease(action) {
      const state = options.policy();
      return !state.ok || state.policy.lease.permanent.includes(action) ? undefined : state.policy.lease.max;
    },
    stopped,
    undoStopped: () => engagedSwitch(store, [UNDO_SWITCH]),
  };
}

function unreadable(state: Extract<PolicyState, { ok: false }>): CounterpointError {
  const [first] = state.findings;
  const reason = first ? `line ${first.line}: ${first.message}` : 'it has findings';
  return guardErrors.policy_invalid({ reason: reason.replace(/\.$/, '') });
}

function allowed(reasons: readonly string[]): Decision {
  return { outcome: 'allow', rule: 'guard.allowed', reasons, error: undefined };
}

function looks({ action, target, lease }: Wish): readonly string[] {
  const reasons = ['no kill switch is engaged'];
  if (action.effect === 'contain' || action.effect === 'destroy') reasons.push(`${target} is not protected`);
  if (lease !== undefined) reasons.push(`it is leased for ${formatDuration(lease)}`);
  else if (action.effect === 'contain') reasons.push('the policy lets it stay without a lease');
  return reasons;
}

/** Why people decide first; undefined when they need not. */
function whyHeld({ connector, name, action }: Wish, { approval }: Policy): string | undefined {
  const full = `${connector}.${name}`;
  if (approval.actions.includes(full)) return `The policy wants people to decide about ${full}.`;
  if (!approval.effects.includes(action.effect)) return undefined;
  return `The policy wants people to decide about what has the effect "${action.effect}".`;
}

function held(rule: string, reason: string, policy: Policy): Decision {
  return { outcome: 'hold', rule, reasons: [reason, deciders(policy)], error: undefined };
}

function deciders({ approval: { role, quorum, self } }: Policy): string {
  const how = quorum === 1 ? 'one approval' : `${quorum} approvals by different people`;
  return `${how} of the role ${role}${self ? '' : ', not of whoever asked for it'}`;
}

function checkLease({ connector, name, lease }: Wish, policy: Policy): CounterpointError | undefined {
  const action = `${connector}.${name}`;
  if (lease === undefined) {
    return policy.lease.permanent.includes(action) ? undefined : guardErrors.lease_required({ action });
  }
  if (lease <= policy.lease.max) return undefined;
  return guardErrors.lease_too_long({ lease: formatDuration(lease), max: formatDuration(policy.lease.max) });
}

import type { Plan, Step, Use } from '@counterpoint/playbook';
import { type RunState, type Scope, splitAddress } from './state.ts';
import type { Target } from './target.ts';

export { type Target, UNNAMED } from './target.ts';

/** Under this name a round knows its target; no expression can say it. */
export const TARGET = '#target';

/** The capability that a step performs at every provider; undefined when it acts once. */
export function fansOut({ uses }: Pick<Plan, 'uses'>, step: Step): Extract<Use, { kind: 'capability' }> | undefined {
  if (step.verb !== 'action' || !Object.hasOwn(uses, step.alias)) return undefined;
  const use = uses[step.alias];
  return use?.kind === 'capability' && use.targets === 'all' ? use : undefined;
}

/**
 * Whether a scope is a round of the step itself: with `targets: all` the step acts once for each target, at the address
 * `block[0].block`, and each round has attempts, an effect and a lease of its own.
 */
export function isRoundOf({ prefix }: Pick<Scope, 'prefix'>, { id }: Pick<Step, 'id'>): boolean {
  if (prefix === '') return false;
  const last = prefix.slice(prefix.lastIndexOf('.') + 1);
  return last.startsWith(`${id}[`) && last.endsWith(']');
}

/** Where the arguments and conditions of a step are evaluated: for a round of the step itself, outside of it. */
export function seenFrom(scope: Scope, step: Step): Scope {
  return isRoundOf(scope, step) && scope.parent ? scope.parent : scope;
}

/** What the call of an open step acts on when it is a round of its step; undefined otherwise, and for {@link UNNAMED}. */
export function targetOfRound(state: RunState, address: string): Target | undefined {
  const { prefix, id } = splitAddress(address);
  const scope = state.scopes.get(prefix);
  if (!scope || !isRoundOf(scope, { id })) return undefined;
  const target = scope.names[TARGET] as Target | undefined;
  return target?.connector === '' ? undefined : target;
}

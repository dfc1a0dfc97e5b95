import type { Plan } from '@counterpoint/playbook';
import { isRoundOf } from './fan-out.ts';
import { indexOf } from './plan-index.ts';
import { type ApprovalRef, type RunState, splitAddress } from './state.ts';

/**
 * The decision of people that the call of an open step rests on: that about the held action itself, else that of the
 * first approval that covers the step. Undefined when none is needed.
 */
export function approvalOf(plan: Plan, state: RunState, address: string): ApprovalRef | undefined {
  const own = state.open.get(address)?.approval;
  if (own) return own;
  const { prefix, id } = splitAddress(address);
  const [approval] = indexOf(plan).get(id)?.coveredBy ?? [];
  if (approval === undefined) return undefined;
  const scope = state.scopes.get(prefix);
  const asked = (scope && isRoundOf(scope, { id }) ? scope.parent : scope)?.approvals[approval];
  return asked && { item: asked.item, hash: asked.hash };
}

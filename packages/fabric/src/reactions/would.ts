import type { Json } from '@counterpoint/core';
import type { DryCall, DryRun } from '@counterpoint/engine';

/** What a reaction in mode `observe` would have done: every action that does more than read, in order. */
export function wouldOf({ calls }: DryRun): Json {
  return calls.filter(({ effect }) => effect !== 'read').map(toldOf);
}

function toldOf({ address, name, connector, action, target, guard, ...call }: DryCall): Json {
  return { step: address, name, connector, action, target, with: call.with, guard: guard?.outcome ?? null };
}

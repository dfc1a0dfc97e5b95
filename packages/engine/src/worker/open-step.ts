import type { Clock } from '@counterpoint/core';
import type { EffectRow, Store } from '@counterpoint/events';
import { hasEnded } from './own.ts';
import { readState } from './read-state.ts';
import { keepValuesApart } from './values.ts';

/** What is needed to look into stored runs. */
export interface OpenStepOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Version of the server. */
  readonly version: string;
}

/**
 * Makes the check whether, by what is durable, the step that asked for an effect is open in its run under that same key,
 * so that whoever owns the run finds out what became of the effect.
 *
 * @throws engine.journal_unreadable, engine.value_missing
 */
export function createOpenStepCheck({
  store,
  clock,
  version,
}: OpenStepOptions): (effect: EffectRow) => Promise<boolean> {
  const values = keepValuesApart(store, clock);
  return async ({ run, address, generation }) => {
    const row = await values.get('runs', run);
    if (!row || hasEnded(row)) return false;
    const { state } = await readState(values, row, version);
    return state.open.get(address)?.generation === generation;
  };
}

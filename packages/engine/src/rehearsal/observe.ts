import type { Json } from '@counterpoint/core';
import type { Entry } from '../interpreter/entries.ts';
import type { ErrorValue } from '../interpreter/error-value.ts';

/** How far a step of a run came. */
export interface ObservedStep {
  readonly address: string;
  /** `begun`: it had not ended when nothing went on any more. */
  readonly status: 'succeeded' | 'failed' | 'skipped' | 'cancelled' | 'begun';
  readonly error: ErrorValue | undefined;
}

/** What became of a rehearsed run. */
export interface ObservedRun {
  /** `not_started`: no trigger let it begin; `unfinished`: it waits for something that never comes. */
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'not_started' | 'unfinished';
  /** Why it failed or did not start. */
  readonly error: ErrorValue | undefined;
  readonly outputs: Json;
  /** In the order they ended. */
  readonly steps: readonly ObservedStep[];
}

/** Follows the steps of a run, entry by entry of its journal. */
export interface StepObserver {
  add(entry: Entry): void;
  /** In the order they ended; those that have not ended stand where they began. */
  steps(): readonly ObservedStep[];
}

/** Makes a {@link StepObserver} that has seen nothing. */
export function createStepObserver(): StepObserver {
  const steps = new Map<string, ObservedStep>();
  return {
    add(entry) {
      const { address } = entry;
      if (entry.kind === 'step_ended') {
        steps.delete(address);
        steps.set(address, { address, status: entry.data.status, error: entry.data.error });
      } else if (begins(entry.kind) && !steps.has(address) && !address.endsWith(']')) {
        steps.set(address, { address, status: 'begun', error: undefined });
      }
    },
    steps: () => [...steps.values()],
  };
}

function begins(kind: Entry['kind']): boolean {
  return kind === 'step_started' || (kind.endsWith('_entered') && kind !== 'phase_entered');
}

import type { Json } from '@counterpoint/core';
import type { Reader } from '@counterpoint/events';
import { upcast } from '../interpreter/entries.ts';
import type { ErrorValue } from '../interpreter/error-value.ts';

/** How far a step of a rehearsed run came. */
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

const PAGE = 1_000;

/** The steps of a run, from its journal. */
export async function observeSteps(reader: Reader, run: string): Promise<readonly ObservedStep[]> {
  const steps = new Map<string, ObservedStep>();
  for (let seq = 0; ; ) {
    const rows = await reader.find('journal', {
      where: { run, seq: { gt: seq } },
      orderBy: [{ column: 'seq' }],
      limit: PAGE,
    });
    for (const row of rows) {
      const entry = upcast(row);
      const { address } = entry;
      if (entry.kind === 'step_ended') {
        steps.delete(address);
        steps.set(address, { address, status: entry.data.status, error: entry.data.error });
      } else if (entry.kind === 'step_started' || entry.kind.endsWith('_entered')) {
        if (entry.kind !== 'phase_entered' && !steps.has(address) && !address.endsWith(']')) {
          steps.set(address, { address, status: 'begun', error: undefined });
        }
      }
    }
    seq = rows.at(-1)?.seq ?? seq;
    if (rows.length < PAGE) return [...steps.values()];
  }
}

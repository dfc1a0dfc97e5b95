import type { Clock, Json, JsonObject } from '@counterpoint/core';
import type { RunRow, Store } from '@counterpoint/events';
import { keepValuesApart } from '../worker/values.ts';

const BY_EVENT: ReadonlySet<RunRow['trigger_kind']> = new Set(['topic', 'alert', 'case', 'webhook', 'rerun']);

/** The event that a trigger must meet for a run to begin again; undefined for a run that no event started. */
export function startingEvent({ trigger_kind, event }: Pick<RunRow, 'trigger_kind' | 'event'>): Json | undefined {
  return BY_EVENT.has(trigger_kind) && event !== null ? event : undefined;
}

/** What a recorded run began with; undefined when there is no such run. */
export async function recordedStart(
  store: Store,
  clock: Clock,
  run: string,
): Promise<{ readonly event: Json | undefined; readonly inputs: JsonObject } | undefined> {
  const row = await keepValuesApart(store, clock).get('runs', run);
  return row && { event: startingEvent(row), inputs: row.inputs as JsonObject };
}

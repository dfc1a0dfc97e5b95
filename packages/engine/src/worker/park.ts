import { stableId } from '@counterpoint/core';
import type { Reader, RowWrite, RunRow, RunSlotRow } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { newState, type RunFacts } from '../interpreter/state.ts';

/** `lease_until` of a run that waits for the place of its key: nobody begins it before it has it. */
export const PARKED = -1;

/** The key that a run of a plan would have; empty when the plan has none. @throws errors of expressions */
export function concurrencyKey({ concurrency }: Plan, facts: RunFacts): string {
  if (!concurrency) return '';
  return JSON.stringify(concurrency.key.evaluate(newState(facts).root.names, { now: facts.created_at }));
}

/** Whether a run waits for the place of its key. */
export function isParked(row: Pick<RunRow, 'status' | 'lease_until'>): boolean {
  return row.status === 'queued' && row.lease_until === PARKED;
}

/** A new run as it waits for the place of its key; one without a key as it is. */
export function parked(row: RunRow): RunRow {
  return row.concurrency === '' ? row : { ...row, lease_until: PARKED };
}

/** The id of the place of a key. */
export function slotId({ playbook, concurrency }: Pick<RunRow, 'playbook' | 'concurrency'>): string {
  return stableId('slot', playbook, concurrency);
}

/** The write that gives a run the place of its key; `events.conflict` when another one has it. */
export function slotWrite(row: RunRow, at: number): RowWrite {
  const slot: RunSlotRow = { id: slotId(row), playbook: row.playbook, key: row.concurrency, run: row.id, at };
  return { op: 'insert', table: 'run_slots', row: slot };
}

/** What the last commit of a run does to the place of its key: every run that has begun holds it. */
export function slotEnd(row: RunRow): RowWrite {
  return { op: 'delete', table: 'run_slots', id: slotId(row) };
}

/** As {@link slotEnd}, for a run that may not have it. */
export async function endSlot(reader: Reader, row: RunRow): Promise<RowWrite[]> {
  const slot = row.concurrency === '' ? undefined : await reader.get('run_slots', slotId(row));
  return slot?.run === row.id ? [slotEnd(row)] : [];
}

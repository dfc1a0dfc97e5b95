import { isCounterpointError } from '@counterpoint/core';
import type { RunRow } from '@counterpoint/events';
import type { Happening } from '../interpreter/happening.ts';
import { type ActiveRun, newActiveRun } from './active-run.ts';
import { readState } from './read-state.ts';
import { armStored } from './timers.ts';
import type { Worker } from './worker.ts';

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** Whether this process may take over a run: nobody owns it, its ownership ran out, or there is nobody else. */
export function mayOwn(worker: Worker, row: RunRow): boolean {
  if (ENDED.has(row.status)) return false;
  return worker.options.exclusive || row.owner === '' || row.lease_until < worker.options.clock.now();
}

/**
 * Takes ownership of a stored run and reads it into memory, without letting it go on yet. Undefined when it has
 * ended or belongs to somebody else.
 */
export async function takeOver(worker: Worker, id: string): Promise<ActiveRun | undefined> {
  const { store, clock, plans } = worker.options;
  const row = await store.get('runs', id);
  if (!row || !mayOwn(worker, row)) return undefined;
  const published = await plans.byVersion(row.version);
  const lease_until = clock.now() + worker.limits.leaseMillis;
  const owner = worker.options.workerId;
  try {
    await store.commit({ runs: [{ op: 'claim', id, epoch: row.epoch, owner, lease_until }] });
  } catch (error) {
    if (isCounterpointError(error, 'events.fenced')) return undefined;
    throw error;
  }
  const { state, seq } = await readState(store, row);
  const owned: RunRow = { ...row, epoch: row.epoch + 1, seq, owner, lease_until };
  const run = newActiveRun(owned, published, state, true);
  await armStored(worker, run);
  return run;
}

/** What lets a run go on that was taken over. */
export function goingOn(run: ActiveRun): Happening {
  return run.seq === 0 ? { kind: 'start' } : { kind: 'recovered' };
}

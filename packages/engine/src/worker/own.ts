import { isCounterpointError } from '@counterpoint/core';
import type { RunRow } from '@counterpoint/events';
import type { Happening } from '../interpreter/happening.ts';
import { type ActiveRun, newActiveRun } from './active-run.ts';
import { readState } from './read-state.ts';
import { armStored } from './timers.ts';
import type { Worker } from './worker.ts';

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** How often a claim is tried when others write at the same time. */
const ATTEMPTS = 5;

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
  const { store, plans } = worker.options;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await store.get('runs', id);
    if (!row || !mayOwn(worker, row)) return undefined;
    const published = await plans.byVersion(row.version);
    const owned = await claim(worker, row);
    // A last write of a process that has died may come in between: then the row, read again, is still nobody's.
    if (!owned) continue;
    const { state, seq } = await readState(store, row);
    const run = newActiveRun({ ...owned, seq }, published, state, true);
    await armStored(worker, run);
    return run;
  }
  return undefined;
}

async function claim(worker: Worker, row: RunRow): Promise<RunRow | undefined> {
  const { store, clock, workerId: owner } = worker.options;
  const { id, epoch } = row;
  const lease_until = clock.now() + worker.limits.leaseMillis;
  try {
    await store.commit({ runs: [{ op: 'claim', id, epoch, owner, lease_until }] });
    return { ...row, epoch: epoch + 1, owner, lease_until };
  } catch (error) {
    if (isCounterpointError(error, 'events.fenced')) return undefined;
    throw error;
  }
}

/** What lets a run go on that was taken over. */
export function goingOn(run: ActiveRun): Happening {
  return run.seq === 0 ? { kind: 'start' } : { kind: 'recovered' };
}

import { isCounterpointError } from '@counterpoint/core';
import type { RunRow } from '@counterpoint/events';
import { type ActiveRun, newActiveRun } from './active-run.ts';
import { isParked } from './park.ts';
import { readState } from './read-state.ts';
import { readTimers } from './timers.ts';
import type { Worker } from './worker.ts';

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** How often a claim is tried when others write at the same time. */
const ATTEMPTS = 5;

/** Whether a status is one of the three that never change again. */
export function hasEnded(row: Pick<RunRow, 'status'>): boolean {
  return ENDED.has(row.status);
}

/**
 * How long after its last renewal an owner trusts its ownership, in milliseconds by the clock that does not jump. Half
 * of what it writes down, so that it has stopped sending well before others may take the run over, even when somebody
 * sets a machine's clock in between.
 */
export function trustMillis({ options, limits }: Pick<Worker, 'options' | 'limits'>): number {
  return options.exclusive ? limits.leaseMillis : limits.leaseMillis / 2;
}

/** Whether this process may still send for a run without asking the store again. */
export function surelyOwns({ options }: Worker, run: ActiveRun): boolean {
  return !run.gone && options.clock.monotonic() < run.ownedUntil;
}

/**
 * Whether this process may take over a run: nobody owns it, there is nobody else, or its ownership ran out. The last
 * is believed only when the row has stood unchanged for a while by the own clock, since the wall clock of one of the
 * two machines may have been set: an owner that is alive renews more often than that.
 */
export function mayOwn(worker: Worker, row: RunRow): boolean {
  if (hasEnded(row) || isParked(row) || row.site !== '') return false;
  const { clock, exclusive } = worker.options;
  if (exclusive || row.owner === '') return true;
  const { id, epoch, seq, lease_until } = row;
  const seen = worker.sightings.get(id);
  if (seen?.epoch === epoch && seen.seq === seq && seen.lease_until === lease_until) {
    return lease_until < clock.now() && clock.monotonic() - seen.since >= trustMillis(worker);
  }
  worker.sightings.set(id, { epoch, seq, lease_until, since: clock.monotonic() });
  return false;
}

/**
 * Takes ownership of a stored run and reads it into memory, without letting it go on yet. Undefined when it has
 * ended or belongs to somebody else; `clean` says that its last owner had let it go with nothing under way.
 */
export async function takeOver(
  worker: Worker,
  id: string,
): Promise<{ readonly run: ActiveRun; readonly clean: boolean } | undefined> {
  const { store, plans, clock } = worker.options;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await store.get('runs', id);
    if (!row || !mayOwn(worker, row)) return undefined;
    const published = await plans.byVersion(row.version);
    const asked = clock.monotonic();
    const owned = await claim(worker, row);
    // A last write of a process that has died may come in between: then the row, read again, is still nobody's.
    if (!owned) continue;
    worker.sightings.delete(id);
    const since = clock.monotonic();
    const { state, seq } = await readState(store, row, worker.options.version);
    const ownedUntil = asked + trustMillis(worker);
    const run = newActiveRun({ ...owned, seq }, published, state, { stored: true, now: since, ownedUntil });
    await readTimers(worker, run);
    return { run, clean: row.owner === '' && row.status === 'waiting' && seq === row.seq };
  }
  return undefined;
}

async function claim(worker: Worker, row: RunRow): Promise<RunRow | undefined> {
  const { store, clock, workerId: owner } = worker.options;
  const { id, epoch, seq } = row;
  const seen = { seq, lease_until: row.lease_until };
  const lease_until = clock.now() + worker.limits.leaseMillis;
  try {
    // An owner that could not write for long may do so in this very moment; then it is alive, and the row is old.
    await store.commit({ runs: [{ op: 'claim', id, epoch, owner, lease_until, seen }] });
    return { ...row, epoch: epoch + 1, owner, lease_until };
  } catch (error) {
    if (isCounterpointError(error, 'events.fenced')) return undefined;
    throw error;
  }
}

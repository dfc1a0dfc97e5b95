import type { RunRow } from '@counterpoint/events';
import { promoteAll } from './concurrency.ts';
import { drive } from './drive.ts';
import { keepDoing, keepLooking } from './keep-doing.ts';
import { mayOwn, trustMillis } from './own.ts';
import { queuedRun } from './queue.ts';
import type { Schedule } from './schedule.ts';
import type { Worker } from './worker.ts';

const PAGE = 500;

/** How often runs are looked for that nobody works on, in milliseconds. */
const LOOK = 500;
/** How often the queue is looked at by a worker that is told of everything that is put in it, in milliseconds. */
const LOOK_ALONE = 5_000;

/** What to look for: runs under way, and those that somebody owned when they were last written. */
const ORPHANS = [
  { status: 'running' },
  { status: 'waiting', lease_until: { gt: 0 } },
  { status: 'queued', lease_until: { gt: 0 } },
] as const;

/**
 * Takes up every run that is under way and that nobody works on. Runs that wait and that nobody owns are left where
 * they are: a timer or a signal in the store brings them back.
 */
export async function takeUpOrphans(worker: Worker, schedule: Schedule): Promise<void> {
  const seen = new Set<string>();
  for (const where of ORPHANS) {
    let after: readonly string[] | undefined;
    do {
      const query = { where, limit: PAGE, ...(after ? { after } : {}) };
      const rows: readonly RunRow[] = await worker.options.store.find('runs', query);
      for (const row of rows) {
        seen.add(row.id);
        if (worker.runs.has(row.id) || !mayOwn(worker, row)) continue;
        schedule.takeUp(queuedRun(row));
      }
      const last = rows.at(-1);
      after = last && rows.length === PAGE ? [last.id] : undefined;
    } while (after);
  }
  for (const id of worker.sightings.keys()) if (!seen.has(id)) worker.sightings.delete(id);
}

/** Takes over what other workers leave behind, and begins what they or the API put in the queue. Gives the way to stop. */
export function watchOthers(worker: Worker, schedule: Schedule): () => void {
  if (worker.options.exclusive) return keepDoing(worker, LOOK_ALONE, () => schedule.look());
  return keepLooking(worker, LOOK, async () => {
    await takeUpOrphans(worker, schedule);
    await promoteAll(worker);
    await schedule.look();
  });
}

/** Extends ownerships well before they are no longer trusted. Gives the way to stop. */
export function keepOwnerships(worker: Worker): () => void {
  const trust = trustMillis(worker);
  return keepDoing(worker, trust / 4, () => {
    const soon = worker.options.clock.monotonic() + (trust * 2) / 3;
    for (const run of worker.runs.values()) {
      if (run.ownedUntil > soon || !run.stored) continue;
      run.renew = true;
      drive(worker, run);
    }
  });
}

/** Gives up the runs with nothing under way, so that others need not wait until the ownership has run out. */
export async function letGo(worker: Worker): Promise<void> {
  const idle = [...worker.runs.values()].filter(
    (run) => run.stored && !run.turning && !run.gone && run.calls.size === 0 && run.inbox.length === 0,
  );
  const set = { owner: '', lease_until: 0 };
  await Promise.allSettled(
    idle.map(({ row: { id }, epoch, seq }) =>
      worker.options.store.commit({ runs: [{ op: 'advance', id, epoch, seq, to: seq, set }] }),
    ),
  );
}

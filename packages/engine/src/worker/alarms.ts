import type { TimerRow } from '@counterpoint/events';
import { keepDoing } from './keep-doing.ts';
import type { Alarms, Expected } from './parts.ts';
import { fireTimer } from './timers.ts';
import type { Worker } from './worker.ts';

/** How often the wall clock and the store are looked at, in milliseconds. */
const LOOK = 500;
/** What is due within this time is kept in memory, in milliseconds. */
const SOON = 1_000;
const PAGE = 500;
/** How many timers are kept in memory at most; the rest is found when its time has come. */
const MOST = 5_000;

/**
 * Makes the alarms of a worker. A timer is never early by the wall clock, because that is read when it rings; and not
 * late by more than a second when somebody sets that clock, because it is read at least twice a second.
 */
export function createAlarms(worker: Worker): Alarms {
  const { clock } = worker.options;
  const soon = new Map<string, Expected>();
  let armedFor = Number.POSITIVE_INFINITY;
  let disarm = (): void => undefined;

  const expect = (timer: Expected): void => {
    if (timer.due - clock.now() > SOON || soon.size >= MOST) return;
    soon.set(timer.id, timer);
    if (timer.due < armedFor) arm(timer.due);
  };

  const arm = (due: number): void => {
    disarm();
    armedFor = due;
    disarm = clock.after(Math.max(0, due - clock.now()), ring);
  };

  const ring = (): void => {
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const timer of [...soon.values()]) {
      if (timer.due <= now) {
        soon.delete(timer.id);
        fire(worker, timer);
      } else next = Math.min(next, timer.due);
    }
    disarm();
    armedFor = Number.POSITIVE_INFINITY;
    if (next !== Number.POSITIVE_INFINITY) arm(next);
  };

  const look = async (): Promise<void> => {
    // Whoever set the clock back made some of them late again; they are found anew.
    for (const timer of [...soon.values()]) if (timer.due - clock.now() > SOON) soon.delete(timer.id);
    for (const row of await dueSoon(worker)) expect({ id: row.id, run: row.run, due: row.due_at });
    ring();
  };

  return {
    expect,
    look,
    start() {
      const stop = keepDoing(worker, LOOK, look);
      return () => {
        stop();
        disarm();
        soon.clear();
      };
    },
  };
}

/** The timers that are due soon, the oldest first. Those that this process cannot act on now do not hide others. */
async function dueSoon(worker: Worker): Promise<readonly TimerRow[]> {
  const { store, clock } = worker.options;
  const where = { due_at: { lte: clock.now() + SOON } } as const;
  const orderBy = [{ column: 'due_at' }] as const;
  const found: TimerRow[] = [];
  let after: readonly (string | number)[] | undefined;
  do {
    const rows: readonly TimerRow[] = await store.find('timers', {
      where,
      orderBy,
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    found.push(...rows);
    const last = rows.at(-1);
    after = last && rows.length === PAGE ? [last.due_at, last.id] : undefined;
  } while (after && found.length < MOST && worker.wakes.room > 0);
  return found;
}

function fire(worker: Worker, { id, run }: Expected): void {
  const here = worker.runs.get(run);
  if (here) fireTimer(worker, here, id);
  else worker.wakes.wake(run);
}

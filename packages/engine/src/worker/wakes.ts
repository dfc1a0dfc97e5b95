import type { RowWrite } from '@counterpoint/events';
import type { ActiveRun } from './active-run.ts';
import { reportProblem } from './insist.ts';
import { hasEnded, takeOver } from './own.ts';
import type { Wakes } from './parts.ts';
import { handSignals } from './signals.ts';
import { fireDue } from './timers.ts';
import type { Worker } from './worker.ts';

/** How many runs are read back at the same time. */
const AT_ONCE = 32;
/** How many wait for that; the rest waits in the store. */
const MOST = 1_000;

/** Makes the wakes of a worker. */
export function createWakes(worker: Worker): Wakes {
  const loading = new Map<string, Promise<ActiveRun | undefined>>();
  const waiting = new Set<string>();
  let atOnce = 0;
  // Those in memory that wait hold no slot, and so are bounded here.
  const most = Math.max(MOST, worker.limits.activeRuns * 2);

  const load = (id: string): Promise<ActiveRun | undefined> => {
    const here = worker.runs.get(id);
    if (here) return Promise.resolve(here);
    const known = loading.get(id);
    if (known) return known;
    const loaded = read(worker, id).finally(() => loading.delete(id));
    loading.set(id, loaded);
    return loaded;
  };

  const pump = (): void => {
    for (const id of waiting) {
      if (atOnce >= AT_ONCE || worker.stopping) return;
      waiting.delete(id);
      atOnce += 1;
      const done = wakeOne(worker, load, id).finally(() => {
        atOnce -= 1;
        worker.underWay.delete(done);
        pump();
      });
      worker.underWay.add(done);
    }
  };

  const room = (): number => Math.min(MOST - waiting.size, most - worker.runs.size - waiting.size);

  return {
    load,
    wake(id) {
      if (worker.options.submitOnly || worker.stopping || loading.has(id) || room() <= 0) return;
      waiting.add(id);
      pump();
    },
    get room() {
      return room();
    },
  };
}

async function read(worker: Worker, id: string): Promise<ActiveRun | undefined> {
  if (worker.options.submitOnly) return undefined;
  const taken = await takeOver(worker, id);
  if (!taken) return undefined;
  const { run, clean } = taken;
  worker.runs.set(id, run);
  if (run.begun && !clean) worker.post(run, { kind: 'recovered' });
  return run;
}

async function wakeOne(
  worker: Worker,
  load: (id: string) => Promise<ActiveRun | undefined>,
  id: string,
): Promise<void> {
  try {
    const run = await load(id);
    if (run) await attend(worker, run);
    else await discard(worker, id);
  } catch (error) {
    reportProblem(worker, id, error);
  }
}

/** Hands a run what the store holds for it. */
export async function attend(worker: Worker, run: ActiveRun): Promise<void> {
  fireDue(worker, run);
  await handSignals(worker, run);
}

/** Removes what waits for a run that has ended or never was. */
async function discard(worker: Worker, id: string): Promise<void> {
  const { store } = worker.options;
  const row = await store.get('runs', id);
  if (row && !hasEnded(row)) return;
  const rows: RowWrite[] = [];
  for (const table of ['signals', 'timers'] as const) {
    const found = await store.find(table, { where: { run: id }, limit: 1_000 });
    rows.push(...found.map((one): RowWrite => ({ op: 'delete', table, id: one.id })));
  }
  if (rows.length > 0) await store.commit({ rows });
}

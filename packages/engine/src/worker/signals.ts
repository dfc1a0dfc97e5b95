import type { Change, SignalRow } from '@counterpoint/events';
import type { Happening } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { post } from './drive.ts';
import { keepDoing, keepLooking } from './keep-doing.ts';
import { bring } from './others.ts';
import type { Worker } from './worker.ts';

const PAGE = 500;

/** How often the store is looked at for signals that this process did not write itself, in milliseconds. */
const LOOK = { alone: 1_000, shared: 500 };

/**
 * Brings stored signals to their runs: those that this process writes at once, those of others when they tell of them or
 * when it looks at the store. A signal stays in the store until the commit of the decision about it removes it.
 */
export function watchSignals(worker: Worker): () => void {
  const unsubscribe = hearSignals(worker);
  const look = (): Promise<void> => lookForSignals(worker);
  const stop = worker.options.exclusive ? keepDoing(worker, LOOK.alone, look) : keepLooking(worker, LOOK.shared, look);
  return () => {
    unsubscribe();
    stop();
  };
}

/** Brings the signals that this process writes to their runs, wherever these are. Gives the way to stop. */
export function hearSignals(worker: Worker): () => void {
  return worker.options.store.onCommitted((change) => hear(worker, change));
}

function hear(worker: Worker, change: Change): void {
  if (!change.rows) return;
  for (const write of change.rows) {
    if (write.table === 'signals' && write.op !== 'delete') deliver(worker, write.row);
  }
}

/** Hands a signal that has just become durable to its run. */
function deliver(worker: Worker, row: SignalRow): void {
  const run = worker.runs.get(row.run);
  if (run) handOne(worker, run, row);
  else bring(worker, row.run);
}

/** Hands a run every signal that the store holds for it, in their order. */
export async function handSignals(worker: Worker, run: ActiveRun): Promise<void> {
  let after: readonly (string | number)[] | undefined;
  for (;;) {
    const rows: readonly SignalRow[] = await worker.options.store.find('signals', {
      where: { run: run.row.id },
      orderBy: [{ column: 'at' }],
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    for (const row of rows) handOne(worker, run, row);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = [last.at, last.id];
  }
}

function handOne(worker: Worker, run: ActiveRun, row: SignalRow): void {
  if (run.gone || run.signals.has(row.id)) return;
  run.signals.add(row.id);
  const change: Change = { rows: [{ op: 'delete', table: 'signals', id: row.id }] };
  post(worker, run, { happening: row.data as unknown as Happening, change, stored: true });
}

/** Looks for the signals of others, and for those that there was no room for. */
export async function lookForSignals(worker: Worker): Promise<void> {
  const { store, clock } = worker.options;
  let after: readonly string[] | undefined;
  do {
    const asked = clock.monotonic();
    const rows: readonly SignalRow[] = await store.find('signals', { limit: PAGE, ...(after ? { after } : {}) });
    for (const row of rows) {
      const run = worker.runs.get(row.run);
      if (!run) worker.wakes.wake(row.run);
      // One that came into memory meanwhile has read its signals itself; what was read here may be decided by then.
      else if (run.since < asked) handOne(worker, run, row);
    }
    const last = rows.at(-1);
    after = last && rows.length === PAGE ? [last.id] : undefined;
  } while (after && worker.wakes.room > 0);
}

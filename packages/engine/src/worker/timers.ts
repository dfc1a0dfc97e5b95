import type { Command, TimerKind } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import type { Worker } from './worker.ts';

function nameOf(address: string, timer: TimerKind): string {
  return `${timer} ${address}`;
}

/** Arms a stored timer: the run hears of it when it is due, never before. */
export function armTimer(
  worker: Worker,
  run: ActiveRun,
  { address, timer, due }: Omit<Extract<Command, { kind: 'set_timer' }>, 'kind'>,
): void {
  const name = nameOf(address, timer);
  run.timers.get(name)?.();
  const disarm = worker.options.clock.after(Math.max(0, due - worker.options.clock.now()), () => {
    run.timers.delete(name);
    worker.post(run, { kind: 'timer_due', address, timer });
  });
  run.timers.set(name, disarm);
}

/** Forgets a timer that is armed. */
export function disarmTimer(
  _worker: Worker,
  run: ActiveRun,
  { address, timer }: Omit<Extract<Command, { kind: 'clear_timer' }>, 'kind'>,
): void {
  const name = nameOf(address, timer);
  run.timers.get(name)?.();
  run.timers.delete(name);
}

/** Forgets all timers of a run. */
export function disarmAll(run: ActiveRun): void {
  for (const disarm of run.timers.values()) disarm();
  run.timers.clear();
}

/** Arms what the store holds for a run that was read back. */
export async function armStored(worker: Worker, run: ActiveRun): Promise<void> {
  disarmAll(run);
  let after: readonly string[] | undefined;
  for (;;) {
    const query = { where: { run: run.row.id }, limit: 1_000, ...(after ? { after } : {}) };
    const rows = await worker.options.store.find('timers', query);
    for (const row of rows) {
      armTimer(worker, run, { address: row.address, timer: row.kind as TimerKind, due: row.due_at });
    }
    const last = rows.at(-1);
    if (!last || rows.length < 1_000) return;
    after = [last.id];
  }
}

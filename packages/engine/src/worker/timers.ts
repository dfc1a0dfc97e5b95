import { stableId } from '@counterpoint/core';
import type { Command, TimerKind } from '../interpreter/happening.ts';
import type { ActiveRun, Item } from './active-run.ts';
import type { Batch } from './batch.ts';
import type { Worker } from './worker.ts';

const PAGE = 1_000;

type SetTimer = Omit<Extract<Command, { kind: 'set_timer' }>, 'kind'>;

/** The stored id of a timer. */
export function timerId(run: string, address: string, timer: TimerKind): string {
  return stableId('timer', run, address, timer);
}

/** A timer of a run became durable. */
export function setTimer(worker: Worker, run: ActiveRun, { address, timer, due }: SetTimer): void {
  const id = timerId(run.row.id, address, timer);
  run.timers.set(id, { id, address, timer, due, fired: false });
  worker.alarms.expect({ id, run: run.row.id, due });
}

/** A timer of a run is gone. */
export function clearTimer(
  _worker: Worker,
  run: ActiveRun,
  { address, timer }: Omit<Extract<Command, { kind: 'clear_timer' }>, 'kind'>,
): void {
  run.timers.delete(timerId(run.row.id, address, timer));
}

/** Tells a run of a timer that is due: once, and only when it is still that timer. */
export function fireTimer(worker: Worker, run: ActiveRun, id: string): void {
  const known = run.timers.get(id);
  if (!known || known.fired || known.due > worker.options.clock.now()) return;
  known.fired = true;
  const { address, timer } = known;
  worker.post(run, { kind: 'timer_due', address, timer }, undefined, known);
}

/**
 * Whether the timer that an item tells of is the run's no more: it was set anew or removed since, by what the turn has
 * decided so far too, or all timers were read back from the store, which tells of it again.
 */
export function isOutdated(run: ActiveRun, batch: Batch, { timer: told }: Item): boolean {
  if (!told) return false;
  return (
    run.timers.get(told.id) !== told ||
    batch.commands.some(
      ({ command }) =>
        (command.kind === 'set_timer' || command.kind === 'clear_timer') &&
        command.address === told.address &&
        command.timer === told.timer,
    )
  );
}

/** Tells a run of all its timers that are due. */
export function fireDue(worker: Worker, run: ActiveRun): void {
  for (const id of run.timers.keys()) fireTimer(worker, run, id);
}

/** Reads what the store holds for a run. */
export async function readTimers(worker: Worker, run: ActiveRun): Promise<void> {
  run.timers.clear();
  let after: readonly string[] | undefined;
  for (;;) {
    const query = { where: { run: run.row.id }, limit: PAGE, ...(after ? { after } : {}) };
    const rows = await worker.options.store.find('timers', query);
    for (const { id, address, kind, due_at: due } of rows) {
      run.timers.set(id, { id, address, timer: kind as TimerKind, due, fired: false });
      worker.alarms.expect({ id, run: run.row.id, due });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = [last.id];
  }
}

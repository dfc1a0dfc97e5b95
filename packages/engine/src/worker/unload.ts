import { statusOf } from '../interpreter/state.ts';
import type { ActiveRun } from './active-run.ts';
import type { Batch } from './batch.ts';
import type { Worker } from './worker.ts';

/** A timer that is due within this time keeps its run in memory, in milliseconds. */
const SOON = 3_000;

/** Commands that are wholly part of the commit: nothing comes back because of them. */
const SILENT: ReadonlySet<string> = new Set([
  'set_timer',
  'clear_timer',
  'publish',
  'abort',
  'cancel_child',
  'ask_people',
  'close_inbox',
  'unsubscribe',
]);

/**
 * Whether a run is let go with the commit of its turn: it waits for something that is stored and will not come soon, so
 * that it needs neither memory nor an owner. Whoever brings what it waits for takes it over.
 */
export function leavesWith(worker: Worker, run: ActiveRun, batch: Batch): boolean {
  if (run.state.phase === 'ended' || batch.calls.length > 0 || !mayLeave(worker, run)) return false;
  if (run.leave) return true;
  const soon = worker.options.clock.now() + SOON;
  return batch.commands.every(
    ({ command }) => SILENT.has(command.kind) && !(command.kind === 'set_timer' && command.due < soon),
  );
}

/** Whether nothing is under way for a run and nothing of it is due soon. */
export function mayLeave(worker: Worker, run: ActiveRun): boolean {
  if (run.inbox.length > 0 || run.calls.size > 0 || run.pins > 0) return false;
  if (run.begun && statusOf(run.state) !== 'waiting') return false;
  const soon = worker.options.clock.now() + SOON;
  for (const { due, fired } of run.timers.values()) if (!fired && due < soon) return false;
  return true;
}

import { type Change, eventErrors } from '@counterpoint/events';

/** Run states that never change again. */
const ENDED = ['succeeded', 'failed', 'cancelled'] as const;

/** The same as an SQL list. */
export const ENDED_LIST = ENDED.map((status) => `'${status}'`).join(', ');

/**
 * Journal entries may only be written together with the creation or advance of their run, which is what fences them.
 *
 * @throws events.fenced for an entry of another run
 */
export function assertJournalIsGated(change: Change): void {
  const { journal, runs } = change;
  if (!journal || journal.length === 0) return;
  const gates = new Set<string>();
  for (const write of runs ?? []) {
    if (write.op === 'create') gates.add(write.row.id);
    else if (write.op === 'advance') gates.add(write.id);
  }
  for (const { run, epoch, seq } of journal) {
    if (!gates.has(run)) throw eventErrors.fenced({ run, epoch, seq });
  }
}

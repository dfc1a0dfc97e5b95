import type { JournalRow, Reader, RunRow } from '@counterpoint/events';
import { apply } from '../interpreter/apply.ts';
import { upcast } from '../interpreter/entries.ts';
import { newState, type RunState } from '../interpreter/state.ts';

const PAGE = 1_000;

/** Folds a run's journal. @throws engine.journal_unreadable */
export async function readState(
  reader: Reader,
  row: RunRow,
): Promise<{ readonly state: RunState; readonly seq: number }> {
  const state = newState(row);
  let seq = 0;
  for (;;) {
    const rows: readonly JournalRow[] = await reader.find('journal', {
      where: { run: row.id, seq: { gt: seq } },
      orderBy: [{ column: 'seq' }],
      limit: PAGE,
    });
    for (const entry of rows) {
      apply(state, upcast(entry));
      seq = entry.seq;
    }
    if (rows.length < PAGE) return { state, seq };
  }
}

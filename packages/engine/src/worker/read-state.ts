import type { JournalRow, RunRow } from '@counterpoint/events';
import { apply } from '../interpreter/apply.ts';
import { upcast } from '../interpreter/entries.ts';
import { newState, type RunState } from '../interpreter/state.ts';
import { readSnapshot } from './snapshots.ts';
import type { ValueStore } from './values.ts';

const PAGE = 1_000;

/**
 * Folds a run's journal, from its last snapshot on when there is one.
 *
 * @param row with its values whole, as {@link ValueStore} gives it
 * @param engine version of the engine that reads
 * @throws engine.journal_unreadable, engine.value_missing
 */
export async function readState(
  store: ValueStore,
  row: RunRow,
  engine: string,
): Promise<{ readonly state: RunState; readonly seq: number }> {
  const snapshot = await readSnapshot(store, engine, row);
  const state = snapshot?.state ?? newState(row);
  let seq = snapshot?.seq ?? 0;
  for (;;) {
    const rows: readonly JournalRow[] = await store.find('journal', {
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

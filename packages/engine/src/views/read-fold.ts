import type { JournalRow, Reader, RunRow } from '@counterpoint/events';
import { type Entry, upcast } from '../interpreter/entries.ts';
import type { ValueStore } from '../worker/values.ts';
import { foldStep, newRunFold } from './fold-steps.ts';
import { keepsWhole } from './journal-values.ts';
import type { RunFold } from './step-record.ts';

const PAGE = 1_000;

/** So many steps and rounds, over all runs, are kept folded. */
const MOST_RECORDS = 300_000;

/** Reads what journals say about steps, each entry once. */
export interface FoldReader {
  /** What the journal of a run says by now. @throws engine.journal_unreadable, engine.value_missing */
  read(row: Pick<RunRow, 'id' | 'seq'>): Promise<RunFold>;
}

/**
 * Makes a {@link FoldReader}. Journals only grow: what was folded stays folded, for the runs that were looked at last, and
 * another look reads only what has come since.
 *
 * @param reader gives entries as they are stored
 * @param values gives large values whole
 */
export function createFoldReader(reader: Reader, values: Pick<ValueStore, 'find'>): FoldReader {
  const folds = new Map<string, RunFold>();
  const reading = new Map<string, Promise<RunFold>>();

  const catchUp = async (run: string, to: number): Promise<RunFold> => {
    const fold = folds.get(run) ?? newRunFold();
    try {
      while (fold.seq < to) {
        const rows = await reader.find('journal', {
          where: { run, seq: { gt: fold.seq } },
          orderBy: [{ column: 'seq' }],
          limit: PAGE,
        });
        for (const row of rows) foldStep(fold, await entryOf(values, row), row);
        if (rows.length < PAGE) break;
      }
    } catch (error) {
      // Half of an entry may be folded.
      folds.delete(run);
      throw error;
    }
    keep(folds, run, fold);
    return fold;
  };

  return {
    async read({ id, seq }) {
      for (;;) {
        const under = reading.get(id);
        if (under === undefined) break;
        const fold = await under;
        if (fold.seq >= seq) return fold;
      }
      const next = catchUp(id, seq).finally(() => reading.delete(id));
      reading.set(id, next);
      return next;
    },
  };
}

async function entryOf(values: Pick<ValueStore, 'find'>, row: JournalRow): Promise<Entry> {
  if (!keepsWhole(row)) return upcast(row);
  const [whole = row] = await values.find('journal', { where: { run: row.run, seq: row.seq }, limit: 1 });
  return upcast(whole);
}

/** Remembers a fold as the one that was used last, and forgets those that were not used for longest. */
function keep(folds: Map<string, RunFold>, run: string, fold: RunFold): void {
  folds.delete(run);
  folds.set(run, fold);
  let records = 0;
  for (const one of folds.values()) records += one.records.size;
  for (const [oldest, { records: own }] of folds) {
    if (records <= MOST_RECORDS || oldest === run) return;
    records -= own.size;
    folds.delete(oldest);
  }
}

import { filledRow, tableEntryId, unknownTable } from '@counterpoint/cases';
import type { Json } from '@counterpoint/core';
import type { RowName } from '../interpreter/entries.ts';
import { errorValue } from '../interpreter/error-value.ts';
import type { Command } from '../interpreter/happening.ts';
import type { ActiveRun } from './active-run.ts';
import { type Batch, derive } from './batch.ts';
import type { Worker } from './worker.ts';

/** Rows that one query reads. */
const PAGE = 500;

/**
 * Reads rows of tables for a step that is about to begin and hands them to it in the same turn, so that what it found
 * becomes durable together with what follows from it. @throws what reading throws
 */
export async function prepareLookup(
  worker: Worker,
  run: ActiveRun,
  batch: Batch,
  { address, wants }: Extract<Command, { kind: 'lookup' }>,
): Promise<void> {
  const { tables, store } = worker.options;
  const unknown = wants.find(({ table }) => tables && !tables.has(table));
  if (unknown && tables) {
    const error = errorValue(unknownTable(tables, unknown.table), address);
    derive(run, batch, { happening: { kind: 'lookup_failed', address, error }, change: undefined });
    return;
  }
  const values = await readRows(store, wants);
  const rows = wants.map((want) => {
    const value = values.get(tableEntryId(want.table, want.key)) ?? null;
    const declaration = tables?.get(want.table);
    return { ...want, value: value === null || !declaration ? value : filledRow(declaration, value) };
  });
  derive(run, batch, { happening: { kind: 'looked_up', address, rows }, change: undefined });
}

async function readRows(
  store: Worker['options']['store'],
  wants: readonly RowName[],
): Promise<ReadonlyMap<string, Json>> {
  const values = new Map<string, Json>();
  const ids = [...new Set(wants.map(({ table, key }) => tableEntryId(table, key)))];
  for (let from = 0; from < ids.length; from += PAGE) {
    const id = { in: ids.slice(from, from + PAGE) };
    for (const row of await store.find('table_entries', { where: { id }, limit: PAGE })) values.set(row.id, row.value);
  }
  return values;
}

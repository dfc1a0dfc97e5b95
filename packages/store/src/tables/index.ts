import type { TableName } from '@counterpoint/events';
import { caseTables } from './cases.ts';
import { defineTable, type Table, type TableShape, type TableShapes } from './definition.ts';
import { effectTables } from './effects.ts';
import { ingestTables } from './ingest.ts';
import { runTables } from './runs.ts';
import { securityTables } from './security.ts';

const shapes: TableShapes = { ...ingestTables, ...caseTables, ...runTables, ...effectTables, ...securityTables };

/** Every table, described once; definitions, statements and codecs of both databases derive from it. */
export const tables = Object.fromEntries(
  (Object.keys(shapes) as TableName[]).map((name) => [name, defineTable(name, shapes[name] as TableShape<never>)]),
) as Readonly<Record<TableName, Table>>;

/** The tables in the order of their definition. */
export const allTables: readonly Table[] = Object.values(tables);

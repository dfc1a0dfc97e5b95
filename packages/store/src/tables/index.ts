import type { TableName } from '@counterpoint/events';
import { caseTables } from './cases.ts';
import { defineTable, type Table, type TableShape, type TableShapes } from './definition.ts';
import { effectTables } from './effects.ts';
import { fabricTables } from './fabric.ts';
import { ingestTables } from './ingest.ts';
import { peopleTables } from './people.ts';
import { runTables } from './runs.ts';
import { securityTables } from './security.ts';

const shapes: TableShapes = {
  ...ingestTables,
  ...caseTables,
  ...runTables,
  ...effectTables,
  ...peopleTables,
  ...fabricTables,
  ...securityTables,
};

/** Every table, described once; definitions, statements and codecs of both databases derive from it. */
export const tables = Object.fromEntries(
  (Object.keys(shapes) as TableName[]).map((name) => [name, defineTable(name, shapes[name] as TableShape<never>)]),
) as Readonly<Record<TableName, Table>>;

/** The tables in the order of their definition. */
export const allTables: readonly Table[] = Object.values(tables);

/** Every table's columns with their kinds, `?` marking those that may be null; for tests that make rows up. */
export const columnKinds = Object.fromEntries(
  allTables.map((table) => [
    table.name,
    Object.fromEntries(
      table.columns.map(({ name, kind, nullable }) => [name, nullable && kind !== 'json' ? `${kind}?` : kind]),
    ),
  ]),
) as Readonly<Record<TableName, Readonly<Record<string, string>>>>;

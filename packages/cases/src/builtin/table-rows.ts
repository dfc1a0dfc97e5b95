import { type CounterpointError, type Json, type JsonObject, nearest, stableId } from '@counterpoint/core';
import { type Causality, causalityOf, type Reader, type RowWrite, type TableEntryRow } from '@counterpoint/events';
import { type TableDeclaration, validateValue } from '@counterpoint/playbook';
import { errors } from '../errors.ts';

/** The largest row, in bytes of its JSON. Tables are read whole by expressions; large things belong elsewhere. */
const MAX_ROW = 65_536;

/** What a row is found by: a text, or anything that reads as one. */
export type TableKey = string | number | boolean;

/** The id of the row of a table under a key. */
export function tableEntryId(table: string, key: TableKey): string {
  return stableId('table', table, String(key));
}

/** That a table does not exist, and which one may be meant. */
export function unknownTable(
  tables: ReadonlyMap<string, TableDeclaration> | undefined,
  table: string,
): CounterpointError {
  const near = nearest(table, tables?.keys() ?? []);
  return errors.table_unknown({ table, hint: near === undefined ? '' : ` Did you mean "${near}"?` });
}

/** A declared table. @throws cases.table_unknown */
export function declaredTable(
  tables: ReadonlyMap<string, TableDeclaration> | undefined,
  table: string,
): TableDeclaration {
  const declaration = tables?.get(table);
  if (declaration) return declaration;
  throw unknownTable(tables, table);
}

/** The row under a key; undefined when there is none. */
export function readTableRow(reader: Reader, table: string, key: TableKey): Promise<TableEntryRow | undefined> {
  return reader.get('table_entries', tableEntryId(table, key));
}

/** A stored row as it is read: columns that it does not have are at their default. */
export function filledRow({ columns }: Pick<TableDeclaration, 'columns'>, value: Json): JsonObject {
  const defaults = Object.entries(columns).flatMap(([name, schema]): [string, Json][] =>
    'default' in schema ? [[name, schema.default as Json]] : [],
  );
  return { ...Object.fromEntries(defaults), ...(value as JsonObject) };
}

/** A whole row as the table declares it. @throws cases.table_row_invalid */
export function checkedRow(declaration: TableDeclaration, key: TableKey, given: Json): JsonObject {
  const { id, row } = declaration;
  const value = filledRow(declaration, given);
  const [problem] = validateValue(row, value);
  if (problem) throw errors.table_row_invalid({ table: id, key: String(key), reason: problem.reason });
  const size = Buffer.byteLength(JSON.stringify(value));
  if (size > MAX_ROW) {
    const reason = `it has ${size} bytes, more than ${MAX_ROW}`;
    throw errors.table_row_invalid({ table: id, key: String(key), reason });
  }
  return value;
}

/** The write that makes `value` the row under a key. A row that somebody else has changed since is `events.conflict`. */
export function rowWrite(
  before: TableEntryRow | undefined,
  table: string,
  key: TableKey,
  value: JsonObject,
  { causality, now }: { readonly causality: Causality; readonly now: number },
): RowWrite {
  const row = {
    ...causalityOf(causality),
    id: tableEntryId(table, key),
    table_name: table,
    key: String(key),
    value,
    created_at: before?.created_at ?? now,
    updated_at: now,
    rev: (before?.rev ?? 0) + 1,
  };
  return { op: before ? 'update' : 'insert', table: 'table_entries', row };
}

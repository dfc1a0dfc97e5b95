import type { Column, Table } from '../tables/definition.ts';
import { type Dialect, quote } from './dialect.ts';

/** A table as definitions are made from it. */
export type DefinedTable = Pick<Table, 'columns' | 'key' | 'unique' | 'indexes' | 'clustered'> & {
  readonly name: string;
};

const list = (columns: readonly string[]) => columns.map(quote).join(', ');

/** A column as `CREATE TABLE` and `ADD COLUMN` take it. */
export function columnDefinition(dialect: Dialect, column: Column): string {
  return `${quote(column.name)} ${dialect.types[column.kind]}${column.nullable ? '' : ' NOT NULL'}`;
}

/** The quoted name of the index of a table over columns. */
export function indexName(table: string, columns: readonly string[]): string {
  return quote(`${table}_by_${columns.join('_')}`);
}

function tableDefinition(dialect: Dialect, table: DefinedTable): string[] {
  const columns = table.columns.map((column) => columnDefinition(dialect, column));
  const target = quote(table.name);
  return [
    `CREATE TABLE ${target} (${[...columns, `PRIMARY KEY (${list(table.key)})`].join(', ')})${dialect.tableSuffix(table.clustered)}`,
    ...table.unique.map((key) => `CREATE UNIQUE INDEX ${indexName(table.name, key)} ON ${target} (${list(key)})`),
    ...table.indexes.map((key) => `CREATE INDEX ${indexName(table.name, key)} ON ${target} (${list(key)})`),
  ];
}

/** The statements that create tables with their keys and indexes. */
export function schemaDefinition(dialect: Dialect, tables: readonly DefinedTable[]): readonly string[] {
  return tables.flatMap((table) => tableDefinition(dialect, table));
}

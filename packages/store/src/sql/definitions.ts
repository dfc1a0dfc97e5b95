import type { Column, Table } from '../tables/definition.ts';
import { allTables } from '../tables/index.ts';
import { type Dialect, quote } from './dialect.ts';

const list = (columns: readonly string[]) => columns.map(quote).join(', ');

function columnDefinition(dialect: Dialect, column: Column): string {
  return `${quote(column.name)} ${dialect.types[column.kind]}${column.nullable ? '' : ' NOT NULL'}`;
}

function indexName(table: Table, columns: readonly string[]): string {
  return quote(`${table.name}_by_${columns.join('_')}`);
}

function tableDefinition(dialect: Dialect, table: Table): string[] {
  const columns = table.columns.map((column) => columnDefinition(dialect, column));
  const target = quote(table.name);
  return [
    `CREATE TABLE ${target} (${[...columns, `PRIMARY KEY (${list(table.key)})`].join(', ')})${dialect.tableSuffix(table.clustered)}`,
    ...table.unique.map((key) => `CREATE UNIQUE INDEX ${indexName(table, key)} ON ${target} (${list(key)})`),
    ...table.indexes.map((key) => `CREATE INDEX ${indexName(table, key)} ON ${target} (${list(key)})`),
  ];
}

/** The statements that create every table with its keys and indexes. */
export function schemaDefinition(dialect: Dialect): readonly string[] {
  return allTables.flatMap((table) => tableDefinition(dialect, table));
}

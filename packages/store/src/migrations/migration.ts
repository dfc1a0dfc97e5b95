import { columnDefinition, type DefinedTable, indexName } from '../sql/definitions.ts';
import { type Dialect, quote } from '../sql/dialect.ts';
import type { Column } from '../tables/definition.ts';

/** One step of the schema. Steps go forward only and never change once they stood on the main branch. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  statements(dialect: Dialect): readonly string[];
}

/** A kind of column as descriptions write it: `?` marks one that may be null; `json` always may. */
type FrozenKind = Column['kind'] | 'text?' | 'int?' | 'real?' | 'bool?' | 'blob?';

/**
 * A table as it was when a schema version was released: plain data, apart from the living descriptions in `tables/`,
 * so that a later change of those cannot change the past.
 */
export interface FrozenTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, FrozenKind>>;
  readonly key: readonly string[];
  readonly unique?: readonly (readonly string[])[];
  readonly indexes?: readonly (readonly string[])[];
  readonly clustered?: true;
}

function columnOf(name: string, kind: FrozenKind): Column {
  const nullable = kind.endsWith('?') || kind === 'json';
  return { name, kind: kind.replace('?', '') as Column['kind'], nullable };
}

/** Reads a {@link FrozenTable}. */
export function thaw({ name, columns, key, unique = [], indexes = [], clustered }: FrozenTable): DefinedTable {
  const read = Object.entries(columns).map(([column, kind]) => columnOf(column, kind));
  return { name, columns: read, key, unique, indexes, clustered: clustered ?? false };
}

/** Adds a column; rows that exist get `otherwise`, which a column that may not be null needs. */
export function addColumn(dialect: Dialect, table: string, name: string, kind: FrozenKind, otherwise?: string): string {
  const definition = columnDefinition(dialect, columnOf(name, kind));
  const fallback = otherwise === undefined ? '' : ` DEFAULT '${otherwise.replaceAll("'", "''")}'`;
  return `ALTER TABLE ${quote(table)} ADD COLUMN ${definition}${fallback}`;
}

/** Adds an index over columns. */
export function addIndex(table: string, columns: readonly string[]): string {
  return `CREATE INDEX ${indexName(table, columns)} ON ${quote(table)} (${columns.map(quote).join(', ')})`;
}

/** Removes the index over columns. */
export function dropIndex(table: string, columns: readonly string[]): string {
  return `DROP INDEX ${indexName(table, columns)}`;
}

import type { Rows, ScalarColumn, TableName } from '@counterpoint/events';

/**
 * How a column is stored. `text`, `int` (64 bit), `real`, `bool` and `blob` may carry `?` for "may be null"; `json` is
 * JSON as text, where JSON's `null` is SQL's.
 */
type ColumnKind = 'text' | 'text?' | 'int' | 'int?' | 'real' | 'real?' | 'bool' | 'bool?' | 'blob' | 'blob?' | 'json';

type Nullable<Value, Kind extends string> = null extends Value ? `${Kind}?` : Kind;

type KindOf<Value> = [NonNullable<Value>] extends [string]
  ? Nullable<Value, 'text'>
  : [NonNullable<Value>] extends [number]
    ? Nullable<Value, 'int' | 'real'>
    : [NonNullable<Value>] extends [boolean]
      ? Nullable<Value, 'bool'>
      : [NonNullable<Value>] extends [Uint8Array]
        ? Nullable<Value, 'blob'>
        : 'json';

/** A table's description, tied to its row type: a missing, extra or mistyped column does not compile. */
export interface TableShape<Row> {
  readonly columns: { readonly [Column in keyof Row]-?: KindOf<Row[Column]> };
  /** Default: `id`. */
  readonly key?: readonly ScalarColumn<Row>[];
  readonly unique?: readonly (readonly ScalarColumn<Row>[])[];
  readonly indexes?: readonly (readonly ScalarColumn<Row>[])[];
  /** Stored in the order of its key (SQLite's WITHOUT ROWID): for narrow rows that arrive in that order. */
  readonly clustered?: true;
}

/** The descriptions of all tables. */
export type TableShapes = { readonly [Table in TableName]: TableShape<Rows[Table]> };

/** One column, in the order of the table's definition. */
export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'int' | 'real' | 'bool' | 'blob' | 'json';
  readonly nullable: boolean;
}

/** A table as the rest of this package uses it. */
export interface Table {
  readonly name: TableName;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly indexes: readonly (readonly string[])[];
  readonly clustered: boolean;
  /** Whether rows carry `rev`, so that an update can be checked against it. */
  readonly revised: boolean;
  /** Column by name. */
  readonly column: ReadonlyMap<string, Column>;
}

/** Reads a {@link TableShape} into a {@link Table}. */
export function defineTable<Row>(name: TableName, shape: TableShape<Row>): Table {
  const columns = Object.entries<ColumnKind>(shape.columns).map(
    ([column, kind]): Column => ({
      name: column,
      kind: kind.replace('?', '') as Column['kind'],
      nullable: kind.endsWith('?') || kind === 'json',
    }),
  );
  return {
    name,
    columns,
    key: shape.key ?? ['id'],
    unique: shape.unique ?? [],
    indexes: shape.indexes ?? [],
    clustered: shape.clustered ?? false,
    revised: columns.some((column) => column.name === 'rev'),
    column: new Map(columns.map((column) => [column.name, column])),
  };
}

/** The four columns of a `Causality`. */
export const causality = { principal: 'text', trace: 'text', cause: 'text', hop: 'int' } as const;

import type { Change } from './change.ts';
import type { Rows, TableName } from './rows/index.ts';

/** A condition on one column: equality with a value, or one comparison. */
export type Condition<Value> =
  | Value
  | { readonly in: readonly Value[] }
  | { readonly notIn: readonly Value[] }
  | { readonly not: Value }
  | { readonly lt: Value }
  | { readonly lte: Value }
  | { readonly gt: Value }
  | { readonly gte: Value }
  /** From one value on, and below another. */
  | { readonly gte: Value; readonly lt: Value }
  | { readonly prefix: string }
  /** Text in which each of these occurs somewhere; ASCII letters in either case. */
  | { readonly holding: readonly string[] };

/** Columns that can be compared (not JSON, not bytes). */
export type ScalarColumn<Row> = {
  [Column in keyof Row]-?: Row[Column] extends string | number | boolean | null ? Column : never;
}[keyof Row] &
  string;

/** Conditions that must all hold. `null` means "is null". */
export type Where<Row> = { readonly [Column in ScalarColumn<Row>]?: Condition<Row[Column]> };

/**
 * A read of one table. Order is by the `orderBy` columns (default: primary key ascending), always made total by the
 * primary key. `after` continues behind the row with these values of `orderBy` columns and id (keyset paging).
 */
export interface Query<Row> {
  readonly where?: Where<Row>;
  readonly orderBy?: readonly { readonly column: ScalarColumn<Row>; readonly descending?: boolean }[];
  readonly after?: readonly (string | number | boolean | null)[];
  /** At most so many rows; default 100. */
  readonly limit?: number;
}

/** How rows are counted in groups. */
export interface Tally<Row> {
  readonly where?: Where<Row>;
  /** The columns whose values make the groups; none: one group of all rows. */
  readonly by?: readonly ScalarColumn<Row>[];
  /** Groups also by slices of a time column, each `width` milliseconds wide and aligned to Unix time. */
  readonly slice?: { readonly column: ScalarColumn<Row>; readonly width: number };
  /** Columns of numbers that are added up in each group; null adds nothing. */
  readonly sum?: readonly ScalarColumn<Row>[];
}

/** One group of a {@link Tally}; groups without rows are not given. */
export interface TallyGroup {
  /** The values of `by`, in its order. */
  readonly values: readonly (string | number | boolean | null)[];
  /** When the slice begins (Unix ms); 0 without slices. */
  readonly slice: number;
  readonly count: number;
  /** The sums, in the order of `sum`. */
  readonly sums: readonly number[];
}

/** Reads committed rows. */
export interface Reader {
  /** The row with this primary key (for `journal` use {@link Reader.find}). */
  get<Table extends Exclude<TableName, 'journal'>>(table: Table, id: string): Promise<Rows[Table] | undefined>;
  find<Table extends TableName>(table: Table, query: Query<Rows[Table]>): Promise<readonly Rows[Table][]>;
  count<Table extends TableName>(table: Table, where?: Where<Rows[Table]>): Promise<number>;
  /** Counts rows in groups, in no order. Rows with null in the column of the slices are left out. */
  tally<Table extends TableName>(table: Table, tally: Tally<Rows[Table]>): Promise<readonly TallyGroup[]>;
}

/** Makes changes durable. There is one for a process; everything that writes awaits it. */
export interface Committer {
  /**
   * Resolves when the change is durable (synchronised to disk). Changes that gather while a commit runs are written
   * together by the next one; one that is refused does not take the others with it.
   *
   * @throws events.fenced, events.conflict, events.store_busy, events.store_full, events.store_failed, events.store_closed
   */
  commit(change: Change): Promise<void>;
  /** Calls `listener` with every change of this process after it became durable, in order. Returns the way to stop. */
  onCommitted(listener: (change: Change) => void): () => void;
}

/** The store as the domain sees it. */
export interface Store extends Reader, Committer {
  close(): Promise<void>;
}

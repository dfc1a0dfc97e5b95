import { eventErrors } from '@counterpoint/events';
import type Database from 'better-sqlite3';
import { quote } from '../sql/dialect.ts';
import type { Column, Table } from '../tables/definition.ts';
import { sqliteDialect } from './dialect.ts';
import { isKeyConflict } from './failures.ts';

type AnyRow = Readonly<Record<string, unknown>>;

/** How many rows one statement inserts at most. */
const MAX_ROWS = 8;

/** Writes rows of one table by prepared statements; what throws on its only row has written nothing. */
export interface TableWriter {
  /**
   * Writes rows, several of them by one statement. When one is refused after others were written, those stay.
   *
   * @throws events.conflict
   */
  insert(rows: readonly object[]): void;
  ensure(row: object): void;
  /** @throws events.conflict when another row has one of its unique keys */
  put(row: object): void;
  /** @throws events.conflict */
  update(row: object): void;
  delete(id: string): void;
}

/** Makes the {@link TableWriter} of a table; statements are prepared when first used. */
export function createTableWriter(database: Database.Database, table: Table): TableWriter {
  const { columns } = table;
  const target = quote(table.name);
  const names = columns.map((column) => quote(column.name)).join(', ');
  const insertInto = `INSERT INTO ${target} (${names}) VALUES (${columns.map(() => '?').join(', ')})`;
  const rest = columns.filter((column) => !table.key.includes(column.name));
  const key = table.key.map(quote).join(', ');
  const replaced = rest.map(({ name }) => `${quote(name)} = excluded.${quote(name)}`).join(', ');
  const assigned = rest.map(({ name }) => `${quote(name)} = ?`).join(', ');
  const matched = table.key.map((name) => `${quote(name)} = ?`).join(' AND ');

  const prepared = (sql: string) => {
    let statement: Database.Statement<unknown[]> | undefined;
    return (values: readonly unknown[]): number => {
      statement ??= database.prepare(sql);
      return statement.run(values).changes;
    };
  };
  const bracket = `, (${columns.map(() => '?').join(', ')})`;
  const inserts = Array.from({ length: MAX_ROWS }, (_, more) => prepared(insertInto + bracket.repeat(more)));
  const ensure = prepared(`${insertInto} ON CONFLICT DO NOTHING`);
  const put = prepared(`${insertInto} ON CONFLICT (${key}) DO UPDATE SET ${replaced}`);
  const update = prepared(`UPDATE ${target} SET ${assigned} WHERE ${matched} AND "rev" = ?`);
  const remove = prepared(`DELETE FROM ${target} WHERE ${matched}`);

  const guarded = (write: (values: readonly unknown[]) => number, row: AnyRow, values: readonly unknown[]): number => {
    try {
      return write(values);
    } catch (error) {
      throw isKeyConflict(error) ? conflict(table, row) : error;
    }
  };

  const insert = (rows: readonly AnyRow[]): void => {
    const values: unknown[] = [];
    for (const row of rows) encode(table, columns, row, values);
    try {
      inserts[rows.length - 1]?.(values);
    } catch (error) {
      if (!isKeyConflict(error)) throw error;
      const [only, ...others] = rows;
      if (only && others.length === 0) throw conflict(table, only);
      for (const row of rows) insert([row]);
    }
  };

  return {
    insert(given) {
      const rows = given as readonly AnyRow[];
      if (rows.length <= MAX_ROWS) {
        if (rows.length > 0) insert(rows);
      } else for (let from = 0; from < rows.length; from += MAX_ROWS) insert(rows.slice(from, from + MAX_ROWS));
    },
    ensure: (row) => void ensure(encode(table, columns, row as AnyRow, [])),
    put: (row) => void guarded(put, row as AnyRow, encode(table, columns, row as AnyRow, [])),
    update(given) {
      const row = given as AnyRow;
      const values = encode(table, rest, row, []);
      for (const name of table.key) values.push(row[name]);
      values.push((row.rev as number) - 1);
      if (guarded(update, row, values) === 0) throw conflict(table, row);
    },
    delete: (id) => void remove([id]),
  };
}

function conflict(table: Table, row: AnyRow): Error {
  return eventErrors.conflict({ id: table.key.map((name) => String(row[name])).join('/'), table: table.name });
}

function encode(table: Table, columns: readonly Column[], row: AnyRow, values: unknown[]): unknown[] {
  for (const column of columns) {
    const value = row[column.name];
    if (value === undefined && !column.nullable) throw new TypeError(`${table.name}.${column.name} is missing`);
    values.push(value === undefined ? null : sqliteDialect.bind(column, value));
  }
  return values;
}

import { eventErrors } from '@counterpoint/events';
import type Database from 'better-sqlite3';
import { quote } from '../sql/dialect.ts';
import type { Column, Table } from '../tables/definition.ts';
import { sqliteDialect } from './dialect.ts';
import { isKeyConflict } from './failures.ts';

type AnyRow = Readonly<Record<string, unknown>>;

/** Writes rows of one table by prepared statements. Each method is one statement: it writes all or nothing. */
export interface TableWriter {
  /** @throws events.conflict */
  insert(row: object): void;
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
  const insert = prepared(insertInto);
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

  return {
    insert: (row) => void guarded(insert, row as AnyRow, encode(table, columns, row as AnyRow)),
    ensure: (row) => void ensure(encode(table, columns, row as AnyRow)),
    put: (row) => void guarded(put, row as AnyRow, encode(table, columns, row as AnyRow)),
    update(given) {
      const row = given as AnyRow;
      const values = encode(table, rest, row);
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

function encode(table: Table, columns: readonly Column[], row: AnyRow): unknown[] {
  const values: unknown[] = new Array(columns.length);
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index] as Column;
    const value = row[column.name];
    if (value === undefined && !column.nullable) throw new TypeError(`${table.name}.${column.name} is missing`);
    values[index] = value === undefined ? null : sqliteDialect.bind(column, value);
  }
  return values;
}

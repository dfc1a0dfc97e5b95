import type { Query, Reader, Rows, TableName, Where } from '@counterpoint/events';
import type { Dialect } from './sql/dialect.ts';
import { type AnyQuery, countStatement, selectStatement } from './sql/select.ts';
import type { Table } from './tables/definition.ts';
import { tables } from './tables/index.ts';

type AnyRow = Record<string, unknown>;

/** Runs a reading statement and gives its rows, as objects that nobody else holds. */
export type RunQuery = (sql: string, values: readonly unknown[]) => AnyRow[] | Promise<AnyRow[]>;

/** The reading half of a store over any database. */
export function createReader(dialect: Dialect, run: RunQuery): Reader {
  const find = async <Name extends TableName>(name: Name, query: AnyQuery): Promise<readonly Rows[Name][]> => {
    const table = tables[name];
    const { sql, values } = selectStatement(dialect, table, query);
    const rows = await run(sql, values);
    for (const row of rows) decode(dialect, table, row);
    return rows as unknown as Rows[Name][];
  };
  return {
    async get(name, id) {
      const [key] = tables[name].key;
      const [row] = await find(name, { where: { [key as string]: id }, limit: 1 });
      return row;
    },
    find: <Name extends TableName>(name: Name, query: Query<Rows[Name]>) => find(name, query as AnyQuery),
    async count<Name extends TableName>(name: Name, where?: Where<Rows[Name]>) {
      const { sql, values } = countStatement(dialect, tables[name], where as AnyQuery['where']);
      const [row] = await run(sql, values);
      return Number(row?.count);
    },
  };
}

function decode(dialect: Dialect, table: Table, row: AnyRow): void {
  for (const column of table.columns) row[column.name] = dialect.read(column, row[column.name]);
}

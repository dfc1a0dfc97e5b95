import type { Query, Reader, Rows, TableName, Tally, TallyGroup, Where } from '@counterpoint/events';
import type { Dialect } from './sql/dialect.ts';
import { type AnyQuery, type AnyTally, countStatement, selectStatement, tallyStatement } from './sql/select.ts';
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
    async tally<Name extends TableName>(name: Name, tally: Tally<Rows[Name]>) {
      const { sql, values } = tallyStatement(dialect, tables[name], tally as AnyTally);
      const rows = await run(sql, values);
      return rows.map((row) => groupOf(dialect, tables[name], tally as AnyTally, row)).filter(({ count }) => count > 0);
    },
  };
}

function groupOf(dialect: Dialect, table: Table, { by = [], slice, sum = [] }: AnyTally, row: AnyRow): TallyGroup {
  return {
    values: by.map((name) => {
      const column = table.column.get(name);
      return (column ? dialect.read(column, row[name]) : null) as TallyGroup['values'][number];
    }),
    slice: slice ? Number(row.slice) * slice.width : 0,
    count: Number(row.count),
    sums: sum.map((_name, index) => Number(row[`sum${index}`] ?? 0)),
  };
}

function decode(dialect: Dialect, table: Table, row: AnyRow): void {
  for (const column of table.columns) row[column.name] = dialect.read(column, row[column.name]);
}

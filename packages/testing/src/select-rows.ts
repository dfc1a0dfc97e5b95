import type { Condition, Query, Tally, TallyGroup } from '@counterpoint/events';

type Scalar = string | number | boolean | null;

/**
 * The rows that a query means, in its order, before its limit. As in SQL, no comparison holds for null except
 * equality, `in` and `not`; nulls come first in ascending order; text is ordered by its UTF-8 bytes.
 *
 * @throws TypeError when a row has no such column
 */
export function selectRows<Row>(
  rows: readonly Row[],
  query: Query<Row>,
  primaryKey: readonly string[],
): readonly Row[] {
  const conditions = Object.entries(query.where ?? {}) as [string, Condition<Scalar> | undefined][];
  const order = [...(query.orderBy ?? [])] as { column: string; descending?: boolean }[];
  for (const column of primaryKey) {
    if (!order.some((entry) => entry.column === column)) order.push({ column });
  }
  const compare = (left: readonly Scalar[], right: readonly Scalar[]): number => {
    for (const [index, { descending }] of order.entries()) {
      const result = compareScalars(left[index] ?? null, right[index] ?? null);
      if (result !== 0) return descending ? -result : result;
    }
    return 0;
  };
  const keyOf = (row: Row) => order.map(({ column }) => cell(row, column));
  const after = query.after;
  return rows
    .filter((row) => conditions.every(([column, condition]) => holds(cell(row, column), condition)))
    .map((row) => ({ row, key: keyOf(row) }))
    .filter(({ key }) => after === undefined || compare(key, after) > 0)
    .sort((left, right) => compare(left.key, right.key))
    .map(({ row }) => row);
}

function cell(row: unknown, column: string): Scalar {
  const value = (row as Readonly<Record<string, unknown>>)[column];
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new TypeError(`${column} is not a column that can be compared`);
}

function compareScalars(left: Scalar, right: Scalar): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return left < right ? -1 : 1;
}

function holds(value: Scalar, condition: Condition<Scalar> | undefined): boolean {
  if (condition === undefined) return true;
  if (condition === null || typeof condition !== 'object') return value === condition;
  if ('in' in condition) return condition.in.includes(value);
  if ('notIn' in condition) return !condition.notIn.includes(value);
  if ('not' in condition) return value !== condition.not;
  if (value === null) return false;
  if ('holding' in condition) {
    const text = lowered(String(value));
    return condition.holding.every((part) => text.includes(lowered(part)));
  }
  if ('prefix' in condition) return String(value).startsWith(condition.prefix);
  return Object.entries(condition).every(([comparison, limit]: [string, Scalar]) => {
    if (limit === null) return false;
    const order = compareScalars(value, limit);
    if (comparison === 'lt') return order < 0;
    if (comparison === 'lte') return order <= 0;
    return comparison === 'gt' ? order > 0 : order >= 0;
  });
}

/** Counts the rows of a tally in groups, as a database would. @throws TypeError when a row has no such column */
export function tallyRows<Row>(
  rows: readonly Row[],
  { where = {}, by = [], slice, sum = [] }: Tally<Row>,
): readonly TallyGroup[] {
  const meant = selectRows(rows, { where }, []).filter((row) => !slice || cell(row, slice.column) !== null);
  const groups = Map.groupBy(meant, (row) => {
    const start = slice ? Math.floor(Number(cell(row, slice.column)) / slice.width) * slice.width : 0;
    return JSON.stringify([by.map((column) => cell(row, column)), start]);
  });
  return [...groups].map(([key, members]) => {
    const [values, start] = JSON.parse(key) as [Scalar[], number];
    const sums = sum.map((column) => members.reduce((total, row) => total + Number(cell(row, column) ?? 0), 0));
    return { values, slice: start, count: members.length, sums };
  });
}

function lowered(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

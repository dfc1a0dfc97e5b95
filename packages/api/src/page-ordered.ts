import type { Reader, Rows, ScalarColumn, TableName, Where } from '@counterpoint/events';
import { errors } from './errors.ts';
import type { PageRequest } from './paging.ts';

type Scalar = string | number | boolean | null;

function decodeCursor(cursor: string, parts: number): Scalar[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value) && value.length === parts) {
      const numbers = value.slice(0, -1);
      if (numbers.every((part) => Number.isSafeInteger(part)) && typeof value.at(-1) === 'string') return value;
    }
  } catch {
    // Falls through: anything that is not one of our cursors is refused in the same words.
  }
  throw errors.cursor_invalid();
}

type Listed = 'alerts' | 'cases';

/** How a list is read. */
export interface OrderedList<Table extends Listed> {
  /** Columns of numbers, each highest first. */
  readonly columns: readonly ScalarColumn<Rows[Table]>[];
  readonly where: Where<Rows[Table]>;
}

/** Conditions of which each has one status or severity only: of these an index gives the rows in their order. */
function apart<Row extends { readonly status: string; readonly severity: number }>(where: Where<Row>): Where<Row>[] {
  const { status, severity } = where as Where<{ status: string; severity: number }>;
  for (const [column, condition] of Object.entries({ status, severity })) {
    if (typeof condition !== 'object' || condition === null || !('in' in condition)) continue;
    return condition.in.map((value) => ({ ...where, [column]: value }));
  }
  return [where];
}

/**
 * One page of a table with an `id`, highest first by several columns of numbers, the id the last word.
 *
 * @throws api.cursor_invalid, also for the cursor of a list in another order
 */
export async function pageOrdered<Table extends Listed>(
  reader: Reader,
  table: Table & TableName,
  request: PageRequest,
  { columns, where }: OrderedList<Table>,
): Promise<{ rows: readonly Rows[Table][]; next: string | null }> {
  const query = {
    orderBy: columns.map((column) => ({ column, descending: true })),
    limit: request.limit + 1,
    ...(request.cursor === undefined ? {} : { after: decodeCursor(request.cursor, columns.length + 1) }),
  };
  const parts = await Promise.all(
    apart<Rows[Table]>(where).map((one) => reader.find<Table>(table, { ...query, where: one })),
  );
  const found = parts.length === 1 ? (parts[0] ?? []) : parts.flat().sort((a, b) => compare(a, b, columns));
  const rows = found.slice(0, request.limit);
  const last = rows.at(-1);
  if (found.length <= request.limit || last === undefined) return { rows, next: null };
  const position = [...columns.map((column) => last[column]), last.id];
  return { rows, next: Buffer.from(JSON.stringify(position)).toString('base64url') };
}

function compare<Row extends { readonly id: string }>(a: Row, b: Row, columns: readonly ScalarColumn<Row>[]): number {
  for (const column of columns) {
    const difference = Number(b[column]) - Number(a[column]);
    if (difference !== 0) return difference;
  }
  return a.id < b.id ? -1 : 1;
}

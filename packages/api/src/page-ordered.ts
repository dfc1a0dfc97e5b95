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

/**
 * One page of a table with an `id`, highest first by several columns of numbers, the id the last word.
 *
 * @throws api.cursor_invalid, also for the cursor of a list in another order
 */
export async function pageOrdered<Table extends 'alerts' | 'cases'>(
  reader: Reader,
  table: Table & TableName,
  request: PageRequest,
  options: { readonly columns: readonly ScalarColumn<Rows[Table]>[]; readonly where: Where<Rows[Table]> },
): Promise<{ rows: readonly Rows[Table][]; next: string | null }> {
  const { columns, where } = options;
  const found = await reader.find<Table>(table, {
    where,
    orderBy: columns.map((column) => ({ column, descending: true })),
    limit: request.limit + 1,
    ...(request.cursor === undefined ? {} : { after: decodeCursor(request.cursor, columns.length + 1) }),
  });
  const rows = found.slice(0, request.limit);
  const last = rows.at(-1);
  if (found.length <= request.limit || last === undefined) return { rows, next: null };
  const position = [...columns.map((column) => last[column]), last.id];
  return { rows, next: Buffer.from(JSON.stringify(position)).toString('base64url') };
}

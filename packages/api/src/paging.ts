import type { Query, Reader, Rows, ScalarColumn, TableName, Where } from '@counterpoint/events';
import { errors } from './errors.ts';

/** The query parameters of a list. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Lists are ordered by a number (a time or a sequence), and by the id where that is not unique. */
function decodeCursor(cursor: string, parts: 1 | 2): (string | number)[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value) && value.length === parts) {
      const [position, id] = value;
      if (Number.isSafeInteger(position) && (parts === 1 || typeof id === 'string')) return value;
    }
  } catch {
    // Falls through: anything that is not one of our cursors is refused in the same words.
  }
  throw errors.cursor_invalid();
}

/**
 * One page of a table, newest (highest) first by `column` unless told, with a cursor that holds where it ended (keyset paging: rows that
 * arrive meanwhile neither repeat nor skip any).
 *
 * @throws api.cursor_invalid
 */
export async function pageRows<Table extends Exclude<TableName, 'journal'>>(
  reader: Reader,
  table: Table,
  request: PageRequest,
  options: {
    readonly column: ScalarColumn<Rows[Table]>;
    readonly key: ScalarColumn<Rows[Table]>;
    readonly where?: Where<Rows[Table]>;
    /** Oldest (lowest) first instead. Default false. */
    readonly ascending?: boolean;
  },
): Promise<{ rows: readonly Rows[Table][]; next: string | null }> {
  const parts = options.column === options.key ? 1 : 2;
  const query: Query<Rows[Table]> = {
    ...(options.where ? { where: options.where } : {}),
    orderBy: [{ column: options.column, descending: !options.ascending }],
    limit: request.limit + 1,
    ...(request.cursor === undefined ? {} : { after: decodeCursor(request.cursor, parts) }),
  };
  const found = await reader.find(table, query);
  const rows = found.slice(0, request.limit);
  const last = rows.at(-1);
  if (found.length <= request.limit || last === undefined) return { rows, next: null };
  return { rows, next: cursorBehind(last, options) };
}

/** The cursor that goes on behind a row. */
export function cursorBehind<Row>(
  row: Row,
  { column, key }: { readonly column: ScalarColumn<Row>; readonly key: ScalarColumn<Row> },
): string {
  const position = column === key ? [row[key]] : [row[column], row[key]];
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Leaves out the conditions that were not asked for. */
export function conditions<Row>(
  where: { readonly [Column in keyof Where<Row>]: Where<Row>[Column] | undefined },
): Where<Row> {
  return Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined)) as Where<Row>;
}

import type { ReactNode } from 'react';

/** One column of a {@link DataTable}. */
export interface Column<Row> {
  /** Name of the column; also what the server sorts by, when `sortable`. */
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Width: pixels, or a share of what is left such as `2fr`. Default `1fr`. */
  readonly width?: number | string;
  /** Least window width (px) at which it is shown; default always. On cards those that ask for more than 1200 are left out, unless `card` says `line`. */
  readonly from?: number;
  readonly align?: 'left' | 'right';
  /** Whether the server can sort by it. Default false. */
  readonly sortable?: boolean;
  /** Where it stands on a card (below 700 px): its heading, or one of the lines (default; when said, whatever `from` is), or nowhere. */
  readonly card?: 'title' | 'line' | 'none';
}

/** How a list is sorted. */
export interface Sorting {
  readonly by: string;
  readonly descending: boolean;
}

/** What a {@link DataTable} shows, and what it lets people do with its rows. */
export interface DataTableProps<Row> {
  /** What the rows are, for screen readers: `Alerts`. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** One row in a few words, for the label of its checkbox and link. May hold text of unknown origin. */
  readonly nameOf: (row: Row) => string;
  /** Path of the screen of a row; Enter and a click go there. */
  readonly pathOf?: (row: Row) => string | undefined;
  /** In place of a path: opens something beside the list. */
  readonly onOpen?: (row: Row) => void;
  /** The row that is open beside the list. */
  readonly current?: string;
  /** Buttons for the chosen rows; without it rows cannot be chosen. */
  readonly bulk?: (chosen: readonly Row[], clear: () => void) => ReactNode;
  /** Keys for the row under the cursor, such as `{ e: resolve }`; one letter each, none of j k x. */
  readonly keys?: Readonly<Record<string, (row: Row) => void>>;
  readonly sorting?: Sorting;
  readonly onSort?: (sorting: Sorting) => void;
  /** Rows are being read for the first time. */
  readonly loading?: boolean;
  readonly error?: unknown;
  readonly retry?: () => unknown;
  /** Stands in place of no rows. */
  readonly empty: ReactNode;
  /** Whether the server has more rows, and how to get them. */
  readonly more?: boolean;
  readonly loadMore?: () => unknown;
  readonly loadingMore?: boolean;
  /** Marks a row: `bad` stands out, `calm` is dimmed. */
  readonly toneOf?: (row: Row) => 'bad' | 'warn' | 'calm' | undefined;
  /** Takes as much height as its rows need, without scrolling inside; for short lists in a page. Default false. */
  readonly flow?: boolean;
}

import { Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { MouseEvent, ReactNode, Ref } from 'react';
import { splitPath } from './app-link.tsx';
import styles from './data-table.module.css';
import type { Column, DataTableProps } from './data-table-types.ts';
import { plainText } from './untrusted-text.ts';

interface TableRowProps<Row> {
  readonly table: DataTableProps<Row>;
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly index: number;
  readonly start: number;
  readonly cards: boolean;
  readonly template: string;
  readonly chosen: boolean;
  readonly pointed: boolean;
  readonly onToggle: () => void;
  readonly onOpen: () => void;
  readonly onPoint: () => void;
  readonly measure: Ref<HTMLDivElement> | undefined;
}

/** The first cell leads to the row: a real link, so that it opens in another tab too. */
function Lead<Row>({
  table,
  row,
  children,
}: {
  readonly table: DataTableProps<Row>;
  readonly row: Row;
  readonly children: ReactNode;
}) {
  const path = table.pathOf?.(row);
  if (path === undefined) return children;
  return (
    <Link className={styles.lead} {...splitPath(path)}>
      {children}
    </Link>
  );
}

/** One row of a list, or one card on narrow screens. */
export function TableRow<Row>(props: TableRowProps<Row>) {
  const { table, row, columns, index, start, cards, template, chosen, pointed, onToggle, onOpen, onPoint, measure } =
    props;
  const opens = Boolean(table.pathOf?.(row) ?? table.onOpen);
  const click = (event: MouseEvent) => {
    onPoint();
    // A click on something inside means that, and one that ends a selection of text means the text.
    if ((event.target as HTMLElement).closest('a, button, input, label, [role=menuitem]')) return;
    if (opens && window.getSelection()?.toString() === '') onOpen();
  };
  const leads = columns.findIndex(({ card }) => card === 'title');
  return (
    <div
      ref={measure ?? null}
      data-index={index}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      className={cards ? styles.card : styles.row}
      data-tone={table.toneOf?.(row)}
      data-pointed={pointed || undefined}
      data-current={table.current === table.idOf(row) || undefined}
      data-opens={opens || undefined}
      style={{ transform: `translateY(${start}px)`, ...(cards ? {} : { gridTemplateColumns: template }) }}
      onClick={click}
    >
      {table.bulk && (
        <div role="gridcell" className={styles.cell}>
          <Checkbox
            size="xs"
            aria-label={`Choose ${plainText(table.nameOf(row), 80)}`}
            checked={chosen}
            onChange={onToggle}
            tabIndex={-1}
          />
        </div>
      )}
      {columns.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          className={styles.cell}
          data-align={column.align}
          data-card={column.card ?? 'line'}
        >
          {at === Math.max(0, leads) ? (
            <Lead table={table} row={row}>
              {column.cell(row)}
            </Lead>
          ) : (
            column.cell(row)
          )}
        </div>
      ))}
    </div>
  );
}

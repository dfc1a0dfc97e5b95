import { Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type MouseEvent, memo, type ReactNode, type Ref } from 'react';
import { splitPath } from './app-link.tsx';
import styles from './data-table.module.css';
import type { Column, DataTableProps } from './data-table-types.ts';
import { plainText } from './untrusted-text.ts';

interface RowCellsProps<Row> {
  readonly table: DataTableProps<Row>;
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly index: number;
  readonly chosen: boolean;
  readonly onToggle: (index: number) => void;
}

interface TableRowProps<Row> extends RowCellsProps<Row> {
  /** Pixels from the top of the list. */
  readonly start: number;
  readonly cards: boolean;
  readonly template: string;
  readonly pointed: boolean;
  readonly onOpen: (row: Row) => void;
  readonly onPoint: (index: number) => void;
  readonly measure: Ref<HTMLDivElement> | undefined;
}

interface LeadProps<Row> {
  readonly table: DataTableProps<Row>;
  readonly row: Row;
  readonly children: ReactNode;
}

/** The first cell leads to the row: a real link, so that it opens in another tab too. */
function Lead<Row>({ table, row, children }: LeadProps<Row>) {
  const path = table.pathOf?.(row);
  if (path === undefined) return children;
  return (
    <Link className={styles.lead} {...splitPath(path)}>
      {children}
    </Link>
  );
}

function Cells<Row>({ table, row, columns, index, chosen, onToggle }: RowCellsProps<Row>) {
  const leads = Math.max(
    0,
    columns.findIndex(({ card }) => card === 'title'),
  );
  return (
    <>
      {table.bulk && (
        <div role="gridcell" className={styles.cell}>
          <Checkbox
            size="xs"
            aria-label={`Choose ${plainText(table.nameOf(row), 80)}`}
            checked={chosen}
            onChange={() => onToggle(index)}
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
          {at === leads ? (
            <Lead table={table} row={row}>
              {column.cell(row)}
            </Lead>
          ) : (
            column.cell(row)
          )}
        </div>
      ))}
    </>
  );
}

/** What stands in a row: drawn anew only when it says something else, not when the cursor or the list moves. */
const RowCells = memo(Cells) as typeof Cells;

/** One row of a list, or one card on narrow screens. */
export function TableRow<Row>(props: TableRowProps<Row>) {
  const { table, row, index, start, cards, template, pointed, onOpen, onPoint, measure } = props;
  const opens = Boolean(table.pathOf?.(row) ?? table.onOpen);
  const click = (event: MouseEvent) => {
    onPoint(index);
    // A click on something inside means that, and one that ends a selection of text means the text.
    if ((event.target as HTMLElement).closest('a, button, input, label, [role=menuitem]')) return;
    if (opens && window.getSelection()?.toString() === '') onOpen(row);
  };
  const { columns, chosen, onToggle } = props;
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
      <RowCells table={table} row={row} columns={columns} index={index} chosen={chosen} onToggle={onToggle} />
    </div>
  );
}

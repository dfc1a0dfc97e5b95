import { Link } from '@tanstack/react-router';
import { type MouseEvent, memo, type ReactNode, type Ref } from 'react';
import { splitPath } from './app-link.tsx';
import styles from './data-table.module.css';
import type { Column } from './data-table-types.ts';
import { plainText } from './untrusted-text.ts';

/** What rows do; the same object as long as the list is shown, so that no row is drawn anew because of it. */
export interface RowActions<Row> {
  readonly toggle: (index: number) => void;
  readonly open: (row: Row) => void;
  readonly point: (index: number) => void;
}

interface RowCellsProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly index: number;
  /** Path of its screen, if it has one. */
  readonly path: string | undefined;
  /** The row in a few words; undefined: it cannot be chosen. */
  readonly name: string | undefined;
  readonly chosen: boolean;
  readonly actions: RowActions<Row>;
}

interface TableRowProps<Row> extends RowCellsProps<Row> {
  /** Pixels from the top of the list. */
  readonly start: number;
  readonly cards: boolean;
  readonly template: string;
  readonly pointed: boolean;
  readonly current: boolean;
  readonly opens: boolean;
  readonly tone: 'bad' | 'warn' | 'calm' | undefined;
  readonly measure: Ref<HTMLDivElement> | undefined;
}

/** The first cell leads to the row: a real link, so that it opens in another tab too. */
function Lead({ path, children }: { readonly path: string | undefined; readonly children: ReactNode }) {
  if (path === undefined) return children;
  return (
    <Link className={styles.lead} {...splitPath(path)}>
      {children}
    </Link>
  );
}

function Cells<Row>({ row, columns, index, path, name, chosen, actions }: RowCellsProps<Row>) {
  const leads = Math.max(
    0,
    columns.findIndex(({ card }) => card === 'title'),
  );
  return (
    <>
      {name !== undefined && (
        <div role="gridcell" className={styles.cell}>
          <input
            type="checkbox"
            className={styles.check}
            aria-label={`Choose ${plainText(name, 80)}`}
            checked={chosen}
            onChange={() => actions.toggle(index)}
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
          data-header={column.header}
        >
          {at === leads ? <Lead path={path}>{column.cell(row)}</Lead> : column.cell(row)}
        </div>
      ))}
    </>
  );
}

/** What stands in a row: drawn anew only when it says something else, not when the cursor or the list moves. */
const RowCells = memo(Cells) as typeof Cells;

function Row<Row>(props: TableRowProps<Row>) {
  const { row, columns, index, path, name, chosen, actions } = props;
  const { start, cards, template, pointed, current, opens, tone, measure } = props;
  const click = (event: MouseEvent) => {
    actions.point(index);
    // A click on something inside means that, and one that ends a selection of text means the text.
    if ((event.target as HTMLElement).closest('a, button, input, label, [role=menuitem]')) return;
    if (opens && window.getSelection()?.toString() === '') actions.open(row);
  };
  return (
    <div
      ref={measure ?? null}
      data-index={index}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      className={cards ? styles.card : styles.row}
      data-tone={tone}
      data-pointed={pointed || undefined}
      data-current={current || undefined}
      data-opens={opens || undefined}
      style={{ transform: `translateY(${start}px)`, ...(cards ? {} : { gridTemplateColumns: template }) }}
      onClick={click}
    >
      <RowCells row={row} columns={columns} index={index} path={path} name={name} chosen={chosen} actions={actions} />
    </div>
  );
}

/** One row of a list, or one card on narrow screens; left alone while nothing about it changes. */
export const TableRow = memo(Row) as typeof Row;

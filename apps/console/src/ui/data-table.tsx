import { Box, Button, Group, Text } from '@mantine/core';
import { useCallbackRef, useElementSize } from '@mantine/hooks';
import { rowSelectionFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type KeyboardEvent, type Ref, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useGo } from './app-link.tsx';
import styles from './data-table.module.css';
import { TableHead } from './data-table-head.tsx';
import { type RowActions, TableRow } from './data-table-row.tsx';
import type { Column, DataTableProps } from './data-table-types.ts';
import { ErrorPanel } from './error-panel.tsx';
import { LoadingRows } from './loading.tsx';

const CARDS_BELOW = 700;
const ROW = 40;
const HEAD = 35;
/** More is read when so few rows are left below. */
const AHEAD = 40;
/** What stands beside a list as wide as the window allows. */
const NAVIGATION_WIDTH = 250;
const CARD = 96;
const features = tableFeatures({ rowSelectionFeature });

function templateOf<Row>(columns: readonly Column<Row>[], chooses: boolean): string {
  const widths = columns.map(({ width = '1fr' }) => (typeof width === 'number' ? `${width}px` : `minmax(0, ${width})`));
  return [...(chooses ? ['32px'] : []), ...widths].join(' ');
}

function useChosen<Row>({ columns, rows, idOf }: DataTableProps<Row>) {
  const definitions = useMemo(() => columns.map(({ id }) => ({ id, header: id })), [columns]);
  const getRowId = useCallbackRef((row: object) => idOf(row as Row));
  return useTable({
    features,
    columns: definitions,
    data: rows as Row[] & object[],
    getRowId,
  });
}

/** The row under the keyboard's cursor: j and k move it, x chooses, Enter opens, letters do what `keys` says. */
function keysOf<Row>(
  { rows, keys, bulk }: DataTableProps<Row>,
  cursor: number,
  { point, open, toggle }: RowActions<Row>,
) {
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.matches('input:not([type=checkbox]), textarea, select, [role=menuitem]')) return;
    const row = rows[cursor];
    const move = (to: number) => point(Math.max(0, Math.min(rows.length - 1, to)));
    const does: Readonly<Record<string, () => void>> = {
      j: () => move(cursor + 1),
      ArrowDown: () => move(cursor + 1),
      k: () => move(cursor - 1),
      ArrowUp: () => move(cursor - 1),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ...(row && target.tagName !== 'A' && target.tagName !== 'BUTTON' ? { Enter: () => open(row) } : {}),
      ...(row && bulk ? { x: () => toggle(cursor) } : {}),
    };
    const act = does[event.key] ?? (row && keys?.[event.key] ? () => keys[event.key]?.(row) : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  };
}

/**
 * A list as people expect it: virtualised, walked by keyboard, with rows to choose and cards on narrow screens. It is a grid
 * to screen readers at every width.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, error, loading, retry, empty } = props;
  if (error && rows.length === 0) return <ErrorPanel error={error} {...(retry ? { retry } : {})} />;
  if (loading && rows.length === 0) return <LoadingRows />;
  if (rows.length === 0) return <Box className={styles.frame}>{empty}</Box>;
  return <Filled {...props} />;
}

/** What rows do, the same for as long as the list is shown, whatever the screen around it hands down. */
function useRowActions<Row>(
  { pathOf, onOpen }: DataTableProps<Row>,
  table: ReturnType<typeof useChosen<Row>>,
  point: (index: number) => void,
): RowActions<Row> {
  const go = useGo();
  const open = useCallbackRef((row: Row) => {
    const path = pathOf?.(row);
    if (path !== undefined) go(path);
    else onOpen?.(row);
  });
  const toggle = useCallbackRef((index: number) => table.getRowModel().rows[index]?.toggleSelected());
  return useMemo(() => ({ open, toggle, point }), [open, toggle, point]);
}

function useRowsInView<Row>(props: DataTableProps<Row>, cards: boolean, cursor: number) {
  const { rows, more, loadMore, loadingMore, error, flow } = props;
  const idOf = useCallbackRef(props.idOf);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (cards ? CARD : ROW),
    // Another function would have every row measured anew: it may only change with the rows.
    getItemKey: useCallback((index: number) => (rows[index] === undefined ? index : idOf(rows[index])), [rows, idOf]),
    overscan: flow ? rows.length : 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const nearEnd = last >= rows.length - AHEAD;
  useEffect(() => {
    if (nearEnd && more && !loadingMore && !error) void loadMore?.();
  }, [nearEnd, more, loadingMore, error, loadMore]);
  useEffect(() => {
    const list = scroller.current;
    if (cursor < 0 || !list) return;
    if (cards || flow) virtual.scrollToIndex(cursor, { align: 'auto' });
    else keepInView(list, cursor * ROW);
  }, [cursor, cards, flow, virtual]);
  return { scroller, virtual, items };
}

/** Scrolls no further than it must, so that the row that begins at `top` is below the head of the list and above its end. */
function keepInView(list: HTMLDivElement, top: number): void {
  const lowest = top + HEAD + ROW - list.clientHeight;
  if (list.scrollTop > top) list.scrollTop = top;
  else if (list.scrollTop < lowest) list.scrollTop = lowest;
}

interface RowsProps<Row> {
  readonly table: DataTableProps<Row>;
  readonly items: readonly VirtualItem[];
  readonly cursor: number;
  readonly chosen: (index: number) => boolean;
  readonly columns: readonly Column<Row>[];
  readonly actions: RowActions<Row>;
  readonly cards: boolean;
  readonly template: string;
  readonly measure: Ref<HTMLDivElement> | undefined;
}

/** The rows in view. */
function Rows<Row>({ table, items, cursor, chosen, columns, actions, cards, template, measure }: RowsProps<Row>) {
  const { rows, idOf, nameOf, pathOf, onOpen, toneOf, current, bulk } = table;
  return (
    <>
      {items.map(({ index, start }) => {
        const row = rows[index];
        if (row === undefined) return null;
        const id = idOf(row);
        return (
          <TableRow
            key={id}
            row={row}
            columns={columns}
            index={index}
            path={pathOf?.(row)}
            name={bulk ? nameOf(row) : undefined}
            chosen={chosen(index)}
            actions={actions}
            start={start}
            cards={cards}
            template={template}
            pointed={index === cursor}
            current={current === id}
            opens={Boolean(pathOf?.(row) ?? onOpen)}
            tone={toneOf?.(row)}
            measure={measure}
          />
        );
      })}
    </>
  );
}

function Filled<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, bulk, sorting, onSort, flow, loadingMore, loadMore, more, error } = props;
  const { ref, width } = useElementSize();
  const cards = width > 0 && width < CARDS_BELOW;
  const shown = useMemo(
    () =>
      columns.filter(({ from = 0, card }) =>
        cards ? card === 'line' || (card !== 'none' && from <= 1200) : from <= width + NAVIGATION_WIDTH,
      ),
    [columns, cards, width],
  );
  const table = useChosen(props);
  const chosen = table.getSelectedRowModel().rows.map((row) => row.original as Row);
  const [cursor, setCursor] = useState(-1);
  const actions = useRowActions(props, table, setCursor);
  const { scroller, virtual, items } = useRowsInView(props, cards, cursor);
  const template = templateOf(shown, Boolean(bulk));
  return (
    <div ref={ref} className={styles.frame} data-flow={flow || undefined}>
      {bulk && chosen.length > 0 && (
        <Group className={styles.bulk} gap="xs" role="toolbar" aria-label={`For the chosen ${label.toLowerCase()}`}>
          <Text size="sm" fw={600}>
            {chosen.length} chosen
          </Text>
          {cards && chosen.length < rows.length && (
            <Button size="compact-sm" variant="subtle" onClick={() => table.toggleAllRowsSelected(true)}>
              Choose all {rows.length}
            </Button>
          )}
          {bulk(chosen, () => table.resetRowSelection(true))}
        </Group>
      )}
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={more ? -1 : rows.length + 1}
        tabIndex={0}
        onKeyDown={keysOf(props, cursor, actions)}
      >
        <TableHead
          columns={shown}
          template={template}
          hidden={cards}
          {...(sorting ? { sorting } : {})}
          {...(onSort ? { onSort } : {})}
          {...(bulk
            ? {
                all: {
                  checked: table.getIsAllRowsSelected(),
                  some: table.getIsSomeRowsSelected(),
                  toggle: () => table.toggleAllRowsSelected(),
                },
              }
            : {})}
        />
        <div className={styles.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          <Rows
            table={props}
            items={items}
            cursor={cursor}
            chosen={(index) => table.getRowModel().rows[index]?.getIsSelected() ?? false}
            columns={shown}
            actions={actions}
            cards={cards}
            template={template}
            measure={cards ? virtual.measureElement : undefined}
          />
        </div>
        {loadingMore && <LoadingRows rows={3} />}
        {more && !loadingMore && Boolean(error) && <ErrorPanel error={error} retry={() => loadMore?.()} />}
      </div>
    </div>
  );
}

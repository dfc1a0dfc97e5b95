import { Box, Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { rowSelectionFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useGo } from './app-link.tsx';
import styles from './data-table.module.css';
import { TableHead } from './data-table-head.tsx';
import { TableRow } from './data-table-row.tsx';
import type { Column, DataTableProps } from './data-table-types.ts';
import { ErrorPanel } from './error-panel.tsx';
import { LoadingRows } from './loading.tsx';

const CARDS_BELOW = 700;
const ROW = 40;
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
  return useTable({
    features,
    columns: definitions,
    data: rows as Row[] & object[],
    getRowId: (row) => idOf(row as Row),
  });
}

/** The row under the keyboard's cursor: j and k move it, x chooses, Enter opens, letters do what `keys` says. */
function useCursor<Row>(props: DataTableProps<Row>, open: (row: Row) => void, toggle: (index: number) => void) {
  const { rows, keys, bulk } = props;
  const [cursor, setCursor] = useState(-1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target.matches('input:not([type=checkbox]), textarea, select, [role=menuitem]')) return;
    const row = rows[cursor];
    const move = (to: number) => setCursor(Math.max(0, Math.min(rows.length - 1, to)));
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
  return { cursor, setCursor, onKeyDown };
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

function useOpen<Row>({ pathOf, onOpen }: DataTableProps<Row>): (row: Row) => void {
  const go = useGo();
  return useCallback(
    (row: Row) => {
      const path = pathOf?.(row);
      if (path !== undefined) go(path);
      else onOpen?.(row);
    },
    [go, pathOf, onOpen],
  );
}

function useRowsInView<Row>(props: DataTableProps<Row>, cards: boolean, cursor: number) {
  const { rows, idOf, more, loadMore, loadingMore, flow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (cards ? CARD : ROW),
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : idOf(row);
    },
    overscan: flow ? rows.length : 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const nearEnd = last >= rows.length - 20;
  useEffect(() => {
    if (nearEnd && more && !loadingMore) void loadMore?.();
  }, [nearEnd, more, loadingMore, loadMore]);
  useEffect(() => {
    if (cursor >= 0) virtual.scrollToIndex(cursor, { align: 'auto' });
  }, [cursor, virtual]);
  return { scroller, virtual, items };
}

function Filled<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, idOf, bulk, sorting, onSort, flow, loadingMore, more } = props;
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
  const open = useOpen(props);
  const toggle = useCallback((index: number) => table.getRowModel().rows[index]?.toggleSelected(), [table]);
  const { cursor, setCursor, onKeyDown } = useCursor(props, open, toggle);
  const { scroller, virtual, items } = useRowsInView(props, cards, cursor);
  const template = templateOf(shown, Boolean(bulk));
  return (
    <div ref={ref} className={styles.frame} data-flow={flow || undefined}>
      {bulk && chosen.length > 0 && (
        <Group className={styles.bulk} gap="xs" role="toolbar" aria-label={`For the chosen ${label.toLowerCase()}`}>
          <Text size="sm" fw={600}>
            {chosen.length} chosen
          </Text>
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
        onKeyDown={onKeyDown}
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
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <TableRow
                key={idOf(row)}
                table={props}
                row={row}
                columns={shown}
                index={index}
                start={start}
                cards={cards}
                template={template}
                chosen={table.getRowModel().rows[index]?.getIsSelected() ?? false}
                onToggle={toggle}
                onOpen={open}
                onPoint={setCursor}
                pointed={index === cursor}
                measure={cards ? virtual.measureElement : undefined}
              />
            );
          })}
        </div>
        {loadingMore && <LoadingRows rows={3} />}
      </div>
    </div>
  );
}

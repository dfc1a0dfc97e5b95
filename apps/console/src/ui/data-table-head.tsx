import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import styles from './data-table.module.css';
import type { Column, Sorting } from './data-table-types.ts';

interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly template: string;
  /** For screen readers only, on cards. */
  readonly hidden: boolean;
  readonly sorting?: Sorting;
  readonly onSort?: (sorting: Sorting) => void;
  readonly all?: { readonly checked: boolean; readonly some: boolean; readonly toggle: () => void };
}

function sortOf(sorting: Sorting | undefined, id: string): 'ascending' | 'descending' | 'none' {
  if (sorting?.by !== id) return 'none';
  return sorting.descending ? 'descending' : 'ascending';
}

/** The header row of a list. */
export function TableHead<Row>({ columns, template, hidden, sorting, onSort, all }: TableHeadProps<Row>) {
  return (
    <div role="rowgroup" className={hidden ? styles.unseen : styles.head}>
      <div role="row" className={styles.cells} style={{ gridTemplateColumns: template }}>
        {all && (
          <div role="columnheader" className={styles.cell}>
            <Checkbox
              size="xs"
              aria-label="Choose all that are loaded"
              checked={all.checked}
              indeterminate={all.some && !all.checked}
              onChange={all.toggle}
            />
          </div>
        )}
        {columns.map(({ id, header, sortable, align }) => {
          const sort = sortOf(sorting, id);
          return (
            <div
              key={id}
              role="columnheader"
              className={styles.cell}
              data-align={align}
              aria-sort={sortable ? sort : undefined}
            >
              {sortable && onSort ? (
                <UnstyledButton
                  className={styles.sort}
                  onClick={() => onSort({ by: id, descending: sort !== 'descending' })}
                >
                  {header}
                  {sort === 'descending' && <IconArrowDown size={12} aria-hidden />}
                  {sort === 'ascending' && <IconArrowUp size={12} aria-hidden />}
                </UnstyledButton>
              ) : (
                header
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

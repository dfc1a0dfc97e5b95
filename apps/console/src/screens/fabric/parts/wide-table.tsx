import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

interface WideTableProps {
  readonly label: string;
  /** Pixels below which it is scrolled sideways rather than squeezed. */
  readonly minWidth: number;
  readonly heads: readonly string[];
  /** Rows. */
  readonly children: ReactNode;
}

/** A small table in a section, which is scrolled sideways on a phone, also by keyboard. */
export function WideTable({ label, minWidth, heads, children }: WideTableProps) {
  return (
    <Table.ScrollContainer type="native" minWidth={minWidth} role="region" aria-label={label} tabIndex={0}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

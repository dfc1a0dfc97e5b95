import { Table, Text } from '@mantine/core';
import styles from './time-chart.module.css';
import { TimeChartBars } from './time-chart-bars.tsx';
import type { Series, Slice, TimeChartProps } from './time-chart-types.ts';
import { sliceName } from './time-slices.ts';

function totalOf(slices: readonly Slice[], series: readonly Series[]): number {
  return slices.reduce((sum, slice) => sum + series.reduce((all, { name }) => all + (slice[name] ?? 0), 0), 0);
}

function Twin({ label, slices, width, series }: TimeChartProps) {
  const filled = slices.filter((slice) => series.some(({ name }) => (slice[name] ?? 0) > 0));
  return (
    <Table aria-label={label} verticalSpacing={2} horizontalSpacing="xs" fz="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>From</Table.Th>
          {series.map(({ name, label: heading }) => (
            <Table.Th key={name} ta="end">
              {heading}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {filled.map((slice) => (
          <Table.Tr key={slice.at}>
            <Table.Td>{sliceName(slice.at, width)}</Table.Td>
            {series.map(({ name }) => (
              <Table.Td key={name} ta="end">
                {slice[name]}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Counts over time as stacked bars, with the same as a table for who cannot or does not want to see bars. */
export function TimeChart(props: TimeChartProps) {
  const { label, slices, series, height = 160 } = props;
  if (totalOf(slices, series) === 0) {
    return (
      <div className={styles.none} data-height={height}>
        <Text size="sm" c="dimmed">
          Nothing in this time.
        </Text>
      </div>
    );
  }
  return (
    <figure className={styles.figure} aria-label={label}>
      <div aria-hidden>
        <TimeChartBars {...props} height={height} />
      </div>
      <details className={styles.twin}>
        <summary>As a table</summary>
        <Twin {...props} />
      </details>
    </figure>
  );
}

import { SegmentedControl, Stack, Text } from '@mantine/core';
import { AppLink } from '../../ui/app-link.tsx';
import { TimeChart } from '../../ui/time-chart.tsx';
import type { Series } from '../../ui/time-chart-types.ts';
import { endedIn } from './figures.ts';
import type { Overview } from './matters.ts';
import styles from './overview.module.css';
import { Panel } from './panel.tsx';

/** A day or a week. */
export type Span = 'day' | 'week';

interface ChartProps<Part> {
  readonly part: Part;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
}

const RUNS: readonly Series[] = [
  { name: 'succeeded', label: 'succeeded', color: 'teal.6' },
  { name: 'failed', label: 'failed', color: 'red.6' },
  { name: 'cancelled', label: 'cancelled', color: 'gray.5' },
];

const ALERTS: readonly Series[] = [{ name: 'count', label: 'alerts', color: 'blue.6' }];

function SpanSwitch({ span, onSpan, label }: Omit<ChartProps<never>, 'part'> & { readonly label: string }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      data={[
        { value: 'day', label: '24 h' },
        { value: 'week', label: '7 days' },
      ]}
      value={span}
      onChange={(next) => onSpan(next as Span)}
    />
  );
}

const words = (span: Span) => (span === 'day' ? 'the last 24 hours' : 'the last 7 days');

/** Runs that ended, and how. */
export function RunsChart({ part, span, onSpan }: ChartProps<NonNullable<Overview['runs']>>) {
  const { slices, width } = part[span];
  const { ended, failed, rate } = endedIn(slices);
  return (
    <Panel
      title="Runs"
      className={styles.half}
      side={<SpanSwitch span={span} onSpan={onSpan} label="Time of the runs" />}
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {ended.toLocaleString('en')} ended in {words(span)}
          {rate === null ? '' : `, ${failed.toLocaleString('en')} failed (${rate} %)`} ·{' '}
          <AppLink to="/runs" underline="always">
            all runs
          </AppLink>
        </Text>
        <TimeChart label={`Runs that ended in ${words(span)}, by how`} slices={slices} width={width} series={RUNS} />
      </Stack>
    </Panel>
  );
}

/** Alerts that came. */
export function AlertsChart({ part, span, onSpan }: ChartProps<NonNullable<Overview['alerts']>>) {
  const { slices, width } = part[span];
  const count = slices.reduce((all, slice) => all + slice.count, 0);
  return (
    <Panel
      title="Alerts"
      className={styles.half}
      side={<SpanSwitch span={span} onSpan={onSpan} label="Time of the alerts" />}
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {count.toLocaleString('en')} new in {words(span)} ·{' '}
          <AppLink to="/alerts" underline="always">
            all alerts
          </AppLink>
        </Text>
        <TimeChart label={`New alerts in ${words(span)}`} slices={slices} width={width} series={ALERTS} />
      </Stack>
    </Panel>
  );
}

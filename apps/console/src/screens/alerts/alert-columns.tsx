import { Group, Text } from '@mantine/core';
import { Fragment } from 'react';
import { SeverityBadge, SimulatedMark, StatusBadge, VerdictBadge } from '../../ui/badges.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { Ref } from '../../ui/ref.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import type { Alert } from './alert-changes.ts';

function Observables({ alert }: { readonly alert: Alert }) {
  const { observables, observable_count } = alert;
  if (observables.length === 0)
    return (
      <Text span c="dimmed" inherit>
        –
      </Text>
    );
  const more = observable_count - observables.length;
  return (
    <>
      {observables.map(({ type, value, display }, index) => (
        <Fragment key={`${type} ${value}`}>
          {index > 0 && ', '}
          <Untrusted text={display} line ff="monospace" fz="xs" longest={80} />
        </Fragment>
      ))}
      {more > 0 && (
        <Text span size="xs" c="dimmed">
          {' '}
          +{more}
        </Text>
      )}
    </>
  );
}

/** The columns of the queue. */
export const ALERT_COLUMNS: readonly Column<Alert>[] = [
  {
    id: 'severity',
    header: 'Severity',
    width: 108,
    sortable: true,
    cell: ({ severity }) => <SeverityBadge severity={severity} />,
  },
  {
    id: 'title',
    header: 'Alert',
    width: '5fr',
    card: 'title',
    cell: ({ title, simulated }) => (
      <Group gap={6} wrap="nowrap" component="span">
        <Untrusted text={title} line longest={200} />
        <SimulatedMark simulated={simulated} />
      </Group>
    ),
  },
  { id: 'status', header: 'Status', width: 112, cell: ({ status }) => <StatusBadge state={status} /> },
  { id: 'verdict', header: 'Verdict', width: 112, cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
  {
    id: 'observables',
    header: 'Observables',
    width: '3fr',
    from: 1440,
    card: 'line',
    cell: (alert) => <Observables alert={alert} />,
  },
  {
    id: 'source',
    header: 'Source',
    width: 110,
    from: 1450,
    cell: ({ source }) => <Untrusted text={source} line longest={60} />,
  },
  {
    id: 'count',
    header: 'Count',
    width: 74,
    align: 'right',
    sortable: true,
    cell: ({ count }) => `×${count.toLocaleString('en')}`,
  },
  {
    id: 'case',
    header: 'Case',
    width: 70,
    from: 1600,
    card: 'none',
    cell: ({ case_id }) => (case_id === null ? '' : <Ref to={`case:${case_id}`}>case</Ref>),
  },
  {
    id: 'last_seen',
    header: 'Last seen',
    width: 104,
    sortable: true,
    cell: ({ last_seen }) => <When at={last_seen} />,
  },
  {
    id: 'newest',
    header: 'Came in',
    width: 104,
    sortable: true,
    from: 1800,
    cell: ({ created_at }) => <When at={created_at} />,
  },
];

import { Select, Stack, Text, Tooltip } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useApiPages } from '../../../app/use-api.ts';
import { StatusBadge } from '../../../ui/badges.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { listReading } from '../../../ui/list-reading.ts';
import { Ref, TraceLink } from '../../../ui/ref.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { OUTCOMES, reasonWords } from '../parts/words.ts';
import { type ReactionEvent, wouldLines } from './reaction-rows.ts';

const OPTIONS = Object.keys(OUTCOMES).map((value) => ({ value, label: value }));

/** What it did or would have done, and why. */
export function WhatAndWhy({ event }: { readonly event: ReactionEvent }) {
  const lines = wouldLines(event.would);
  return (
    <>
      {event.run !== '' && <Ref to={`run:${event.run}`}>its run</Ref>}
      {lines.length > 0 && <Untrusted text={`would: ${lines.join('; ')}`} line longest={300} />}
      {event.reason !== '' && (
        <Text size="xs" c="dimmed" component="div">
          <Untrusted text={reasonWords(event.reason)} line longest={300} />
        </Text>
      )}
    </>
  );
}

const COLUMNS: readonly Column<ReactionEvent>[] = [
  {
    ...{ id: 'subject', header: 'Event about', width: '1.4fr', card: 'title' },
    cell: ({ subject, topic }) => <Untrusted text={subject || topic} line longest={200} />,
  },
  {
    ...{ id: 'outcome', header: 'Outcome', width: 150 },
    cell: ({ outcome }) => (
      <Tooltip label={OUTCOMES[outcome]}>
        <span>
          <StatusBadge state={outcome} />
        </span>
      </Tooltip>
    ),
  },
  { id: 'what', header: 'What, and why', width: '2fr', cell: (event) => <WhatAndWhy event={event} /> },
  {
    ...{ id: 'judged', header: 'People', width: 110, from: 1000 },
    cell: ({ judged }) => (judged === '' ? '–' : judged),
  },
  { id: 'at', header: 'When', width: 110, cell: ({ at }) => <When at={at} /> },
  { id: 'trace', header: 'Trace', width: 90, cell: ({ event }) => <TraceLink to={`event:${event}`} /> },
];

/** What became of events at a reaction, the newest first. */
export function Outcomes({ reaction }: { readonly reaction: string }) {
  const [outcome, setOutcome] = useState<string | null>(null);
  const asked = outcome === null ? {} : { outcome: outcome as ReactionEvent['outcome'] };
  const { items, query } = useApiPages('listReactionEvents', { query: { reaction, ...asked } });
  return (
    <Stack gap="xs">
      <Select
        aria-label="Outcome"
        placeholder="Every outcome"
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the outcome' }}
        w={200}
        data={OPTIONS}
        value={outcome}
        onChange={setOutcome}
      />
      <DataTable
        label="Events at the reaction"
        columns={COLUMNS}
        rows={items}
        idOf={({ id }) => id}
        nameOf={({ subject, event }) => subject || event}
        {...listReading(query)}
        flow={items.length <= 50}
        empty={
          <EmptyState icon={IconHistory} title="Nothing yet">
            No event came here, or each simply became a run.
          </EmptyState>
        }
      />
    </Stack>
  );
}

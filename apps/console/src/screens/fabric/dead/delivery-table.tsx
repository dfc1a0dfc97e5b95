import { Button, Group, Select } from '@mantine/core';
import { IconMailCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useApiPages } from '../../../app/use-api.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { listReading } from '../../../ui/list-reading.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { type DeadWish, DecideDead } from './decide-dead.tsx';
import type { Delivery } from './deliveries.ts';
import { ReplayAll, type Standing } from './replay-all.tsx';

interface DeliveryTableProps {
  readonly state: Delivery['state'];
  readonly consumer: string;
  readonly standings: readonly Standing[];
  readonly onConsumer: (name: string) => void;
  readonly current: string;
  readonly onOpen: (id: string) => void;
}

const columnsOf = (state: Delivery['state']): readonly Column<Delivery>[] => [
  {
    ...{ id: 'subject', header: 'Event about', width: '1.1fr', card: 'title' },
    cell: ({ subject, event }) => <Untrusted text={subject || event} line longest={200} />,
  },
  {
    ...{ id: 'topic', header: 'Topic', width: '1.2fr', from: 800 },
    cell: ({ topic }) => <Untrusted text={topic} line ff="monospace" longest={200} />,
  },
  {
    id: 'consumer',
    header: 'Consumer',
    width: '1.4fr',
    cell: ({ consumer }) => <Untrusted text={consumer} line longest={120} />,
  },
  {
    ...{ id: 'error', header: 'What went wrong', width: '2fr' },
    cell: ({ error }) => <Untrusted text={error} line longest={300} />,
  },
  { id: 'attempts', header: 'Tries', width: 60, align: 'right', cell: ({ attempts }) => attempts },
  {
    ...{ id: 'next', header: state === 'retry' ? 'Next try' : 'Since', width: 120 },
    cell: ({ at, next_at }) => <When at={state === 'retry' ? next_at : at} />,
  },
];

const EMPTY = {
  dead: ['No dead letters', 'Every consumer could deal with every event. When one fails ten times, it shows up here.'],
  retry: ['Nothing is tried again', 'No consumer is failing at anything right now.'],
  behind: ['Nothing waits', 'No event waits behind an earlier one.'],
} as const;

/** Events in one state of delivery, with redelivery and discarding of those that are dead. */
export function DeliveryTable({ state, consumer, standings, onConsumer, current, onOpen }: DeliveryTableProps) {
  const may = useMay('fabric:operate');
  const [wish, setWish] = useState<DeadWish>();
  const named = consumer === '' ? {} : { consumer };
  const { items, query } = useApiPages('listDead', { query: { state, ...named } }, { every: 10_000 });
  const [title, words] = EMPTY[state];
  const columns = useMemo(() => columnsOf(state), [state]);
  const bulk = (chosen: readonly Delivery[], clear: () => void) => (
    <Group gap="xs">
      <Button size="compact-sm" variant="light" onClick={() => setWish({ verb: 'redeliver', rows: chosen, clear })}>
        Deliver again
      </Button>
      <Button
        size="compact-sm"
        color="red"
        variant="light"
        onClick={() => setWish({ verb: 'discard', rows: chosen, clear })}
      >
        Throw away
      </Button>
    </Group>
  );
  return (
    <>
      <Group gap="sm">
        <Select
          aria-label="Consumer"
          placeholder="Every consumer"
          clearable
          clearButtonProps={{ 'aria-label': 'Clear the consumer' }}
          w={320}
          maw="100%"
          data={standings.map(({ name }) => name)}
          value={consumer || null}
          onChange={(name) => onConsumer(name ?? '')}
        />
        {may && state === 'dead' && <ReplayAll standings={standings} consumer={consumer} />}
      </Group>
      <DataTable
        label="Deliveries"
        columns={columns}
        rows={items}
        idOf={({ id }) => id}
        nameOf={({ subject, topic }) => `${subject} ${topic}`}
        onOpen={({ id }) => onOpen(id)}
        current={current}
        {...listReading(query)}
        {...(may && state === 'dead' ? { bulk } : {})}
        empty={
          <EmptyState icon={IconMailCheck} title={title}>
            {words}
          </EmptyState>
        }
      />
      <DecideDead wish={wish} onClose={() => setWish(undefined)} />
    </>
  );
}

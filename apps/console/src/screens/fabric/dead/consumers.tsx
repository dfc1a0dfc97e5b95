import type { CallResult } from '@counterpoint/sdk';
import { Button, Radio, Stack, Text, TextInput } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useAction } from '../../../app/use-api.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { consumerWords } from '../parts/words.ts';
import { CHANGED } from './deliveries.ts';
import { rewindTo } from './rewind.ts';

type Standings = CallResult<'listConsumers'>;
type Consumer = Standings['items'][number];

function columnsFor(may: boolean, onRewind: (consumer: Consumer) => void): readonly Column<Consumer>[] {
  return [
    {
      ...{ id: 'name', header: 'Consumer', width: '2fr', card: 'title' as const },
      cell: ({ name }) => (
        <>
          <Untrusted text={name} line ff="monospace" longest={200} />
          <Text size="xs" c="dimmed" truncate>
            {consumerWords(name)}
          </Text>
        </>
      ),
    },
    {
      ...{ id: 'topics', header: 'Takes', width: '1.4fr', from: 900 },
      cell: ({ topics }) => (
        <Untrusted text={topics.map((one) => (one === '>' ? 'everything' : one)).join(', ')} line longest={200} />
      ),
    },
    {
      id: 'position',
      header: 'Position',
      width: 96,
      align: 'right' as const,
      cell: ({ position }) => position.toLocaleString('en'),
    },
    {
      id: 'behind',
      header: 'Behind',
      width: 90,
      align: 'right' as const,
      cell: ({ behind }) => behind.toLocaleString('en'),
    },
    {
      id: 'retrying',
      header: 'Retrying',
      width: 90,
      align: 'right' as const,
      cell: ({ retrying }) => retrying.toLocaleString('en'),
    },
    { id: 'dead', header: 'Dead', width: 76, align: 'right' as const, cell: ({ dead }) => dead.toLocaleString('en') },
    ...(may
      ? [
          {
            ...{ id: 'do', header: 'Again', width: 100 },
            cell: (row: Consumer) => (
              <Button size="compact-xs" variant="light" onClick={() => onRewind(row)}>
                Rewind…
              </Button>
            ),
          },
        ]
      : []),
  ];
}

interface RewindProps {
  readonly consumer: Consumer | undefined;
  readonly bounds: Pick<Standings, 'first' | 'last'>;
  readonly onClose: () => void;
}

function Rewind({ consumer, bounds, onClose }: RewindProps) {
  const [how, setHow] = useState<'time' | 'position'>('time');
  const [text, setText] = useState('1h');
  const rewind = useAction('rewindConsumer', { done: 'It goes on from there', refresh: CHANGED });
  const place = rewindTo(how, text, Date.now());
  return (
    <Confirm
      opened={consumer !== undefined}
      onClose={onClose}
      title={`Let ${consumer?.name ?? ''} go on from another place?`}
      verb="Rewind"
      danger
      reason="required"
      ready={!('problem' in place)}
      onConfirm={async (reason) => {
        if ('problem' in place) return;
        await rewind.mutateAsync({ name: consumer?.name ?? '', body: { ...place, reason } });
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          Events from there on come to it again, in their order. A run or reaction that was started for an event is not
          started twice; a participant must know by itself what it has seen. What it has to try again is forgotten.
        </Text>
        <Radio.Group
          label="Where it goes on"
          value={how}
          onChange={(next) => setHow(next === 'position' ? 'position' : 'time')}
        >
          <Radio mt={6} value="time" label="From some time ago" />
          <Radio mt={6} value="position" label={`Behind a position (${bounds.first} to ${bounds.last} are retained)`} />
        </Radio.Group>
        <TextInput
          label={how === 'time' ? 'How long ago, such as 30m, 4h or 2d' : 'Position'}
          value={text}
          error={'problem' in place ? place.problem : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  );
}

/** How far everybody who takes events has come, and the way to let one take them again. */
export function Consumers({ standings }: { readonly standings: UseQueryResult<Standings> }) {
  const may = useMay('fabric:operate');
  const [rewinding, setRewinding] = useState<Consumer>();
  const columns = useMemo(() => columnsFor(may, setRewinding), [may]);
  const { data, isPending, error, refetch } = standings;
  return (
    <>
      <DataTable
        label="Consumers"
        columns={columns}
        rows={data?.items ?? []}
        idOf={({ name }) => name}
        nameOf={({ name }) => name}
        loading={isPending}
        error={error}
        retry={refetch}
        toneOf={({ dead, retrying }) => (dead > 0 ? 'bad' : retrying > 0 ? 'warn' : undefined)}
        empty={
          <EmptyState icon={IconUsersGroup} title="Nobody takes events">
            Consumers show up when the server is up, and when participants subscribe durably.
          </EmptyState>
        }
      />
      <Rewind consumer={rewinding} bounds={data ?? { first: 0, last: 0 }} onClose={() => setRewinding(undefined)} />
    </>
  );
}

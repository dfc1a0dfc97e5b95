import type { CallResult } from '@counterpoint/sdk';
import { Button, Group, Text } from '@mantine/core';
import { IconArrowBackUp, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useApiPages } from '../../../app/use-api.ts';
import { EffectBadge, EffectState, SimulatedMark } from '../../../ui/badges.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { listReading } from '../../../ui/list-reading.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { UndoDialog } from '../../effects/undo-dialog.tsx';
import { LongList } from '../long-list.tsx';
import { isStanding, standingWords } from './changes-words.ts';
import type { RunView } from './run-view.ts';

type Effect = CallResult<'listEffects'>['items'][number];

const columns: readonly Column<Effect>[] = [
  {
    id: 'title',
    header: 'What it did',
    width: '2fr',
    card: 'title',
    cell: (one) => <Untrusted text={one.title} line longest={160} />,
  },
  {
    id: 'state',
    header: 'State',
    width: 150,
    cell: (one) => (
      <Group gap={4} wrap="nowrap">
        <EffectState effect={one} />
        <SimulatedMark simulated={one.simulated} />
      </Group>
    ),
  },
  { id: 'class', header: 'Class', width: 110, cell: (one) => <EffectBadge effect={one.effect} /> },
  { id: 'step', header: 'Step', width: '1fr', from: 1000, cell: (one) => <Untrusted text={one.address} line /> },
  { id: 'at', header: 'When', width: 110, cell: (one) => <When at={one.created_at} /> },
  {
    id: 'until',
    header: 'Until',
    width: 110,
    from: 800,
    cell: (one) => <When at={one.ended_at === null ? one.lease_until : null} none="" />,
  },
];

/** What a run changed in the world, and the way to take all of it back. */
export function ChangesTab({ run }: { readonly run: RunView }) {
  const { items, query } = useApiPages('listEffects', { query: { run: run.id, limit: 100 } });
  const mayUndo = useMay('effect:undo');
  const [undoing, setUndoing] = useState(false);
  const standing = items.filter(isStanding).length;
  return (
    <>
      {items.length > 0 && (
        <Group justify="space-between" mb="xs">
          <Text size="sm" c="dimmed">
            {standingWords(items, query.hasNextPage)}
          </Text>
          {mayUndo && standing > 0 && (
            <Button
              variant="light"
              color="red"
              leftSection={<IconArrowBackUp size={16} />}
              onClick={() => setUndoing(true)}
            >
              Undo all of it…
            </Button>
          )}
        </Group>
      )}
      <LongList count={items.length}>
        {(flow) => (
          <DataTable
            label="Changes"
            columns={columns}
            rows={items}
            idOf={({ id }) => id}
            nameOf={({ title }) => title}
            pathOf={({ id }) => `/effects/${id}`}
            flow={flow}
            {...listReading(query)}
            empty={
              <EmptyState icon={IconShieldCheck} title="It changed nothing">
                Actions that only look something up leave no trace in a product. What changes, contains or destroys
                would stand here.
              </EmptyState>
            }
          />
        )}
      </LongList>
      <UndoDialog of={undoing ? { run: run.id } : undefined} onClose={() => setUndoing(false)} />
    </>
  );
}

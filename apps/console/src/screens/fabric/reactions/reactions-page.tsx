import { Group, Text } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useApiPages } from '../../../app/use-api.ts';
import { StatusBadge, ToneBadge } from '../../../ui/badges.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { listReading } from '../../../ui/list-reading.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { FabricPage } from '../parts/fabric-page.tsx';
import { ModeBadge } from './mode-badge.tsx';
import type { ListedReaction } from './reaction-rows.ts';

const COLUMNS: readonly Column<ListedReaction>[] = [
  {
    ...{ id: 'title', header: 'Reaction', width: '3.2fr', card: 'title' },
    cell: ({ title }) => <Untrusted text={title} line longest={200} />,
  },
  { id: 'mode', header: 'Mode', width: 90, cell: ({ mode }) => <ModeBadge mode={mode} /> },
  {
    ...{ id: 'topic', header: 'Takes', width: '1.6fr', from: 800 },
    cell: ({ topic }) => <Untrusted text={topic} line ff="monospace" longest={200} />,
  },
  {
    ...{ id: 'held', header: 'Held', width: 130 },
    cell: ({ held, oldest_held_at }) =>
      held > 0 && (
        <span>
          {held.toLocaleString('en')}, since <When at={oldest_held_at} />
        </span>
      ),
  },
  {
    ...{ id: 'state', header: 'State', width: 150 },
    cell: ({ enabled, storm }) => (
      <Group gap={4} wrap="nowrap">
        <StatusBadge state={enabled ? 'enabled' : 'disabled'} />
        {storm && <ToneBadge tone="bad" word="storm" means="Its storm breaker is open: events are held" />}
      </Group>
    ),
  },
  { id: 'updated', header: 'Changed', width: 100, from: 1000, cell: ({ updated_at }) => <When at={updated_at} /> },
];

/** Every published reaction: its mode, and what is held for it. */
export function ReactionsPage() {
  const { items, query } = useApiPages('listReactions', { query: {} });
  return (
    <FabricPage title="Reactions" about="Each takes events of one topic and does one thing about them" fill>
      <DataTable
        label="Reactions"
        columns={COLUMNS}
        rows={items}
        idOf={({ id }) => id}
        nameOf={({ title }) => title}
        pathOf={({ id }) => `/fabric/reactions/${encodeURIComponent(id)}`}
        {...listReading(query)}
        toneOf={({ enabled, storm, held }) => (storm ? 'bad' : held > 0 ? 'warn' : enabled ? undefined : 'calm')}
        empty={
          <EmptyState icon={IconBolt} title="No reaction is published">
            <Text size="sm">
              A reaction says: when this is published, do that. Write one under Playbooks, as a document of kind
              reaction/v1, in mode observe at first.
            </Text>
          </EmptyState>
        }
      />
    </FabricPage>
  );
}

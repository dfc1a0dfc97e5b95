import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlug, IconPlus } from '@tabler/icons-react';
import { useMay } from '../../../app/session.tsx';
import { useApiPages } from '../../../app/use-api.ts';
import { StatusBadge, ToneBadge } from '../../../ui/badges.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterBar } from '../../../ui/filter-bar.tsx';
import { listReading } from '../../../ui/list-reading.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { oneOf } from '../../../ui/url-fields.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { FabricPage } from '../parts/fabric-page.tsx';
import { LastHere } from './last-here.tsx';
import { LetIn } from './let-in.tsx';
import { KINDS, type ListedParticipant } from './participant-rows.ts';

const search = { state: oneOf(['online', 'offline']) };

const COLUMNS: readonly Column<ListedParticipant>[] = [
  {
    ...{ id: 'title', header: 'Participant', width: '1.8fr', card: 'title' },
    cell: ({ title }) => <Untrusted text={title} line longest={160} />,
  },
  { id: 'id', header: 'Id', width: '1.4fr', cell: ({ id }) => <Untrusted text={id} line ff="monospace" /> },
  {
    ...{ id: 'state', header: 'State', width: 170 },
    cell: ({ enabled, state, drifted }) => (
      <Group gap={4} wrap="nowrap">
        <StatusBadge state={enabled ? state : 'disabled'} />
        {drifted && <ToneBadge tone="warn" word="drifted" means="It says something else of itself than git does" />}
      </Group>
    ),
  },
  { id: 'kind', header: 'Proves itself', width: 120, from: 900, cell: ({ kind }) => KINDS[kind] },
  {
    id: 'site',
    header: 'Site',
    width: 90,
    from: 1100,
    card: 'none',
    cell: ({ site }) => <Untrusted text={site || '–'} line />,
  },
  {
    ...{ id: 'offers', header: 'Can do', width: '1.8fr', from: 1000, card: 'none' },
    cell: ({ capabilities, services }) => (
      <Untrusted text={(capabilities.length > 0 ? capabilities : services).join(', ') || '–'} line longest={200} />
    ),
  },
  { id: 'seen', header: 'Last here', width: 100, cell: (one) => <LastHere one={one} /> },
];

/** Everybody who was let in, and the way to let somebody in. */
export function ParticipantsPage() {
  const [state, change] = useUrlState(search);
  const may = useMay('fabric:write');
  const [opened, { open, close }] = useDisclosure();
  const query = state.state === undefined ? {} : { state: state.state };
  const { items, query: read } = useApiPages('listParticipants', { query });
  const letIn = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Let in
    </Button>
  );
  return (
    <FabricPage
      title="Participants"
      about="Tools and services that speak on the fabric, each with rights of its own"
      actions={letIn}
      fill
    >
      <FilterBar
        facets={[
          {
            ...{ id: 'state', label: 'Every state' },
            options: [
              { value: 'online', label: 'Online' },
              { value: 'offline', label: 'Offline' },
            ],
          },
        ]}
        values={{ state: state.state }}
        onChange={(fields) => change(fields as Parameters<typeof change>[0], { replace: true })}
      />
      <DataTable
        label="Participants"
        columns={COLUMNS}
        rows={items}
        idOf={({ id }) => id}
        nameOf={({ title }) => title}
        pathOf={({ id }) => `/fabric/participants/${encodeURIComponent(id)}`}
        {...listReading(read)}
        toneOf={({ enabled, state: now }) => (!enabled ? 'calm' : now === 'offline' ? 'warn' : undefined)}
        empty={
          <EmptyState icon={IconPlug} title="Nobody takes part" action={letIn}>
            A participant is a tool that publishes what it knows, takes what concerns it, or offers what it can do.
            Those of git stand in content/participants; others are let in here and join with a token, over HTTP, MQTT or
            OpenDXL.
          </EmptyState>
        }
      />
      <LetIn opened={opened} onClose={close} />
    </FabricPage>
  );
}

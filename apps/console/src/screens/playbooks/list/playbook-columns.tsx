import type { CallResult } from '@counterpoint/sdk';
import { Group, Stack, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { StatusBadge, ToneBadge } from '../../../ui/badges.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';

/** A playbook as the list shows it. */
export type ListedPlaybook = CallResult<'listPlaybooks'>['items'][number];

function Name({ row }: { readonly row: ListedPlaybook }) {
  return (
    <Stack gap={0} miw={0}>
      <Group gap={6} wrap="nowrap" miw={0}>
        <Text size="sm" fw={600} truncate>
          <Untrusted text={row.title} line longest={160} />
        </Text>
        {row.kind === 'reaction' && <ToneBadge tone="calm" word="reaction" />}
        {row.has_draft && <ToneBadge tone="busy" word="draft" icon={IconPencil} means="Somebody is working on it" />}
        {!row.enabled && <StatusBadge state="disabled" />}
      </Group>
      <Text size="xs" c="dimmed" truncate>
        {row.id} · version {row.number} · {row.steps === 1 ? '1 step' : `${row.steps} steps`}
      </Text>
    </Stack>
  );
}

function Triggers({ row }: { readonly row: ListedPlaybook }) {
  const lines = row.triggers.map(({ kind, summary }) => summary || kind);
  return <Untrusted text={lines.join(' · ') || 'by hand'} line longest={200} />;
}

function LastRun({ row }: { readonly row: ListedPlaybook }) {
  if (!row.last_run)
    return (
      <Text size="sm" c="dimmed">
        never
      </Text>
    );
  return (
    <Group gap={6} wrap="nowrap">
      <StatusBadge state={row.last_run.status} />
      <Text size="xs" c="dimmed">
        <When at={row.last_run.created_at} />
      </Text>
    </Group>
  );
}

function Failures({ row }: { readonly row: ListedPlaybook }) {
  const { runs_24h: runs, failures_24h: failures } = row;
  if (runs === 0)
    return (
      <Text size="sm" c="dimmed">
        –
      </Text>
    );
  return (
    <Text size="sm" {...(failures > 0 ? { c: 'var(--cp-bad)', fw: 600 } : {})}>
      {failures} of {runs}
    </Text>
  );
}

/** Columns of the list of playbooks. */
export const playbookColumns: readonly Column<ListedPlaybook>[] = [
  { id: 'title', header: 'Playbook', width: '7fr', card: 'title', cell: (row) => <Name row={row} /> },
  { id: 'starts', header: 'Starts with', width: '3fr', from: 900, cell: (row) => <Triggers row={row} /> },
  { id: 'last_run', header: 'Last run', width: 190, cell: (row) => <LastRun row={row} /> },
  { id: 'updated', header: 'Published', width: 120, from: 1500, cell: (row) => <When at={row.updated_at} /> },
  { id: 'failed', header: 'Failed, 24 h', width: 110, align: 'right', cell: (row) => <Failures row={row} /> },
];

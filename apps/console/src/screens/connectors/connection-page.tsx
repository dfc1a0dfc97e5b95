import type { CallResult } from '@counterpoint/sdk';
import { Button, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconPencil, IconPlugConnected, IconPower, IconTrash } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { useAction, useApi } from '../../app/use-api.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { EffectState, SimulatedMark } from '../../ui/badges.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { LoadingPanel } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Stat } from '../../ui/stat.tsx';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { flag } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import { EditDrawer } from './edit-drawer.tsx';
import { HealthBadge } from './health-badge.tsx';
import { Proof } from './proof.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { UsersPanel } from './users-panel.tsx';

type Connection = CallResult<'getConnection'>;
type Line = Connection['recent'][number];

const REFRESH = ['getConnection', 'listConnections', 'listConnectors'] as const;

const COLUMNS: readonly Column<Line>[] = [
  {
    id: 'action',
    header: 'Change',
    width: '1.4fr',
    card: 'title',
    cell: ({ action }) => <Untrusted text={action} line longest={100} />,
  },
  { id: 'target', header: 'On', cell: ({ target }) => <Untrusted text={target || '–'} line longest={120} /> },
  {
    id: 'state',
    header: 'State',
    width: 130,
    cell: (one) => <EffectState effect={one} />,
  },
  {
    id: 'error',
    header: 'Why',
    from: 1000,
    cell: ({ error }) => <Untrusted text={error?.message ?? ''} line longest={200} />,
  },
  { id: 'at', header: 'Asked', width: 110, cell: ({ at }) => <When at={at} /> },
];

function Recent({ connection }: { readonly connection: Connection }) {
  return (
    <DataTable
      label="Last changes"
      flow
      columns={COLUMNS}
      rows={connection.recent}
      idOf={({ id }) => id}
      nameOf={({ action, target }) => `${action} ${target}`}
      pathOf={({ id }) => `/effects/${encodeURIComponent(id)}`}
      empty={
        <Text size="sm" c="dimmed" p="md">
          Nothing was changed through it yet. What only looks something up is not in the ledger.
        </Text>
      }
    />
  );
}

const ABOVE = [{ title: 'Connectors', path: '/connectors' }];

const state = { edit: flag };

/** What is known of a connection that nobody tested. */
const UNTESTED: Readonly<Record<string, string>> = {
  working: 'its last change succeeded',
  failing: 'its last change failed',
};

function Figures({ connection }: { readonly connection: Connection }) {
  const { health, in_force, id } = connection;
  const { succeeded, failed, unknown } = health.changes;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <Stat
        label="Last test"
        value={health.check ? (health.check.ok ? `${health.check.millis} ms` : 'failed') : 'never'}
        hint={health.check ? <When at={health.check.at} /> : (UNTESTED[health.state] ?? 'test it to know')}
        {...(health.check ? { tone: health.check.ok ? ('good' as const) : ('bad' as const) } : {})}
      />
      <Stat label="Changes, 24 h" value={succeeded + failed + unknown} hint={`${succeeded} succeeded`} />
      <Stat
        label="Failures, 24 h"
        value={failed + unknown}
        hint={unknown > 0 ? `${unknown} of unknown outcome` : 'refusals of the product included'}
        {...(failed + unknown > 0 ? { tone: 'bad' as const } : {})}
      />
      <Stat
        label="In force"
        value={in_force}
        hint="changes that stand through it"
        to={`/effects?connection=${encodeURIComponent(id)}`}
      />
    </SimpleGrid>
  );
}

interface ButtonsProps {
  readonly connection: Connection;
  readonly hasTest: boolean;
  readonly onEdit: () => void;
}

function Buttons({ connection, hasTest, onEdit }: ButtonsProps) {
  const { id, title, enabled } = connection;
  const [removing, setRemoving] = useState(false);
  const test = useAction('testConnection', { refresh: REFRESH });
  const switchTo = (on: boolean) => ({ id, body: { enabled: on } });
  const power = useAction('updateConnection', {
    done: (result) => (result.enabled ? `Enabled ${title}` : `Disabled ${title}`),
    refresh: REFRESH,
  });
  const mayUse = useMay('connection:use');
  const mayWrite = useMay('connection:write');
  return (
    <>
      {hasTest && mayUse && enabled && (
        <Button
          leftSection={<IconPlugConnected size={16} />}
          loading={test.isPending}
          onClick={() => test.mutate({ id })}
        >
          Test
        </Button>
      )}
      {mayWrite && (
        <>
          <Button variant="default" leftSection={<IconPencil size={16} />} onClick={onEdit}>
            Edit
          </Button>
          <Button
            variant="default"
            leftSection={<IconPower size={16} />}
            loading={power.isPending}
            onClick={() => power.mutate(switchTo(!enabled))}
          >
            {enabled ? 'Disable' : 'Enable'}
          </Button>
          <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setRemoving(true)}>
            Remove
          </Button>
        </>
      )}
      {removing && <RemoveDialog connection={connection} onClose={() => setRemoving(false)} />}
    </>
  );
}

/** One connection: whether it works, what went through it, who uses it, how far it reaches. */
export function ConnectionPage() {
  const { id = '' } = useParams({ strict: false });
  const [{ edit }, change] = useUrlState(state);
  const mayEdit = useMay('connection:write');
  const { data: connection, error, refetch } = useApi('getConnection', { id });
  const { data: connector } = useApi(
    'getConnector',
    { id: connection?.connector ?? '' },
    { enabled: connection !== undefined },
  );
  if (error && !connection) return <UnreadPage title="Connection" above={ABOVE} error={error} retry={refetch} />;
  if (!connection) return <LoadingPanel />;
  const { title, health, simulated, connector: kind } = connection;
  const onEdit = () => change({ edit: true });
  const manifest = connector?.manifest as { readonly test?: unknown; readonly title?: string } | undefined;
  return (
    <Page
      title={title}
      above={[
        { title: 'Connectors', path: '/connectors' },
        { title: manifest?.title ?? kind, path: `/connectors/${encodeURIComponent(kind)}` },
      ]}
      marks={
        <>
          <HealthBadge state={health.state} />
          <SimulatedMark simulated={simulated} />
        </>
      }
      about={
        <>
          <Text component="span" ff="monospace" size="xs">
            {id}
          </Text>{' '}
          · a connection of{' '}
          <AppLink underline="always" to={`/connectors/${encodeURIComponent(kind)}`}>
            {manifest?.title ?? kind}
          </AppLink>
        </>
      }
      actions={<Buttons connection={connection} hasTest={manifest?.test !== undefined} onEdit={onEdit} />}
    >
      {health.check && health.check.at >= connection.updated_at && (
        <Proof proven={health.check} connector={manifest?.title ?? kind} credential={connection.secrets.length > 0} />
      )}
      <Figures connection={connection} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
        <SettingsPanel connection={connection} onReplace={mayEdit ? onEdit : undefined} />
        <UsersPanel playbooks={connection.playbooks} />
      </SimpleGrid>
      <Paper p={0} bg="transparent">
        <Stack gap="xs">
          <Title order={2} size="h5">
            Last changes
          </Title>
          <Recent connection={connection} />
        </Stack>
      </Paper>
      {edit && mayEdit && <EditDrawer connection={connection} onClose={() => change({ edit: undefined })} />}
    </Page>
  );
}

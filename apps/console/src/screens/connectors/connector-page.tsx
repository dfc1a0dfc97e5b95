import { Anchor, Badge, Button, Group, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconExternalLink, IconMinus, IconPlugConnected } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useMay } from '../../app/session.tsx';
import { useApi } from '../../app/use-api.ts';
import { SimulatedMark } from '../../ui/badges.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { LoadingPanel } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { flag } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import { Actions } from './action-panel.tsx';
import { ConnectDrawer } from './connect-drawer.tsx';
import { GradeBadge, HealthBadge } from './health-badge.tsx';
import { type Manifest, readManifest } from './manifest.ts';
import { SchemaTable } from './schema-table.tsx';
import { factWords, GRADES, type Grade, nextGrade } from './words.ts';

type Connection = NonNullable<ReturnType<typeof useConnections>['data']>['items'][number];

const ABOVE = [{ title: 'Connectors', path: '/connectors' }];

const state = { connect: flag };

function useConnections(connector: string) {
  return useApi('listConnections', { query: { connector, limit: 500 } });
}

const COLUMNS: readonly Column<Connection>[] = [
  {
    id: 'title',
    header: 'Connection',
    width: '2fr',
    card: 'title',
    cell: ({ title }) => <Untrusted text={title} line longest={100} />,
  },
  {
    id: 'id',
    header: 'Id',
    from: 900,
    cell: ({ id }) => (
      <Text size="xs" ff="monospace">
        {id}
      </Text>
    ),
  },
  {
    id: 'health',
    header: 'Health',
    width: 150,
    cell: ({ health, simulated }) => (
      <Group gap={4} wrap="nowrap">
        <HealthBadge state={health.state} />
        <SimulatedMark simulated={simulated} />
      </Group>
    ),
  },
  {
    id: 'hosts',
    header: 'Sends to',
    from: 1100,
    cell: ({ allowed_hosts }) => <Untrusted text={allowed_hosts.join(', ') || '–'} line longest={120} />,
  },
  {
    id: 'tested',
    header: 'Tested',
    width: 110,
    from: 800,
    cell: ({ health }) => <When at={health.check?.at ?? null} none="never tested" />,
  },
];

function Connections({ connector }: { readonly connector: string }) {
  const { data, error, isPending, refetch } = useConnections(connector);
  return (
    <DataTable
      label="Connections"
      flow
      columns={COLUMNS}
      rows={data?.items ?? []}
      idOf={({ id }) => id}
      nameOf={({ title }) => title}
      pathOf={({ id }) => `/connections/${encodeURIComponent(id)}`}
      toneOf={({ health }) => (health.state === 'failing' ? 'bad' : health.state === 'disabled' ? 'calm' : undefined)}
      loading={isPending}
      error={error}
      retry={refetch}
      empty={
        <Text size="sm" c="dimmed" p="md">
          Not connected yet. Its actions work as soon as it is.
        </Text>
      }
    />
  );
}

/** What would make the grade better. */
function Above({ grade }: { readonly grade: Grade }) {
  const next = nextGrade(grade);
  if (!next) return null;
  return (
    <Text size="sm" mt="xs">
      <Text span fw={600}>
        For {GRADES[next.letter].word} this must hold too:
      </Text>{' '}
      {next.missing.map((one) => one.charAt(0).toLowerCase() + one.slice(1)).join('; ')}.
    </Text>
  );
}

function GradePanel({ grade }: { readonly grade: Grade }) {
  return (
    <Paper withBorder p="md">
      <Group gap="xs" mb="xs">
        <Title order={2} size="h5">
          Grade
        </Title>
        <GradeBadge grade={grade} />
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        {GRADES[grade.letter].means} Computed from what can be checked, not from what is said.
      </Text>
      <List size="sm" spacing={4} listStyleType="none">
        {grade.facts.map(({ fact, for: letter, holds }) => (
          <List.Item
            key={fact}
            icon={
              holds ? (
                <IconCheck size={16} color="var(--cp-good)" aria-label="holds" />
              ) : (
                <IconMinus size={16} color="var(--cp-warn)" aria-label="does not hold" />
              )
            }
          >
            <Text size="sm" component="span" {...(holds ? {} : { c: 'dimmed' })}>
              {factWords(fact)}{' '}
            </Text>
            <Text size="xs" c="dimmed" component="span">
              ({letter})
            </Text>
          </List.Item>
        ))}
      </List>
      <Above grade={grade} />
    </Paper>
  );
}

function AboutPanel({ manifest, kind }: { readonly manifest: Manifest; readonly kind: string }) {
  const { version, documentation, rateLimit, capabilities } = manifest;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        About
      </Title>
      <Stack gap={6}>
        <Text size="sm">
          Version {version} of the connector{rateLimit ? ` · keeps to ${rateLimit}, for each connection` : ''}
        </Text>
        {capabilities.length > 0 && (
          <Group gap={6}>
            <Text size="sm">Provides</Text>
            {capabilities.map(({ name, action }) => (
              <Badge key={name} variant="light" color="gray" tt="none" title={`by ${action}`}>
                {name.replaceAll('_', ' ')}
              </Badge>
            ))}
          </Group>
        )}
        {/^https:\/\//.test(documentation) && (
          <Anchor size="sm" href={documentation} target="_blank" rel="noreferrer noopener">
            Documentation of the vendor <IconExternalLink size={14} aria-label="(opens a new tab)" />
          </Anchor>
        )}
        {kind === 'product' && (
          <div>
            <Text size="xs" fw={600} c="dimmed" mt="xs" mb={4}>
              To connect it you need
            </Text>
            <SchemaTable
              schema={manifest.connection}
              none="Nothing: it needs no configuration."
              label="What a connection needs"
            />
          </div>
        )}
      </Stack>
    </Paper>
  );
}

const ABOUT: Readonly<Record<string, string>> = {
  participant: 'A participant of the fabric: its actions are there while it is.',
  builtin: 'Part of the product: it acts on our own records only, and needs no connection.',
};

/** One connector: what it can do, how far it is proven, and its connections. */
export function ConnectorPage() {
  const { id = '' } = useParams({ strict: false });
  const [{ connect }, change] = useUrlState(state);
  const { data, error, refetch } = useApi('getConnector', { id });
  const connections = useConnections(id).data?.items ?? [];
  const mayConnect = useMay('connection:write');
  if (error && !data) return <UnreadPage title="Connector" above={ABOVE} error={error} retry={refetch} />;
  if (!data) return <LoadingPanel />;
  const { kind, grade } = data;
  const manifest = readManifest(data.manifest);
  const connectable = kind === 'product' && mayConnect;
  const usable = connections.filter(({ enabled }) => enabled).map((one) => one.id);
  return (
    <Page
      title={manifest.title}
      above={ABOVE}
      marks={grade && <GradeBadge grade={grade} />}
      about={<Untrusted text={`${manifest.vendor} · ${ABOUT[kind] ?? manifest.description}`} />}
      actions={
        connectable && (
          <Button leftSection={<IconPlugConnected size={16} />} onClick={() => change({ connect: true })}>
            Connect
          </Button>
        )
      }
    >
      {kind !== 'builtin' && <Connections connector={id} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
        <AboutPanel manifest={manifest} kind={kind} />
        {grade && <GradePanel grade={grade} />}
      </SimpleGrid>
      <Title order={2} size="h5">
        What it can do
      </Title>
      <Actions manifest={manifest} through={usable} builtin={kind === 'builtin'} />
      {connectable && connect && <ConnectDrawer manifest={manifest} onClose={() => change({ connect: undefined })} />}
    </Page>
  );
}

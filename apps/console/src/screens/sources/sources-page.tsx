import { Button, Group, Paper, Stack, Tabs, Text } from '@mantine/core';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../app/session.tsx';
import { useApi } from '../../app/use-api.ts';
import { SimulatedMark, ToneBadge } from '../../ui/badges.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingRows } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { flag, oneOf, text } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import { type Source, STATES } from './account.ts';
import { AccountView } from './account-view.tsx';
import { CreateSource } from './create-source.tsx';
import { DoorLine } from './door-note.tsx';
import styles from './sources-page.module.css';
import { TryInput } from './try-input.tsx';

const state = {
  view: oneOf(['list', 'try'], 'list'),
  add: flag,
  normalizer: text(),
  raw: text(),
};

function SourceCard({ source }: { readonly source: Source }) {
  const { id, title, counts, waiting, missing, last_at, last_day, simulated } = source;
  const { word, tone, means } = STATES[source.state];
  return (
    <Paper withBorder p="md" className={styles.card}>
      <Group justify="space-between" mb={8} gap="xs">
        <Group gap="xs" miw={0}>
          <Text component={Link} to={`/sources/${encodeURIComponent(id)}`} fw={650} className={styles.name}>
            <Untrusted text={title} line longest={100} />
          </Text>
          <Text size="xs" c="dimmed" ff="monospace">
            {id}
          </Text>
          <ToneBadge tone={tone} word={word} means={means} />
          <SimulatedMark simulated={simulated} />
        </Group>
        <Text size="sm" c="dimmed">
          {last_at === null ? (
            'nothing received yet'
          ) : (
            <>
              last received <When at={last_at} /> · {last_day.received.toLocaleString('en')} in 24 h
            </>
          )}
        </Text>
      </Group>
      <AccountView counts={counts} waiting={waiting} missing={missing} />
      <DoorLine source={source} />
    </Paper>
  );
}

function SourceList({ onAdd }: { readonly onAdd: (() => void) | undefined }) {
  const { data, error, isPending, refetch } = useApi('listSources', {}, { every: 15_000 });
  const items = data?.items ?? [];
  if (error && items.length === 0) return <ErrorPanel error={error} retry={refetch} />;
  if (isPending) return <LoadingRows rows={4} height={96} />;
  if (items.length === 0) {
    return (
      <EmptyState
        icon={IconWebhook}
        title="No source yet"
        action={onAdd && <Button onClick={onAdd}>Add a source</Button>}
      >
        A source is an address that a tool posts its alerts to, with a proof of who posts and a normaliser that reads
        what comes. Add one, and let your SIEM, EDR or IDS send to it.
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      {items.map((source) => (
        <SourceCard key={source.id} source={source} />
      ))}
    </Stack>
  );
}

/** All sources with their account, and a place to try how an input would be read. */
export function SourcesPage() {
  const [{ view, add, normalizer, raw }, change] = useUrlState(state);
  const mayAdd = useMay('source:write');
  const onAdd = mayAdd ? () => change({ add: true }) : undefined;
  return (
    <Page
      title="Sources"
      about="Where alerts come from. Everything that comes in is accounted for."
      actions={
        onAdd && (
          <Button leftSection={<IconPlus size={16} />} onClick={onAdd}>
            Add a source
          </Button>
        )
      }
    >
      <Tabs value={view} onChange={(next) => change({ view: next === 'try' ? 'try' : 'list' })} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="list">Sources</Tabs.Tab>
          <Tabs.Tab value="try">Try an input</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="list">
          <SourceList onAdd={onAdd} />
        </Tabs.Panel>
        <Tabs.Panel value="try">
          <TryInput
            raw={raw}
            normalizer={normalizer}
            onNormalizer={(next) => change({ normalizer: next }, { replace: true })}
          />
        </Tabs.Panel>
      </Tabs>
      {add && mayAdd && <CreateSource onClose={() => change({ add: undefined })} />}
    </Page>
  );
}

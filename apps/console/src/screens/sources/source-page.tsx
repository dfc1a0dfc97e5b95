import type { CallResult } from '@counterpoint/sdk';
import { Alert, Button, Group, Modal, Paper, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconEarOff, IconKey, IconPencil, IconPower } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { useAction, useApi } from '../../app/use-api.ts';
import { SimulatedMark, ToneBadge } from '../../ui/badges.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { TimeChart } from '../../ui/time-chart.tsx';
import { shortDuration } from '../../ui/times.ts';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { oneOf } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import { DECISIONS, STATES, WAYS } from './account.ts';
import { AccountView } from './account-view.tsx';
import { Decisions } from './decisions.tsx';
import { DoorAlert } from './door-note.tsx';
import { EditSource } from './edit-source.tsx';
import { SecretOnce } from './secret-once.tsx';
import { exampleOf } from './sending.ts';

type Source = CallResult<'getSource'>;

const REFRESH = ['getSource', 'listSources'] as const;
const WINDOWS = ['1h', '24h', '7d', '30d'] as const;
const ABOVE = [{ title: 'Sources', path: '/sources' }];

const state = {
  window: oneOf(WINDOWS, '24h'),
  decision: oneOf(['created', 'merged', 'duplicate', 'suppressed', 'refused']),
};

interface RotateProps {
  readonly source: Source;
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}

function Rotate({ source, onSecret, onClose }: RotateProps) {
  const { id, auth } = source;
  const rotate = useAction('rotateSource', { refresh: REFRESH, forget: true });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`A new ${auth === 'token' ? 'token' : 'signing secret'}?`}
      verb="Make it"
      danger
      onConfirm={async () => onSecret((await rotate.mutateAsync({ id })).secret)}
    >
      {auth === 'token'
        ? 'The old token ends at once: what is sent with it is refused, and counted on this page, until the tool has the new one.'
        : 'The old secret stays valid until the next rotation, so that the tool can change over without losing a delivery.'}
    </Confirm>
  );
}

function Buttons({ source }: { readonly source: Source }) {
  const [open, setOpen] = useState<'edit' | 'rotate'>();
  const [secret, setSecret] = useState<string>();
  const { id, title, enabled, url, auth } = source;
  const power = useAction('updateSource', {
    done: (result) => (result.enabled ? `Enabled ${title}` : `Disabled ${title}`),
    undo: (_result, { body }) => client.updateSource({ id, body: { enabled: !body.enabled } }),
    refresh: REFRESH,
  });
  if (!useMay('source:write')) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setOpen('edit')}>
        Edit
      </Button>
      <Button variant="default" leftSection={<IconKey size={16} />} onClick={() => setOpen('rotate')}>
        New secret
      </Button>
      <Button
        variant="default"
        leftSection={<IconPower size={16} />}
        loading={power.isPending}
        onClick={() => power.mutate({ id, body: { enabled: !enabled } })}
      >
        {enabled ? 'Disable' : 'Enable'}
      </Button>
      {open === 'edit' && <EditSource source={source} onClose={() => setOpen(undefined)} />}
      {open === 'rotate' && <Rotate source={source} onSecret={setSecret} onClose={() => setOpen(undefined)} />}
      {secret !== undefined && (
        <Modal
          opened
          onClose={() => setSecret(undefined)}
          closeOnClickOutside={false}
          closeOnEscape={false}
          size="lg"
          title="The new secret"
        >
          <SecretOnce secret={secret} url={url} auth={auth} normalizer={source.normalizer} />
        </Modal>
      )}
    </>
  );
}

function Sending({ source }: { readonly source: Source }) {
  const { url, auth, normalizer, dedup_window, created_at } = source;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        How to send to it
      </Title>
      <Stack gap="xs">
        <Text size="sm">
          {auth === 'token' ? 'With its token in a header.' : 'Signed, as Standard Webhooks says.'} Read by{' '}
          {normalizer === '' ? 'no normaliser: it only starts playbooks' : `the normaliser ${normalizer}`}.{' '}
          {dedup_window === 0
            ? 'Every finding is an alert of its own.'
            : `Findings with one key within ${shortDuration(dedup_window)} are one alert.`}{' '}
          Made <When at={created_at} />.
        </Text>
        <CodeBlock text={exampleOf({ url, auth, normalizer })} label="command" />
      </Stack>
    </Paper>
  );
}

const SERIES = DECISIONS.map((name) => ({ name, label: WAYS[name].many, color: WAYS[name].color }));

function Over({
  source,
  onWindow,
  window,
}: {
  readonly source: Source;
  readonly window: string;
  readonly onWindow: (next: string) => void;
}) {
  const { counts, slices, width } = source.window;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          Over time
        </Title>
        <SegmentedControl size="xs" aria-label="Window" data={[...WINDOWS]} value={window} onChange={onWindow} />
      </Group>
      <Stack gap="sm">
        <AccountView counts={counts} />
        <TimeChart
          label={`What came in the last ${window}, by what became of it`}
          slices={slices}
          width={width}
          series={SERIES}
          legend={false}
        />
      </Stack>
    </Paper>
  );
}

/** A source that fell silent without refusing anything does not hear from its tool at all. */
function Silence({ source }: { readonly source: Source }) {
  if (source.state !== 'silent') return null;
  return (
    <Alert color="orange" icon={<IconEarOff />} title="Nothing has come for a while">
      The last delivery was <When at={source.last_at} />.{' '}
      {source.turned_away.counts.length === 0
        ? 'Nothing was refused at the door in the last 24 hours either: the tool does not send, or something in between drops it.'
        : 'What was sent since was refused at the door:'}
    </Alert>
  );
}

/** One source: its account, what came over time, and what became of each item. */
export function SourcePage() {
  const { id = '' } = useParams({ strict: false });
  const [{ window, decision }, change] = useUrlState(state);
  const {
    data: source,
    error,
    refetch,
  } = useApi('getSource', { id, query: { window } }, { keep: true, every: 15_000 });
  if (error && !source) return <UnreadPage title="Source" above={ABOVE} error={error} retry={refetch} />;
  if (!source) return <LoadingPanel />;
  const { word, tone, means } = STATES[source.state];
  const { title, simulated, last_at, counts, waiting, missing } = source;
  return (
    <Page
      title={title}
      above={ABOVE}
      marks={
        <>
          <ToneBadge tone={tone} word={word} means={means} />
          <SimulatedMark simulated={simulated} />
        </>
      }
      about={
        <>
          <Text component="span" ff="monospace" size="xs">
            {id}
          </Text>{' '}
          ·{' '}
          {last_at === null ? (
            'nothing received yet'
          ) : (
            <>
              last received <When at={last_at} />
            </>
          )}
        </>
      }
      actions={<Buttons source={source} />}
    >
      <Silence source={source} />
      <DoorAlert source={source} />
      <Paper withBorder p="md">
        <Title order={2} size="h5" mb="xs">
          All that ever came
        </Title>
        <AccountView counts={counts} waiting={waiting} missing={missing} />
      </Paper>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
        <Over source={source} window={window} onWindow={(next) => change({ window: next as typeof window })} />
        <Sending source={source} />
      </SimpleGrid>
      <Decisions source={id} decision={decision} onDecision={(next) => change({ decision: next })} />
    </Page>
  );
}

import type { CallResult } from '@counterpoint/sdk';
import { Group, Modal, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { useApi, useApiPages } from '../../app/use-api.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { ToneBadge } from '../../ui/badges.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { listReading } from '../../ui/list-reading.ts';
import { LoadingPanel } from '../../ui/loading.tsx';
import { Ref, TraceLink } from '../../ui/ref.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { DECISIONS, type Decision, WAYS } from './account.ts';

type Line = CallResult<'listDecisions'>['items'][number];

function itemName({ item }: Line): string {
  return item < 0 ? 'whole delivery, repeated' : `item ${item + 1}`;
}

const COLUMNS: readonly Column<Line>[] = [
  { id: 'at', header: 'When', width: 110, cell: ({ at }) => <When at={at} /> },
  {
    id: 'decision',
    header: 'Became',
    width: 130,
    cell: ({ decision }) => (
      <ToneBadge tone={WAYS[decision].tone} word={WAYS[decision].one} means={WAYS[decision].means} />
    ),
  },
  {
    id: 'alert',
    header: 'Alert',
    width: '2fr',
    card: 'title',
    cell: ({ alert, title }) =>
      alert ? (
        <Ref to={`alert:${alert}`}>{title ? <Untrusted text={title} line longest={120} /> : undefined}</Ref>
      ) : (
        <Text span c="dimmed" size="sm">
          none
        </Text>
      ),
  },
  { id: 'reason', header: 'Why', width: '2fr', cell: ({ reason }) => <Untrusted text={reason} line longest={300} /> },
  { id: 'item', header: 'Part', width: 90, from: 1000, cell: (line) => itemName(line) },
];

/** What read it then, and the way to see how it would be read now. */
function ReadBy({ line: { raw, normalizer } }: { readonly line: Line }) {
  const query = new URLSearchParams({ view: 'try', raw, ...(normalizer ? { normalizer: normalizer.id } : {}) });
  return (
    <Text size="sm" c="dimmed">
      {normalizer &&
        `Read by the normaliser ${normalizer.id}${normalizer.current ? '' : ', which was changed or removed since'}. `}
      <AppLink to={`/sources?${query}`} underline="always">
        See how it would be read now
      </AppLink>
    </Text>
  );
}

/** What was sent, byte for byte as text, with what became of the part that was clicked. */
function RawInput({ line, onClose }: { readonly line: Line; readonly onClose: () => void }) {
  const { data, error, refetch } = useApi('getRaw', { id: line.raw });
  return (
    <Modal opened onClose={onClose} size="xl" title={`What was sent (${itemName(line)})`}>
      <Stack gap="sm">
        <Group gap="xs">
          <ToneBadge tone={WAYS[line.decision].tone} word={WAYS[line.decision].one} />
          <TraceLink to={`raw:${line.raw}`} />
        </Group>
        <Untrusted text={line.reason} longest={600} />
        <ReadBy line={line} />
        {error ? (
          <ErrorPanel
            error={error}
            retry={refetch}
            title="It could not be read; old inputs are removed after a while"
          />
        ) : null}
        {data ? <CodeBlock text={data.text} label="input" /> : error ? null : <LoadingPanel />}
      </Stack>
    </Modal>
  );
}

interface DecisionsProps {
  readonly source: string;
  readonly decision: Decision | undefined;
  readonly onDecision: (decision: Decision | undefined) => void;
}

/** What became of what came in, item by item, newest first. */
export function Decisions({ source, decision, onDecision }: DecisionsProps) {
  const { items, query } = useApiPages('listDecisions', {
    query: { source, limit: 50, ...(decision ? { decision } : {}) },
  });
  const [open, setOpen] = useState<Line>();
  const mayRead = useMay('alert:read');
  const choices = [{ value: '', label: 'all' }, ...DECISIONS.map((value) => ({ value, label: WAYS[value].many }))];
  return (
    <Stack gap="xs" mih={420}>
      <Group justify="space-between">
        <Title order={2} size="h5">
          What became of it
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="What became of it"
          data={choices}
          value={decision ?? ''}
          onChange={(next) => onDecision(next === '' ? undefined : (next as Decision))}
        />
      </Group>
      <DataTable
        label="Decisions"
        flow
        columns={COLUMNS}
        rows={items}
        idOf={({ id }) => id}
        nameOf={({ title, reason }) => title ?? reason}
        {...(mayRead ? { onOpen: setOpen } : {})}
        toneOf={(line) => (line.decision === 'refused' ? 'bad' : undefined)}
        {...listReading(query)}
        empty={
          <EmptyState icon={IconInbox} title={decision ? `Nothing was ${WAYS[decision].many}` : 'Nothing came yet'}>
            {decision
              ? 'Choose another kind, or all.'
              : 'Send a sample with the command above; it shows up here at once.'}
          </EmptyState>
        }
      />
      {open && <RawInput line={open} onClose={() => setOpen(undefined)} />}
    </Stack>
  );
}

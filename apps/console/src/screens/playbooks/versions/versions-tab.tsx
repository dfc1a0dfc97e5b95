import type { CallResult } from '@counterpoint/sdk';
import { Box, Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useAction, useApiPages } from '../../../app/use-api.ts';
import { ToneBadge } from '../../../ui/badges.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingRows } from '../../../ui/loading.tsx';
import { text } from '../../../ui/url-fields.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { When } from '../../../ui/when.tsx';
import { By } from '../by.tsx';
import type { Editing } from '../editor/editing.ts';
import { syncWithServer } from '../editor/sync.ts';
import { useStanding } from '../editor/use-editor.ts';
import { Comparison } from './comparison.tsx';
import classes from './versions-tab.module.css';

type Version = CallResult<'listVersions'>['items'][number];

const state = { from: text(), to: text() };

interface Props {
  readonly editing: Editing;
  readonly readOnly: boolean;
}

/** The published versions of a playbook: what differs between any two, and the way back to an earlier one. */
export function VersionsTab({ editing, readOnly }: Props) {
  const { id } = editing;
  const { items, query } = useApiPages('listVersions', { id, query: { limit: 100 } });
  const { rev } = useStanding(editing);
  const [{ from, to }, setState] = useUrlState(state);
  const [back, setBack] = useState<Version>();
  if (query.isPending) return <LoadingRows />;
  if (query.error) return <ErrorPanel error={query.error} retry={query.refetch} />;
  if (items.length === 0) {
    return (
      <EmptyState icon={IconHistory} title="No version is published yet">
        Each time a draft is published it becomes a version. Versions never change; you can compare them and go back.
      </EmptyState>
    );
  }
  const names = [...(rev > 0 ? ['draft'] : []), ...items.map((version) => String(version.number))];
  const newest = names[0] ?? '';
  const right = to ?? newest;
  const left = from ?? names[1] ?? newest;
  const choose = (label: string, value: string, field: 'from' | 'to') => (
    <Select
      size="xs"
      w={140}
      aria-label={label}
      data={names.map((name) => ({ value: name, label: name === 'draft' ? 'Draft' : `Version ${name}` }))}
      value={value}
      allowDeselect={false}
      onChange={(next) => setState({ [field]: next ?? undefined })}
    />
  );
  return (
    <Box component="section" className={classes.tab} aria-label="Versions" tabIndex={0}>
      <VersionTable items={items} readOnly={readOnly} onBack={setBack} />
      {query.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Earlier versions
        </Button>
      )}
      {names.length > 1 && (
        <Stack gap="xs" mt="sm">
          <Group gap="xs">
            <Text size="sm" fw={600}>
              What changed from
            </Text>
            {choose('Compare from', left, 'from')}
            <Text size="sm">to</Text>
            {choose('Compare to', right, 'to')}
          </Group>
          {left === right ? (
            <Text size="sm" c="dimmed">
              Choose two that differ.
            </Text>
          ) : (
            <Comparison id={id} from={left} to={right} />
          )}
        </Stack>
      )}
      <RollBack editing={editing} to={back} onClose={() => setBack(undefined)} />
    </Box>
  );
}

interface TableProps {
  readonly items: readonly Version[];
  readonly readOnly: boolean;
  readonly onBack: (version: Version) => void;
}

function VersionTable({ items, readOnly, onBack }: TableProps) {
  return (
    <Table verticalSpacing={4} className={classes.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Version</Table.Th>
          <Table.Th>Published</Table.Th>
          <Table.Th>By</Table.Th>
          <Table.Th aria-label="Actions" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((version) => (
          <Table.Tr key={version.number}>
            <Table.Td>
              <Group gap={6} wrap="nowrap">
                {version.number}
                {version.current && <ToneBadge tone="good" word="current" />}
              </Group>
            </Table.Td>
            <Table.Td>
              <When at={version.published_at} />
            </Table.Td>
            <Table.Td>
              <By who={version.principal} />
            </Table.Td>
            <Table.Td ta="right">
              {!readOnly && !version.current && (
                <Button size="compact-xs" variant="default" onClick={() => onBack(version)}>
                  Roll back to this
                </Button>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface RollBackProps {
  readonly editing: Editing;
  readonly to: Version | undefined;
  readonly onClose: () => void;
}

function RollBack({ editing, to, onClose }: RollBackProps) {
  const { id } = editing;
  const { rev } = useStanding(editing);
  const roll = useAction('rollBackPlaybook', {
    done: ({ version }) => `Version ${version.number} is current again`,
    refresh: ['listVersions', 'getPlaybook', 'listPlaybooks', 'diffPlaybook', 'outlineVersion'],
  });
  const confirm = async () => {
    if (!to) return;
    await roll.mutateAsync({ id, body: { to: to.number } });
    if (rev === 0) await syncWithServer(editing, 'theirs');
  };
  return (
    <Confirm
      opened={to !== undefined}
      onClose={onClose}
      title={`Make version ${to?.number ?? ''} the current one again?`}
      verb="Roll back"
      onConfirm={confirm}
    >
      New runs take it from now on. Runs under way keep theirs, and no version is lost.
      {rev > 0 ? ' The draft stays as it is.' : ''}
    </Confirm>
  );
}

import type { CallResult } from '@counterpoint/sdk';
import { Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { StatusBadge, ToneBadge } from '../../../ui/badges.tsx';
import { showError } from '../../../ui/notices.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import type { Editing } from '../editor/editing.ts';

type Result = CallResult<'backtestPlaybook'>;

const DAY = 86_400_000;
const periods = [
  { value: '1', label: 'The last day' },
  { value: '7', label: 'The last 7 days' },
  { value: '30', label: 'The last 30 days' },
];

/** How the text in the editor would have decided what was recorded; nothing is sent anywhere. */
export function BacktestPanel({ editing }: { readonly editing: Editing }) {
  const [days, setDays] = useState('7');
  const test = useMutation({
    mutationFn: () => {
      const since = Date.now() - Number(days) * DAY;
      return client.backtestPlaybook({ id: editing.id, body: { source: editing.model.text(), since } });
    },
    onError: showError,
  });
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Recorded runs and alerts are decided once more by the text in the editor, with the answers that were recorded.
      </Text>
      <Group gap="sm">
        <Select
          size="xs"
          aria-label="Since"
          data={periods}
          value={days}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? '7')}
        />
        <Button
          size="compact-sm"
          leftSection={<IconHistory size={14} />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Compare
        </Button>
      </Group>
      {test.data && <Compared result={test.data} />}
    </Stack>
  );
}

function Compared({ result }: { readonly result: Result }) {
  const { compared, same, different, simulated, skipped, verdicts, runs } = result;
  if (compared === 0) return <Text size="sm">Nothing that could be compared was recorded in that time.</Text>;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <ToneBadge tone="good" word={`${same} as before`} />
        <ToneBadge tone={different === 0 ? 'calm' : 'warn'} word={`${different} otherwise`} />
        {skipped.length > 0 && <ToneBadge tone="calm" word={`${skipped.length} left out`} />}
        {simulated > 0 && <ToneBadge tone="calm" word={`${simulated} with made-up answers`} />}
      </Group>
      <Text size="sm">
        Agrees with what analysts said: before {verdicts.before.agrees} of{' '}
        {verdicts.before.agrees + verdicts.before.differs}, now {verdicts.after.agrees} of{' '}
        {verdicts.after.agrees + verdicts.after.differs}.
      </Text>
      {runs.length > 0 && (
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>Before</Table.Th>
              <Table.Th>Now</Table.Th>
              <Table.Th>First difference</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => (
              <Row key={`${run.run} ${run.alert}`} run={run} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

function Row({ run }: { readonly run: Result['runs'][number] }) {
  const path = run.run === '' ? `/alerts/${run.alert}` : `/runs/${run.run}`;
  return (
    <Table.Tr>
      <Table.Td>
        <AppLink to={path}>
          <When at={run.at} />
        </AppLink>
      </Table.Td>
      <Table.Td>
        <StatusBadge state={run.before.status} />
      </Table.Td>
      <Table.Td>
        <StatusBadge state={run.after.status} />
      </Table.Td>
      <Table.Td>
        {run.first && <Untrusted text={`${run.first.step}: ${run.first.before} → ${run.first.after}`} longest={160} />}
      </Table.Td>
    </Table.Tr>
  );
}

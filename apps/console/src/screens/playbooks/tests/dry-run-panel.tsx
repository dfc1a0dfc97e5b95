import type { CallResult } from '@counterpoint/sdk';
import { Alert, Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconFlask2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useApi } from '../../../app/use-api.ts';
import { showError } from '../../../ui/notices.tsx';
import { bothTimes } from '../../../ui/times.ts';
import { plainText } from '../../../ui/untrusted-text.ts';
import type { Editing } from '../editor/editing.ts';
import { DryRunResult } from './dry-run-result.tsx';
import type { ObservedStep } from './overlay-of-steps.ts';
import classes from './tests-tab.module.css';
import { TextField } from './text-field.tsx';

interface Props {
  readonly editing: Editing;
  readonly onShow: (steps: readonly ObservedStep[] | undefined) => void;
  readonly onSelect: (address: string) => void;
}

/** What people are taken to say. */
type People = 'approve' | 'deny' | 'time_out';
type From = 'run' | 'alert' | 'event' | 'none';

const FIRST_EVENT = '{\n}\n';

interface Wish {
  readonly from: From;
  readonly chosen: string | null;
  readonly event: string;
  readonly people: People;
}

async function dryRun(editing: Editing, { from, chosen, event, people }: Wish) {
  const what =
    from === 'event'
      ? { event: JSON.parse(event) as never }
      : from !== 'none' && chosen !== null
        ? { [from]: chosen }
        : {};
  return client.dryRunPlaybook({ id: editing.id, body: { source: editing.model.text(), people, ...what } });
}

/** Asks what the text in the editor would do with something that happened: nothing is changed, reads are real. */
export function DryRunPanel({ editing, onShow, onSelect }: Props) {
  const [from, setFrom] = useState<From>('run');
  const [chosen, setChosen] = useState<string | null>(null);
  const [event, setEvent] = useState(FIRST_EVENT);
  const [people, setPeople] = useState<People>('approve');
  const run = useMutation({
    mutationFn: (wish: Wish) => dryRun(editing, wish),
    onSuccess: (result: CallResult<'dryRunPlaybook'>) => onShow(result.steps),
    onError: showError,
  });
  const problem =
    from === 'event' ? problemOfJson(event) : from !== 'none' && chosen === null ? 'Choose one first' : '';
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Nothing is changed anywhere. Actions that only read ask the products; everything else is only written down.
      </Text>
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="What it starts with"
          value={from}
          onChange={(value) => {
            setFrom(value as From);
            setChosen(null);
          }}
          data={[
            { value: 'run', label: 'A run' },
            { value: 'alert', label: 'An alert' },
            { value: 'event', label: 'JSON' },
            { value: 'none', label: 'By hand' },
          ]}
        />
        <Select
          size="xs"
          w={190}
          aria-label="What people say"
          data={[
            { value: 'approve', label: 'People approve' },
            { value: 'deny', label: 'People deny' },
            { value: 'time_out', label: 'Nobody answers' },
          ]}
          value={people}
          allowDeselect={false}
          onChange={(value) => setPeople((value ?? 'approve') as People)}
        />
      </Group>
      {from === 'run' && <ChooseRun id={editing.id} value={chosen} onChange={setChosen} />}
      {from === 'alert' && <ChooseAlert value={chosen} onChange={setChosen} />}
      {from === 'event' && (
        <div className={classes.event}>
          <TextField label="Event as JSON" text={FIRST_EVENT} readOnly={false} onText={setEvent} />
        </div>
      )}
      <Group gap="sm">
        <Button
          size="compact-sm"
          leftSection={<IconFlask2 size={14} />}
          loading={run.isPending}
          disabled={problem !== ''}
          onClick={() => run.mutate({ from, chosen, event, people })}
        >
          Dry run
        </Button>
        <Text size="xs" c="dimmed">
          {problem}
        </Text>
      </Group>
      {run.data ? <DryRunResult result={run.data} onSelect={onSelect} /> : null}
    </Stack>
  );
}

function problemOfJson(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch {
    return 'This is not JSON yet';
  }
}

interface ChooseProps {
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

function ChooseRun({ id, value, onChange }: ChooseProps & { readonly id: string }) {
  const runs = useApi('listRuns', { query: { playbook: id, limit: 50 } });
  const data = (runs.data?.items ?? []).map((run) => ({
    value: run.id,
    label: `${run.status}, ${bothTimes(run.created_at)}`,
  }));
  if (runs.data && data.length === 0)
    return (
      <Alert color="gray" p="xs">
        No run of this playbook is recorded yet.
      </Alert>
    );
  return (
    <Select
      size="xs"
      aria-label="Run"
      placeholder="Choose a run whose event it gets"
      searchable
      data={data}
      value={value}
      onChange={onChange}
    />
  );
}

function ChooseAlert({ value, onChange }: ChooseProps) {
  const alerts = useApi('listAlerts', { query: { limit: 50 } });
  const data = (alerts.data?.items ?? []).map((alert) => ({
    value: alert.id,
    label: `${plainText(alert.title, 90)}, ${bothTimes(alert.created_at)}`,
  }));
  if (alerts.data && data.length === 0)
    return (
      <Alert color="gray" p="xs">
        No alert has come in yet.
      </Alert>
    );
  return (
    <Select
      size="xs"
      aria-label="Alert"
      placeholder="Choose an alert"
      searchable
      data={data}
      value={value}
      onChange={onChange}
    />
  );
}

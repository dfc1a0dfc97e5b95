import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconHelpHexagon,
  IconHistoryOff,
  IconPlayerPause,
  IconUserQuestion,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { EditStep } from './edit-step.tsx';
import type { RunView } from './run-view.ts';

interface RunAlertsProps {
  readonly run: RunView;
  readonly open: (address: string) => void;
}

/** What wants somebody's eye about a run: decisions that it waits for, its error, a pause, an unknown outcome. */
export function RunAlerts({ run, open }: RunAlertsProps) {
  const unknown = run.open.filter(({ status }) => status === 'unknown');
  const pause = run.pauses.at(-1);
  return (
    <>
      {run.matters.map((matter) => (
        <Alert
          key={matter.id}
          color="orange"
          icon={<IconUserQuestion />}
          title={matter.kind === 'approval' ? 'Waits for an approval' : 'Waits for an answer'}
        >
          <Group justify="space-between" gap="sm">
            <div>
              <Untrusted text={matter.text} longest={300} />
              {matter.due_at !== null && (
                <Text size="xs" c="dimmed">
                  Its time is up <When at={matter.due_at} />
                </Text>
              )}
            </div>
            <Button size="compact-sm" component={Link} to={`/approvals/${matter.id}`}>
              Look and decide
            </Button>
          </Group>
        </Alert>
      ))}
      {unknown.map(({ address }) => (
        <Alert key={address} color="orange" icon={<IconHelpHexagon />} title="Nobody knows whether a step happened">
          <Group justify="space-between" gap="sm">
            <Text size="sm">
              The answer to <Code>{address}</Code> never came. Look at the product, then say what is so.
            </Text>
            <Button size="compact-sm" onClick={() => open(address)}>
              Say what happened
            </Button>
          </Group>
        </Alert>
      ))}
      {run.paused && pause && (
        <Alert color="orange" icon={<IconPlayerPause />} title="Paused">
          By <Untrusted text={pause.who} longest={60} />, <When at={pause.from} />:{' '}
          <Untrusted text={pause.reason} longest={300} />
        </Alert>
      )}
      <RunError run={run} open={open} />
      {!run.known && (
        <Alert color="gray" icon={<IconHistoryOff />} title="The version that it followed is gone">
          What happened is all here; the picture of the playbook is not. The version comes back with a backup.
        </Alert>
      )}
    </>
  );
}

function RunError({ run, open }: RunAlertsProps) {
  const { code, message, step } = (run.error ?? {}) as {
    readonly code?: string;
    readonly message?: string;
    readonly step?: string;
  };
  if (typeof code !== 'string') return null;
  const cancelled = run.status === 'cancelled';
  return (
    <Alert
      color={cancelled ? 'gray' : 'red'}
      icon={<IconAlertTriangle />}
      title={cancelled ? 'Cancelled' : 'Why it failed'}
    >
      <Stack gap={4}>
        <Untrusted text={message ?? ''} longest={500} />
        {run.error_help !== '' && (
          <Text size="sm" c="dimmed">
            {run.error_help}
          </Text>
        )}
        <Group gap="xs">
          {!cancelled && <Code>{code}</Code>}
          {typeof step === 'string' && step !== '' && (
            <Button size="compact-xs" variant="light" color="red" onClick={() => open(step)}>
              Show the step {step.slice(0, 60)}
            </Button>
          )}
          {!cancelled && typeof step === 'string' && step !== '' && <EditStep run={run} address={step} />}
        </Group>
      </Stack>
    </Alert>
  );
}

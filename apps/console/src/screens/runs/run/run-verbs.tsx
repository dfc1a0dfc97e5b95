import { Button, Group } from '@mantine/core';
import {
  IconArrowsDiff,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconVersions,
  type TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { client } from '../../../app/client.ts';
import { useMay } from '../../../app/session.tsx';
import { refresh } from '../../../app/use-api.ts';
import { useGo } from '../../../ui/app-link.tsx';
import { Confirm } from '../../../ui/confirm.tsx';
import { showDone, showError } from '../../../ui/notices.tsx';
import type { RunView } from './run-view.ts';
import { readRunAgain } from './use-run.ts';

type VerbName = keyof RunView['verbs'];

interface Verb {
  readonly name: VerbName;
  readonly label: string;
  readonly icon: TablerIcon;
  readonly title: string;
  /** What the button that changes nothing says, where `Cancel` could be taken for the verb. */
  readonly dismiss?: string;
  readonly means: string;
  readonly danger?: boolean;
  readonly permission: string;
  /** Says what was done; gives the path to go to when there is a new run. */
  readonly act: (id: string, reason: string) => Promise<{ readonly done: string; readonly to?: string }>;
}

const VERBS: readonly Verb[] = [
  {
    name: 'pause',
    label: 'Pause',
    icon: IconPlayerPause,
    title: 'Pause this run?',
    means: 'No step begins any more. Calls under way end, and what arrives waits until the run goes on.',
    permission: 'playbook:run',
    act: async (id, reason) => {
      await client.pauseRun({ id, body: { reason } });
      return { done: 'The run is paused' };
    },
  },
  {
    name: 'resume',
    label: 'Resume',
    icon: IconPlayerPlay,
    title: 'Let this run go on?',
    means: 'Steps begin again, and what arrived in the meantime is dealt with in order.',
    permission: 'playbook:run',
    act: async (id, reason) => {
      await client.resumeRun({ id, body: { reason } });
      return { done: 'The run goes on' };
    },
  },
  {
    name: 'migrate',
    label: 'Move to current version',
    icon: IconVersions,
    title: 'Let this run follow the current version?',
    means:
      'It goes on from where it stands, with the steps of the current version. That is refused when the two do not fit.',
    permission: 'run:operate',
    act: async (id, reason) => {
      await client.migrateRun({ id, body: { reason } });
      return { done: 'The run follows the current version' };
    },
  },
  {
    name: 'rerun',
    label: 'Run again',
    icon: IconRefresh,
    title: 'Run this again from the start?',
    means:
      'A new run begins with the same event and inputs, in the current version of the playbook. This one stays as it is.',
    permission: 'playbook:run',
    act: async (id, reason) => {
      const { run } = await client.rerunRun({ id, body: { reason } });
      return { done: 'A new run has begun', to: `/runs/${run}` };
    },
  },
  {
    name: 'cancel',
    label: 'Cancel',
    dismiss: 'Let it go on',
    icon: IconPlayerStop,
    title: 'Cancel this run?',
    means:
      'Its open steps end. What it has changed already stays until its time is up or somebody undoes it: see Changes.',
    danger: true,
    permission: 'playbook:run',
    act: async (id, reason) => {
      await client.cancelRun({ id, body: { reason } });
      return { done: 'The run is cancelled' };
    },
  },
];

/** What an operator can do about a run as it stands: a button for each, none for what does not fit. */
export function RunVerbs({ run }: { readonly run: RunView }) {
  const go = useGo();
  const mayRun = useMay('playbook:run');
  const mayOperate = useMay('run:operate');
  const [asked, setAsked] = useState<Verb>();
  const fitting = VERBS.filter(
    ({ name, permission }) => run.verbs[name] && (permission === 'run:operate' ? mayOperate : mayRun),
  );
  const act = async (reason: string) => {
    if (!asked) return;
    try {
      const { done, to } = await asked.act(run.id, reason);
      showDone(done);
      if (to !== undefined) go(to);
    } catch (error) {
      showError(error);
      throw error;
    }
    await Promise.all([readRunAgain(), refresh(['listRuns'])]);
  };
  return (
    <Group gap="xs">
      {fitting.map((verb) => (
        <Button
          key={verb.name}
          variant="default"
          leftSection={<verb.icon size={16} />}
          onClick={() => setAsked(verb)}
          {...(verb.danger ? { c: 'var(--cp-bad)' } : {})}
        >
          {verb.label}
        </Button>
      ))}
      <Button
        variant="default"
        leftSection={<IconArrowsDiff size={16} />}
        onClick={() => go(`/runs/compare?a=${run.id}`)}
      >
        Compare
      </Button>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={asked?.title ?? ''}
        verb={asked?.label ?? ''}
        dismiss={asked?.dismiss ?? 'Cancel'}
        danger={asked?.danger ?? false}
        reason="required"
        onConfirm={act}
      >
        {asked?.means}
      </Confirm>
    </Group>
  );
}

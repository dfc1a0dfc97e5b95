import type { CallResult } from '@counterpoint/sdk';
import { Group, Text } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import { AppLink } from '../../../ui/app-link.tsx';
import { SimulatedMark, StatusBadge, ToneBadge } from '../../../ui/badges.tsx';
import type { Column } from '../../../ui/data-table-types.ts';
import { shortDuration } from '../../../ui/times.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { factWord, triggerWord } from '../run-words.ts';
import styles from './runs-page.module.css';

/** A run as the list shows it. */
export type ListedRun = CallResult<'listRuns'>['items'][number];

/** How a run stands, with what is special about it. */
export function RunState({ run }: { readonly run: Pick<ListedRun, 'status' | 'paused' | 'simulated' | 'site'> }) {
  return (
    <Group gap={4} wrap="nowrap">
      <StatusBadge state={run.status} />
      {run.paused && <StatusBadge state="paused" />}
      <SimulatedMark simulated={run.simulated} />
      {run.site !== '' && (
        <ToneBadge tone="calm" word={`on ${run.site}`} means="It ran on an edge node; this is a copy" />
      )}
    </Group>
  );
}

/** What a run does now, waits for, or failed with: in one line. */
function Standing({ run }: { readonly run: ListedRun }) {
  const [matter] = run.waits_for;
  if (matter) {
    const more = run.waits_for.length - 1;
    return (
      <Group gap={6} wrap="nowrap" className={styles.standing}>
        <IconUserQuestion size={14} aria-hidden className={styles.sign} />
        <AppLink to={`/approvals/${matter.id}`} className={styles.matter ?? ''}>
          <Untrusted text={matter.text} line longest={120} />
        </AppLink>
        {more > 0 && <Text size="xs">+{more}</Text>}
      </Group>
    );
  }
  const { code, message } = (run.error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string') {
    const words = typeof message === 'string' && message !== '' ? message : code;
    return (
      <Untrusted
        text={words}
        line
        longest={200}
        {...(run.status === 'failed' ? { c: 'var(--cp-bad)' } : { c: 'dimmed' })}
      />
    );
  }
  if (run.last === null)
    return (
      <Text size="sm" c="dimmed">
        {run.status === 'queued' ? 'waits for its turn' : ''}
      </Text>
    );
  const { address, kind } = run.last;
  return (
    <Untrusted text={address === '' ? factWord(kind) : `${address} ${factWord(kind)}`} line longest={120} c="dimmed" />
  );
}

/** Columns of the list of runs. */
export const runColumns: readonly Column<ListedRun>[] = [
  {
    id: 'title',
    header: 'Playbook',
    width: '3fr',
    card: 'title',
    cell: (run) => <Untrusted text={run.title} line longest={120} fw={500} />,
  },
  { id: 'status', header: 'State', width: 190, cell: (run) => <RunState run={run} /> },
  { id: 'standing', header: 'Now, or why it ended', width: '2fr', cell: (run) => <Standing run={run} /> },
  { id: 'trigger', header: 'Started by', width: 120, from: 1400, cell: (run) => triggerWord(run.trigger_kind) },
  {
    id: 'version',
    header: 'Version',
    width: 76,
    from: 1400,
    align: 'right',
    cell: (run) => (run.number === null ? 'gone' : run.number),
  },
  { id: 'created', header: 'Started', width: 110, cell: (run) => <When at={run.created_at} /> },
  {
    id: 'took',
    header: 'Took',
    width: 84,
    align: 'right',
    from: 900,
    cell: (run) => (run.duration === null ? '' : shortDuration(run.duration)),
  },
];

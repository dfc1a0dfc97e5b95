import type { CallResult } from '@counterpoint/sdk';
import { IconPlayerPlay, IconTarget } from '@tabler/icons-react';
import { useApi } from '../../app/use-api.ts';
import { EffectBadge, EffectState, SimulatedMark, StatusBadge } from '../../ui/badges.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { shortDuration } from '../../ui/times.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import styles from './alerts.module.css';

type Run = CallResult<'listRuns'>['items'][number];

/** A change as tables of a story show it. */
export type StoryEffect = CallResult<'getAlert'>['effects'][number] & { readonly title?: string };

const RUN_COLUMNS: readonly Column<Run>[] = [
  { id: 'playbook', header: 'Run', width: '3fr', card: 'title', cell: ({ title }) => <Untrusted text={title} line /> },
  { id: 'status', header: 'Status', width: 130, cell: ({ status }) => <StatusBadge state={status} /> },
  { id: 'lab', header: '', width: 70, cell: ({ simulated }) => <SimulatedMark simulated={simulated} /> },
  {
    id: 'took',
    header: 'Took',
    width: 90,
    align: 'right',
    cell: ({ duration }) => (duration === null ? '–' : shortDuration(duration)),
  },
  { id: 'at', header: 'Begun', width: 120, cell: ({ created_at }) => <When at={created_at} /> },
];

/** The runs of an alert's or a case's story. */
export function StoryRuns({ of }: { readonly of: { readonly alert: string } | { readonly case: string } }) {
  const runs = useApi('listRuns', { query: { ...of, limit: 100 } });
  return (
    <div className={styles.inset}>
      <DataTable<Run>
        label="Runs"
        flow
        columns={RUN_COLUMNS}
        rows={runs.data?.items ?? []}
        idOf={({ id }) => id}
        nameOf={({ title }) => title}
        pathOf={({ id }) => `/runs/${id}`}
        loading={runs.isPending}
        error={runs.error}
        retry={() => runs.refetch()}
        empty={
          <EmptyState icon={IconPlayerPlay} title="No run has to do with it">
            A playbook runs when its trigger fits an alert or event. None did here.
          </EmptyState>
        }
      />
    </div>
  );
}

const EFFECT_COLUMNS: readonly Column<StoryEffect>[] = [
  {
    id: 'what',
    header: 'Change',
    width: '2fr',
    card: 'title',
    cell: ({ title, connector, action }) => (
      <Untrusted text={title ?? `${connector}: ${action.replaceAll('_', ' ')}`} line />
    ),
  },
  { id: 'target', header: 'On', width: '2fr', cell: ({ target }) => <Untrusted text={target} line ff="monospace" /> },
  { id: 'effect', header: 'Class', width: 110, cell: ({ effect }) => <EffectBadge effect={effect} /> },
  { id: 'state', header: 'State', width: 140, cell: (effect) => <EffectState effect={effect} /> },
  {
    id: 'until',
    header: 'Until',
    width: 120,
    cell: ({ ended_at, lease_until }) => (ended_at === null ? <When at={lease_until} none="undone by hand" /> : '–'),
  },
  { id: 'at', header: 'Done', width: 120, cell: ({ created_at }) => <When at={created_at} /> },
];

/** The changes of a story. */
export function StoryEffects({ effects }: { readonly effects: readonly StoryEffect[] }) {
  return (
    <div className={styles.inset}>
      <DataTable<StoryEffect>
        label="Changes"
        flow
        columns={EFFECT_COLUMNS}
        rows={effects}
        idOf={({ id }) => id}
        nameOf={({ action, target }) => `${action} ${target}`}
        pathOf={({ id }) => `/effects/${id}`}
        empty={
          <EmptyState icon={IconTarget} title="Nothing was changed">
            What playbooks and reactions block, isolate or tell somebody because of it would stand here.
          </EmptyState>
        }
      />
    </div>
  );
}

import { IconPlayerPlay } from '@tabler/icons-react';
import { useApiPages } from '../../app/use-api.ts';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { listReading } from '../../ui/list-reading.ts';
import { shortDuration } from '../../ui/times.ts';
import { When } from '../../ui/when.tsx';
import { type ListedRun, RunState } from '../runs/list/run-columns.tsx';
import { triggerWord } from '../runs/run-words.ts';

function lasted({ started_at: from, ended_at: to }: ListedRun): string {
  return from === null || to === null ? '–' : shortDuration(to - from);
}

const columns: readonly Column<ListedRun>[] = [
  { id: 'status', header: 'State', width: 190, card: 'title', cell: (run) => <RunState run={run} /> },
  { id: 'created', header: 'Started', width: 150, cell: (run) => <When at={run.created_at} /> },
  { id: 'trigger', header: 'By', width: '1fr', cell: (run) => triggerWord(run.trigger_kind) },
  { id: 'took', header: 'Took', width: 110, align: 'right', cell: lasted },
];

/** The runs of one playbook, newest first. */
export function PlaybookRuns({ id }: { readonly id: string }) {
  const { items, query } = useApiPages('listRuns', { query: { limit: 50, playbook: id } });
  return (
    <DataTable
      label="Runs"
      columns={columns}
      rows={items}
      idOf={(run) => run.id}
      nameOf={(run) => `${run.status} run ${run.id}`}
      pathOf={(run) => `/runs/${run.id}`}
      {...listReading(query)}
      empty={
        <EmptyState icon={IconPlayerPlay} title="It has not run yet">
          A run stands here as soon as one of its triggers fires, or somebody starts it by hand.
        </EmptyState>
      }
    />
  );
}

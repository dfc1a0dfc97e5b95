import { Button, Pill } from '@mantine/core';
import { IconArrowUp, IconPlayerPlay, IconRepeat } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { useApi } from '../../../app/use-api.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FilterBar } from '../../../ui/filter-bar.tsx';
import { listReading } from '../../../ui/list-reading.ts';
import { Page } from '../../../ui/page.tsx';
import { shownState } from '../../../ui/states.ts';
import { plainText } from '../../../ui/untrusted-text.ts';
import { useUrlState } from '../../../ui/url-state.ts';
import { TRIGGERS } from '../run-words.ts';
import { BulkActions } from './bulk-actions.tsx';
import { isNarrowed, type ListState, listState, RUN_STATES, SPANS } from './list-state.ts';
import { ReplayDialog } from './replay-dialog.tsx';
import { runColumns } from './run-columns.tsx';
import styles from './runs-page.module.css';
import { useRunList } from './use-run-list.ts';

/** Fields that links from elsewhere set: shown as pills that can be taken off. */
const PINNED = ['version', 'error', 'observable', 'case', 'alert'] as const;

function useFacets() {
  const playbooks = useApi('listPlaybooks', { query: { limit: 500, kind: 'all' } });
  return useMemo(
    () => [
      {
        id: 'status',
        label: 'State',
        several: true,
        options: RUN_STATES.map((value) => ({ value, label: shownState(value).word })),
      },
      {
        id: 'playbook',
        label: 'Playbook',
        options: (playbooks.data?.items ?? []).map(({ id, title }) => ({ value: id, label: plainText(title, 60) })),
      },
      {
        id: 'trigger',
        label: 'Started by',
        several: true,
        options: Object.entries(TRIGGERS).map(([value, label]) => ({ value, label })),
      },
      { id: 'span', label: 'Any time', options: Object.entries(SPANS).map(([value, { label }]) => ({ value, label })) },
    ],
    [playbooks.data],
  );
}

function NoRuns({ state, clear }: { readonly state: ListState; readonly clear: () => void }) {
  if (isNarrowed(state)) {
    return (
      <EmptyState
        icon={IconPlayerPlay}
        title="No run fits"
        action={
          <Button variant="light" onClick={clear}>
            Clear the filters
          </Button>
        }
      >
        Search by the title of a playbook, the beginning of an id, an error code such as connector.unavailable, or a
        value such as 203.0.113.7.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconPlayerPlay}
      title="Nothing has run yet"
      action={<AppLink to="/playbooks">To the playbooks</AppLink>}
    >
      A run is one execution of a playbook: an alert starts it, a schedule, an event, or a person.
    </EmptyState>
  );
}

/** All runs: found by anything that they have to do with, followed live. */
export function RunsPage() {
  const [state, change] = useUrlState(listState);
  const { items, query, fresh, bringIn } = useRunList(state);
  const [replaying, setReplaying] = useState(false);
  const mayOperate = useMay('run:operate');
  const facets = useFacets();
  const clear = () => change(Object.fromEntries(Object.keys(listState).map((name) => [name, undefined])));
  return (
    <Page
      title="Runs"
      fill
      actions={
        mayOperate && (
          <Button variant="default" leftSection={<IconRepeat size={16} />} onClick={() => setReplaying(true)}>
            Replay…
          </Button>
        )
      }
    >
      <FilterBar
        search={state.q ?? ''}
        hint="Search playbook, id, error code or address"
        facets={facets}
        values={{ status: state.status, playbook: state.playbook, trigger: state.trigger, span: state.span }}
        onChange={(fields) => change(fields as Partial<ListState>, { replace: true })}
      >
        {PINNED.map((name) =>
          state[name] ? (
            <Pill
              key={name}
              withRemoveButton
              onRemove={() => change({ [name]: undefined })}
              removeButtonProps={{ 'aria-label': `Take off ${name}`, tabIndex: 0 }}
            >
              {name}: {plainText(state[name], 40)}
            </Pill>
          ) : null,
        )}
      </FilterBar>
      <div className={styles.frame}>
        {fresh.count > 0 && (
          <Button
            className={styles.fresh ?? ''}
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={14} />}
            onClick={bringIn}
          >
            {fresh.count}
            {fresh.more ? '+' : ''} new
          </Button>
        )}
        <DataTable
          label="Runs"
          columns={runColumns}
          rows={items}
          idOf={({ id }) => id}
          nameOf={({ title, id }) => `${title}, run ${id}`}
          pathOf={({ id }) => `/runs/${id}`}
          bulk={(chosen, done) => <BulkActions chosen={chosen} clear={done} />}
          toneOf={({ status }) => (status === 'failed' ? 'bad' : status === 'waiting' ? 'warn' : undefined)}
          {...listReading(query)}
          empty={<NoRuns state={state} clear={clear} />}
        />
      </div>
      <ReplayDialog
        opened={replaying}
        onClose={() => setReplaying(false)}
        state={state}
        now={Math.floor(Date.now() / 60_000) * 60_000}
      />
    </Page>
  );
}

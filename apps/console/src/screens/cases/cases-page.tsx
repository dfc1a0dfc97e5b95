import type { CallResult } from '@counterpoint/sdk';
import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { IconBriefcase, IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay, useSession } from '../../app/session.tsx';
import { useAction, useApiPages } from '../../app/use-api.ts';
import { AppLink, useGo } from '../../ui/app-link.tsx';
import { SeverityBadge, SimulatedMark, StatusBadge, VerdictBadge } from '../../ui/badges.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FilterBar } from '../../ui/filter-bar.tsx';
import { listReading } from '../../ui/list-reading.ts';
import { Page } from '../../ui/page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { plainText, refang } from '../../ui/untrusted-text.ts';
import { oneOf, several, text } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import { CutShort } from '../alerts/queue-filters.tsx';
import { looksObservable } from '../alerts/queue-state.ts';
import { SEVERITIES, VERDICTS } from '../alerts/words.ts';
import { usePeople } from './use-people.ts';
import { CASE_STATUSES } from './words.ts';

type Case = CallResult<'listCases'>['items'][number];

const listState = {
  q: text(),
  status: several(),
  severity: several(),
  verdict: several(),
  owner: text(),
  sort: oneOf(['newest', 'severity', 'updated']),
};
const NOTHING = { q: undefined, status: undefined, severity: undefined, verdict: undefined, owner: undefined };

function columnsWith(names: ReadonlyMap<string, string>): readonly Column<Case>[] {
  return [
    {
      id: 'severity',
      header: 'Severity',
      width: 108,
      sortable: true,
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
    },
    {
      id: 'title',
      header: 'Case',
      width: '3fr',
      card: 'title',
      cell: ({ title, simulated }) => (
        <Group gap={6} wrap="nowrap" component="span">
          <Untrusted text={title} line longest={200} />
          <SimulatedMark simulated={simulated} />
        </Group>
      ),
    },
    { id: 'status', header: 'Status', width: 124, cell: ({ status }) => <StatusBadge state={status} /> },
    { id: 'verdict', header: 'Verdict', width: 124, cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
    {
      id: 'owner',
      header: 'Owner',
      width: 120,
      cell: ({ owner }) => (owner === null ? 'nobody' : <Untrusted text={names.get(owner) ?? 'somebody'} line />),
    },
    { id: 'alerts', header: 'Alerts', width: 76, align: 'right', from: 1400, cell: ({ alert_count }) => alert_count },
    { id: 'newest', header: 'Opened', width: 110, sortable: true, cell: ({ created_at }) => <When at={created_at} /> },
    {
      id: 'updated',
      header: 'Changed',
      width: 110,
      sortable: true,
      from: 1600,
      cell: ({ updated_at }) => <When at={updated_at} />,
    },
  ];
}

function OpenCase() {
  const [opened, setOpened] = useState(false);
  const [title, setTitle] = useState('');
  const [summary, setSummary] = useState('');
  const go = useGo();
  const open = useAction('createCase', {
    done: 'Case opened',
    refresh: ['listCases'],
    onDone: ({ id }) => {
      setOpened(false);
      go(`/cases/${id}`);
    },
  });
  return (
    <>
      <Button size="compact-sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpened(true)}>
        Open a case
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Open a case" centered>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            open.mutate({ body: { title: title.trim(), summary } });
          }}
        >
          <Stack gap="sm">
            <TextInput
              label="Title"
              required
              maxLength={500}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
              data-autofocus
            />
            <Textarea
              label="What is known so far"
              autosize
              minRows={3}
              maxLength={20_000}
              value={summary}
              onChange={(event) => setSummary(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setOpened(false)}>
                Cancel
              </Button>
              <Button type="submit" loading={open.isPending} disabled={title.trim() === ''}>
                Open it
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

function useCases() {
  const [state, setState] = useUrlState(listState);
  const text = state.q?.trim() ?? '';
  const joined = (values: readonly string[] | undefined) =>
    values && values.length > 0 ? values.join(',') : undefined;
  const query = {
    ...(looksObservable(text) ? { observable: refang(text) } : { q: text || undefined }),
    status: joined(state.status),
    severity: joined(state.severity),
    verdict: joined(state.verdict),
    owner: state.owner,
    sort: state.sort ?? ('newest' as const),
    limit: 100,
  };
  const kept = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as typeof query;
  return { state, setState, ...useApiPages('listCases', { query: kept as never }) };
}

function Empty({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState
        icon={IconSearch}
        title="No case is like that"
        action={
          <Button variant="light" onClick={onClear}>
            Show all cases
          </Button>
        }
      >
        Take a filter away, or look for other words.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconBriefcase} title="No cases yet">
      A case is where work on alerts is gathered. Playbooks open them, and you can from the{' '}
      <AppLink to="/alerts">queue of alerts</AppLink>.
    </EmptyState>
  );
}

/** The list of cases. */
export function CasesPage() {
  const { state, setState, items, query } = useCases();
  const may = useMay('case:write');
  const { user } = useSession();
  const people = usePeople();
  const owners = [
    { value: user.id, label: 'Mine' },
    { value: 'none', label: 'Nobody’s' },
    ...people.items
      .filter(({ id }) => id !== user.id)
      .map(({ id, name }) => ({ value: id, label: plainText(name, 40) })),
  ];
  const filtered = Object.keys(NOTHING).some((name) => state[name as keyof typeof NOTHING] !== undefined);
  return (
    <Page title="Cases" fill actions={may && <OpenCase />}>
      <FilterBar
        search={state.q ?? ''}
        hint="Search title, id or observable"
        facets={[
          { id: 'status', label: 'Status', several: true, options: CASE_STATUSES },
          { id: 'severity', label: 'Severity', several: true, options: SEVERITIES },
          { id: 'verdict', label: 'Verdict', several: true, options: VERDICTS },
          { id: 'owner', label: 'Owner', options: owners },
        ]}
        values={state}
        onChange={setState}
      />
      <CutShort cut={query.data?.pages[0]?.cut} />
      <DataTable<Case>
        label="Cases"
        columns={columnsWith(people.names)}
        rows={items}
        idOf={({ id }) => id}
        nameOf={({ title }) => title}
        pathOf={({ id }) => `/cases/${id}`}
        sorting={{ by: state.sort ?? 'newest', descending: true }}
        onSort={({ by }) => setState({ sort: by === 'newest' ? undefined : (by as 'severity' | 'updated') })}
        {...listReading(query)}
        toneOf={({ status }) => (status === 'resolved' || status === 'closed' ? 'calm' : undefined)}
        empty={<Empty filtered={filtered} onClear={() => setState(NOTHING)} />}
      />
    </Page>
  );
}

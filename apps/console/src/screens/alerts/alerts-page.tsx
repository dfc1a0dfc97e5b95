import { Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowUp, IconSearch } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { queryClient } from '../../app/query-client.ts';
import { useMay } from '../../app/session.tsx';
import { useApi, useApiPages } from '../../app/use-api.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { listReading } from '../../ui/list-reading.ts';
import { Page } from '../../ui/page.tsx';
import { useUrlState } from '../../ui/url-state.ts';
import type { Alert } from './alert-changes.ts';
import { ALERT_COLUMNS } from './alert-columns.tsx';
import { idsAlike } from './all-alike.ts';
import { BulkActions } from './bulk-actions.tsx';
import { CaseDialog } from './case-dialog.tsx';
import { QueueFilters } from './queue-filters.tsx';
import { filterOf, NOTHING_CHOSEN, queueState, statusesOf } from './queue-state.ts';
import { useAlertChanges } from './use-alert-changes.ts';
import { useNews } from './use-news.ts';

const PAGE = 200;

function Empty({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (filtered) {
    return (
      <EmptyState
        icon={IconSearch}
        title="No alert is like that"
        action={
          <Button variant="light" onClick={onClear}>
            Show all alerts
          </Button>
        }
      >
        Alerts that are resolved or suppressed are not shown unless you ask for them.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconAlertTriangle} title="No alerts yet">
      Alerts come from <AppLink to="/sources">sources</AppLink>: a tool posts what it found, and it is read as an alert.
      Without a tool at hand, play a story from the <AppLink to="/">overview</AppLink>.
    </EmptyState>
  );
}

/** What the queue asks the server, and what has come in since. */
function useQueue() {
  const [state, setState] = useUrlState(queueState);
  const filter = filterOf(state, Date.now());
  const sort = state.sort ?? 'newest';
  const { items, query } = useApiPages('listAlerts', { query: { ...filter, sort, limit: PAGE } });
  const facets = useApi('alertFacets', { query: filter }, { keep: true });
  const news = useNews(items, statusesOf(state));
  const { forget } = news;
  const catchUp = useCallback(async () => {
    // From the first page on: reading again everything that was scrolled through would take its time.
    await queryClient.resetQueries({ queryKey: ['listAlerts'] });
    forget();
  }, [forget]);
  const all = { total: facets.data?.total ?? 0, ids: () => idsAlike(filter) };
  return { state, setState, sort, query, facets: facets.data, news, catchUp, all };
}

function NewAlerts({
  count,
  full,
  onShow,
}: {
  readonly count: number;
  readonly full: boolean;
  readonly onShow: () => void;
}) {
  if (count === 0) return null;
  return (
    <Button size="compact-sm" radius="xl" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={onShow}>
      {count.toLocaleString('en')}
      {full ? ' or more' : ''} new {count === 1 ? 'alert' : 'alerts'}
    </Button>
  );
}

/** Keys for the row under the cursor. */
function useRowKeys(change: ReturnType<typeof useAlertChanges>, onCase: (alerts: readonly Alert[]) => void) {
  return useMemo(
    () => ({
      e: ({ id }: Alert) => void change({ ids: [id], status: 'resolved' }),
      s: ({ id }: Alert) => void change({ ids: [id], status: 'suppressed' }),
      i: ({ id }: Alert) => void change({ ids: [id], status: 'in_progress' }),
      b: ({ id }: Alert) => void change({ ids: [id], verdict: 'benign' }),
      m: ({ id }: Alert) => void change({ ids: [id], verdict: 'malicious' }),
      o: (alert: Alert) => onCase([alert]),
    }),
    [change, onCase],
  );
}

/** Alerts for which a case is asked. */
interface ForCase {
  readonly alerts: readonly Alert[];
  /** All that are meant; undefined: these. */
  readonly ids?: readonly string[];
  readonly clear: () => void;
}

/** The queue of alerts. */
export function AlertsPage() {
  const { state, setState, sort, query, facets, news, catchUp, all } = useQueue();
  const may = useMay('alert:write');
  const change = useAlertChanges(news.changed);
  const [forCase, setForCase] = useState<ForCase>();
  const onCase = useCallback((alerts: readonly Alert[]) => setForCase({ alerts, clear: () => {} }), []);
  const keys = useRowKeys(change, onCase);
  const showAll = () => setState({ ...NOTHING_CHOSEN, all: true });
  return (
    <Page
      title="Alerts"
      fill
      marks={<NewAlerts count={news.fresh} full={news.full} onShow={() => void catchUp()} />}
      actions={
        <Text size="sm" c="dimmed" aria-live="polite">
          {facets ? `${facets.total.toLocaleString('en')} shown here` : ''}
        </Text>
      }
    >
      <QueueFilters state={state} onChange={setState} facets={facets} />
      <DataTable<Alert>
        label="Alerts"
        columns={ALERT_COLUMNS}
        rows={news.shown}
        idOf={({ id }) => id}
        nameOf={({ title }) => title}
        pathOf={({ id }) => `/alerts/${id}`}
        sorting={{ by: sort, descending: true }}
        onSort={({ by }) => setState({ sort: by === 'newest' ? undefined : (by as typeof sort) })}
        {...listReading(query)}
        toneOf={({ status }) => (status === 'resolved' || status === 'suppressed' ? 'calm' : undefined)}
        empty={<Empty filtered={!state.all || facets?.total !== 0} onClear={showAll} />}
        {...(may
          ? {
              keys,
              bulk: (chosen, clear) => (
                <BulkActions
                  chosen={chosen}
                  loaded={news.shown.length}
                  clear={clear}
                  change={change}
                  onCase={(alerts, ids) => setForCase({ alerts, ids, clear })}
                  all={all}
                />
              ),
            }
          : {})}
      />
      <CaseDialog
        alerts={forCase?.alerts}
        ids={forCase?.ids}
        onClose={() => setForCase(undefined)}
        onDone={() => forCase?.clear()}
        onChanged={news.changed}
      />
    </Page>
  );
}

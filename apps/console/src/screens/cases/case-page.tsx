import type { CallResult } from '@counterpoint/sdk';
import { Button, Stack, Tabs } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconX } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { useAction, useApi } from '../../app/use-api.ts';
import { SeverityBadge, SimulatedMark, StatusBadge, VerdictBadge } from '../../ui/badges.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { LookAlikes } from '../../ui/look-alikes.tsx';
import { Page } from '../../ui/page.tsx';
import { TraceLink } from '../../ui/ref.tsx';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { oneOf } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import type { Alert } from '../alerts/alert-changes.ts';
import { ALERT_COLUMNS } from '../alerts/alert-columns.tsx';
import styles from '../alerts/alerts.module.css';
import { ChoiceMenu } from '../alerts/choice-menu.tsx';
import { KnownObservables } from '../alerts/known-observables.tsx';
import { StoryEffects, StoryRuns } from '../alerts/story-tables.tsx';
import { useAlertChanges } from '../alerts/use-alert-changes.ts';
import { SEVERITIES, VERDICTS } from '../alerts/words.ts';
import { UndoDialog } from '../effects/undo-dialog.tsx';
import caseStyles from './cases.module.css';
import { Handled } from './handled.tsx';
import { OwnerMenu } from './owner-menu.tsx';
import { SummaryPanel } from './summary-panel.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { CASE_STATUSES, statusConsequence } from './words.ts';

type WholeCase = CallResult<'getCase'>;

const ABOVE = [{ title: 'Cases', path: '/cases' }];
const STALE = ['getCase', 'listCases', 'listCaseEntries', 'listEffects'] as const;
const pageState = {
  tab: oneOf(['timeline', 'alerts', 'observables', 'runs', 'effects'], 'timeline'),
};

function Marks({ found }: { readonly found: WholeCase }) {
  const { id, status, severity, verdict, owner } = found;
  const may = useMay('case:write');
  const { mutateAsync } = useAction('updateCase', { refresh: STALE });
  return (
    <>
      <ChoiceMenu
        label="Severity"
        value={severity}
        choices={SEVERITIES}
        badge={<SeverityBadge severity={severity} />}
        may={may}
        onChoose={(next) => mutateAsync({ id, body: { severity: next } })}
      />
      <ChoiceMenu
        label="Status"
        value={status}
        choices={CASE_STATUSES}
        badge={<StatusBadge state={status} />}
        may={may}
        consequence={(next) => statusConsequence(next, found.alerts)}
        onChoose={(next, reason) => mutateAsync({ id, body: { status: next, ...(reason === '' ? {} : { reason }) } })}
      />
      <ChoiceMenu
        label="Verdict"
        value={verdict}
        choices={VERDICTS}
        badge={<VerdictBadge verdict={verdict} />}
        may={may}
        onChoose={(next) => mutateAsync({ id, body: { verdict: next } })}
      />
      <OwnerMenu id={id} owner={owner} />
      <SimulatedMark simulated={found.simulated} />
      <LookAlikes text={found.title} />
    </>
  );
}

function CaseAlerts({ alerts }: { readonly alerts: readonly Alert[] }) {
  const mayCases = useMay('case:write');
  const may = useMay('alert:write') && mayCases;
  const change = useAlertChanges();
  const columns = useMemo(
    () => ALERT_COLUMNS.filter(({ id }) => id !== 'case').map((one) => ({ ...one, sortable: false })),
    [],
  );
  return (
    <div className={styles.inset}>
      <DataTable<Alert>
        label="Alerts"
        flow
        columns={columns}
        rows={alerts}
        idOf={({ id }) => id}
        nameOf={({ title }) => title}
        pathOf={({ id }) => `/alerts/${id}`}
        {...(may
          ? {
              bulk: (chosen: readonly Alert[], clear: () => void) => {
                const ids = chosen.map(({ id }) => id);
                return (
                  <>
                    <Button
                      size="compact-sm"
                      variant="light"
                      leftSection={<IconCheck size={14} aria-hidden />}
                      onClick={() => void change({ ids, status: 'resolved' }).then(clear)}
                    >
                      Resolve
                    </Button>
                    <Button
                      size="compact-sm"
                      variant="light"
                      leftSection={<IconX size={14} aria-hidden />}
                      onClick={() => void change({ ids, case: null }).then(clear)}
                    >
                      Take out of the case
                    </Button>
                  </>
                );
              },
            }
          : {})}
        empty={
          <EmptyState icon={IconX} title="No alerts">
            Choose alerts in the queue and put them into this case.
          </EmptyState>
        }
      />
    </div>
  );
}

function CaseEffects({ id }: { readonly id: string }) {
  const effects = useApi('listEffects', { query: { case: id, limit: 200 } });
  if (effects.error) return <ErrorPanel error={effects.error} retry={() => effects.refetch()} />;
  if (!effects.data) return <LoadingPanel />;
  return <StoryEffects effects={effects.data.items} />;
}

function CaseTabs({ found }: { readonly found: WholeCase }) {
  const [{ tab }, setState] = useUrlState(pageState);
  const count = (figure: number) => (figure > 0 ? ` (${figure})` : '');
  return (
    <Tabs value={tab} onChange={(next) => setState({ tab: (next ?? 'timeline') as typeof tab })} keepMounted={false}>
      <Tabs.List mb="sm">
        <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        <Tabs.Tab value="alerts">Alerts{count(found.alerts.length)}</Tabs.Tab>
        <Tabs.Tab value="observables">Observables{count(found.observables.length)}</Tabs.Tab>
        <Tabs.Tab value="runs">Runs</Tabs.Tab>
        <Tabs.Tab value="effects">Changes</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="timeline">
        <div className={caseStyles.layout}>
          <TimelinePanel id={found.id} />
          <Stack gap="md">
            <SummaryPanel id={found.id} summary={found.summary} />
          </Stack>
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="alerts">
        <CaseAlerts alerts={found.alerts} />
      </Tabs.Panel>
      <Tabs.Panel value="observables">
        <KnownObservables observables={found.observables} />
      </Tabs.Panel>
      <Tabs.Panel value="runs">
        <StoryRuns of={{ case: found.id }} />
      </Tabs.Panel>
      <Tabs.Panel value="effects">
        <CaseEffects id={found.id} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Actions({ id }: { readonly id: string }) {
  const may = useMay('effect:undo');
  const [asked, setAsked] = useState(false);
  return (
    <>
      <TraceLink to={`case:${id}`}>How it came about</TraceLink>
      {may && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          Undo its changes…
        </Button>
      )}
      <UndoDialog of={asked ? { case: id } : undefined} onClose={() => setAsked(false)} />
    </>
  );
}

/** One case: who works on it, everything that was done about it, and what it is about. */
export function CasePage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const found = useApi('getCase', { id });
  if (found.error && !found.data) {
    return <UnreadPage title="Case" above={ABOVE} error={found.error} retry={found.refetch} />;
  }
  if (!found.data) return <LoadingPanel />;
  const { title, created_at, closed_at, status } = found.data;
  return (
    <Page
      title={title}
      above={ABOVE}
      marks={<Marks found={found.data} />}
      about={
        <div className={styles.told}>
          <span>
            opened <When at={created_at} />
          </span>
          <Handled of={found.data} ended={closed_at} how={status} />
        </div>
      }
      actions={<Actions id={id} />}
    >
      <CaseTabs found={found.data} />
    </Page>
  );
}

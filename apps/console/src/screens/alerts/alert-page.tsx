import type { CallResult } from '@counterpoint/sdk';
import { Button, Tabs } from '@mantine/core';
import { IconBriefcase } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { useApi } from '../../app/use-api.ts';
import { AppLink } from '../../ui/app-link.tsx';
import { SeverityBadge, SimulatedMark, StatusBadge, VerdictBadge } from '../../ui/badges.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { LookAlikes } from '../../ui/look-alikes.tsx';
import { Page } from '../../ui/page.tsx';
import { TraceLink } from '../../ui/ref.tsx';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { oneOf } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import { When } from '../../ui/when.tsx';
import { Handled } from '../cases/handled.tsx';
import { TraceTree } from '../trace/trace-tree.tsx';
import styles from './alerts.module.css';
import { CaseDialog } from './case-dialog.tsx';
import { CausedPanel } from './caused-panel.tsx';
import { ChoiceMenu } from './choice-menu.tsx';
import { KnownObservables } from './known-observables.tsx';
import { ReadingTab } from './reading-tab.tsx';
import { StoryEffects, StoryRuns } from './story-tables.tsx';
import { SummaryTab } from './summary-tab.tsx';
import { useAlertChanges } from './use-alert-changes.ts';
import { STATUSES, VERDICTS } from './words.ts';

type WholeAlert = CallResult<'getAlert'>;

const ABOVE = [{ title: 'Alerts', path: '/alerts' }];
const pageState = { tab: oneOf(['summary', 'observables', 'raw', 'trace', 'runs', 'effects'], 'summary') };
const STANDING: ReadonlySet<string> = new Set([
  'intended',
  'pending',
  'performed',
  'unknown',
  'undoing',
  'undo_failed',
]);

function standingOf({ effects }: WholeAlert): number {
  return effects.filter(({ state, effect }) => STANDING.has(state) && effect !== 'notify').length;
}

function Marks({ alert }: { readonly alert: WholeAlert }) {
  const may = useMay('alert:write');
  const change = useAlertChanges();
  const standing = standingOf(alert);
  return (
    <>
      <SeverityBadge severity={alert.severity} />
      <ChoiceMenu
        label="Status"
        value={alert.status}
        choices={STATUSES}
        badge={<StatusBadge state={alert.status} />}
        may={may}
        onChoose={(status, reason) => change({ ids: [alert.id], status, reason })}
      />
      <ChoiceMenu
        label="Verdict"
        value={alert.verdict}
        choices={VERDICTS}
        badge={<VerdictBadge verdict={alert.verdict} />}
        may={may}
        consequence={(verdict) =>
          verdict === 'benign' && standing > 0
            ? `${standing === 1 ? 'A change' : `${standing} changes`} of its story stay in force until you take them back; you are asked next.`
            : 'Whoever acted on the old verdict is told.'
        }
        onChoose={(verdict, reason) => change({ ids: [alert.id], verdict, reason })}
      />
      <SimulatedMark simulated={alert.simulated} />
      <LookAlikes text={alert.title} />
    </>
  );
}

function About({ alert }: { readonly alert: WholeAlert }) {
  return (
    <div className={styles.told}>
      <span>
        from <AppLink to={`/sources/${encodeURIComponent(alert.source)}`}>{alert.source}</AppLink>
      </span>
      <span>
        came in <When at={alert.created_at} />
      </span>
      <span>counted {alert.count === 1 ? 'once' : `${alert.count.toLocaleString('en')} times`}</span>
      <Handled of={alert} ended={alert.resolved_at} how="resolved" />
      {alert.case && (
        <span>
          in the case{' '}
          <AppLink to={`/cases/${alert.case.id}`}>
            <Untrusted text={alert.case.title} line longest={80} />
          </AppLink>
        </span>
      )}
    </div>
  );
}

function AlertTabs({ alert }: { readonly alert: WholeAlert }) {
  const [{ tab }, setState] = useUrlState(pageState);
  const count = (figure: number) => (figure > 0 ? ` (${figure})` : '');
  return (
    <Tabs value={tab} onChange={(next) => setState({ tab: (next ?? 'summary') as typeof tab })} keepMounted={false}>
      <Tabs.List mb="sm">
        <Tabs.Tab value="summary">Summary</Tabs.Tab>
        <Tabs.Tab value="observables">Observables{count(alert.observables.length)}</Tabs.Tab>
        <Tabs.Tab value="raw">Raw and mapping</Tabs.Tab>
        <Tabs.Tab value="trace">What followed</Tabs.Tab>
        <Tabs.Tab value="runs">Runs</Tabs.Tab>
        <Tabs.Tab value="effects">Changes{count(alert.effects.length)}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="summary">
        <SummaryTab alert={alert} />
      </Tabs.Panel>
      <Tabs.Panel value="observables">
        <KnownObservables observables={alert.observables} />
      </Tabs.Panel>
      <Tabs.Panel value="raw">
        <ReadingTab alert={alert} />
      </Tabs.Panel>
      <Tabs.Panel value="trace">
        <TraceTree of={`alert:${alert.id}`} />
      </Tabs.Panel>
      <Tabs.Panel value="runs">
        <StoryRuns of={{ alert: alert.id }} />
      </Tabs.Panel>
      <Tabs.Panel value="effects">
        <StoryEffects effects={alert.effects} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Actions({ alert }: { readonly alert: WholeAlert }) {
  const may = useMay('case:write');
  const [opened, setOpened] = useState(false);
  const row = { ...alert, observable_count: alert.observables.length };
  return (
    <>
      <TraceLink to={`alert:${alert.id}`}>Whole trace</TraceLink>
      {may && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconBriefcase size={16} aria-hidden />}
          onClick={() => setOpened(true)}
        >
          {alert.case ? 'Another case…' : 'Case…'}
        </Button>
      )}
      <CaseDialog alerts={opened ? [row] : undefined} onClose={() => setOpened(false)} onDone={() => {}} />
    </>
  );
}

/** One alert: what it is, what is known about what it holds, how it was read, and what followed. */
export function AlertPage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const alert = useApi('getAlert', { id });
  if (alert.error && !alert.data) {
    return <UnreadPage title="Alert" above={ABOVE} error={alert.error} retry={alert.refetch} />;
  }
  if (!alert.data) return <LoadingPanel />;
  return (
    <Page
      title={alert.data.title}
      above={ABOVE}
      marks={<Marks alert={alert.data} />}
      about={<About alert={alert.data} />}
      actions={<Actions alert={alert.data} />}
    >
      {alert.data.verdict === 'benign' && (
        <CausedPanel alert={id} title={alert.data.title} inForce={standingOf(alert.data)} />
      )}
      <AlertTabs alert={alert.data} />
    </Page>
  );
}

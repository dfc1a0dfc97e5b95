import { useState } from 'react';
import { useApi } from '../../app/use-api.ts';
import { LoadingPanel } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { Checklist } from '../welcome/checklist.tsx';
import { BeginHere } from './begin-here.tsx';
import { AlertsChart, RunsChart, type Span } from './charts.tsx';
import type { Overview } from './matters.ts';
import { Matters } from './matters-panel.tsx';
import styles from './overview.module.css';
import { ResponsePanel } from './response-panel.tsx';
import { EffectsPanel, SavedPanel, SourcesPanel } from './side-panels.tsx';
import { Tiles } from './tiles.tsx';

function Figures({ overview }: { readonly overview: Overview }) {
  const [span, setSpan] = useState<Span>('day');
  const { runs, alerts, effects, sources, saved } = overview;
  return (
    <div className={styles.grid}>
      {runs && <RunsChart part={runs} span={span} onSpan={setSpan} />}
      {alerts && <AlertsChart part={alerts} span={span} onSpan={setSpan} />}
      <ResponsePanel overview={overview} />
      {saved && <SavedPanel saved={saved} />}
      {effects && <EffectsPanel effects={effects} />}
      {sources && <SourcesPanel sources={sources} />}
    </div>
  );
}

function waitingIn({ alerts, times }: Overview) {
  return { alerts: alerts?.fresh ?? 0, cases: times?.unowned_cases ?? 0 };
}

/** What needs somebody now, then how things stand, then how they went. */
export function OverviewPage() {
  const { data: overview, error, refetch } = useApi('overview', {}, { every: 5_000, keep: true });
  if (error && !overview) return <UnreadPage title="Overview" above={[]} error={error} retry={refetch} />;
  if (!overview) return <LoadingPanel />;
  return (
    <Page title="Overview">
      <Checklist />
      {overview.empty && <BeginHere />}
      {!overview.empty && <Matters matters={overview.matters} waiting={waitingIn(overview)} />}
      <Tiles overview={overview} />
      <Figures overview={overview} />
    </Page>
  );
}

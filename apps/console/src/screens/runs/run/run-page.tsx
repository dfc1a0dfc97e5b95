import { Tabs } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import clsx from 'clsx';
import { useCallback } from 'react';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { UnreadPage } from '../../../ui/unread-page.tsx';
import { useUrlState } from '../../../ui/url-state.ts';
import { RunState } from '../list/run-columns.tsx';
import { StepDrawer } from '../step/step-drawer.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { DataTab } from './data-tab.tsx';
import { JournalTab } from './journal-tab.tsx';
import { RunAbout } from './run-about.tsx';
import { RunAlerts } from './run-alerts.tsx';
import styles from './run-page.module.css';
import { runState } from './run-state.ts';
import { RunVerbs } from './run-verbs.tsx';
import type { RunView } from './run-view.ts';
import { StepsTab } from './steps-tab.tsx';
import { useRun } from './use-run.ts';

const ABOVE = [{ title: 'Runs', path: '/runs' }];

/** One run: what happened step by step, what it waits for, what it changed, and what can be done about it. */
export function RunPage() {
  const { id } = useParams({ strict: false }) as { readonly id: string };
  const { data: run, error, refetch } = useRun(id);
  if (run) return <Shown run={run} />;
  if (error) return <UnreadPage title="Run" above={ABOVE} error={error} retry={refetch} />;
  return (
    <Page title="Run" above={ABOVE}>
      <LoadingPanel />
    </Page>
  );
}

function Shown({ run }: { readonly run: RunView }) {
  const [state, change] = useUrlState(runState);
  const open = useCallback((step: string) => change({ step }), [change]);
  const close = useCallback(() => change({ step: undefined }), [change]);
  return (
    <>
      <div className={clsx(state.step !== '' && styles.beside)}>
        <Page
          title={run.title}
          above={ABOVE}
          marks={<RunState run={run} />}
          about={<RunAbout run={run} />}
          actions={<RunVerbs run={run} />}
        >
          <RunAlerts run={run} open={open} />
          <Tabs value={state.tab} onChange={(tab) => change({ tab: tab as typeof state.tab })} keepMounted={false}>
            <Tabs.List mb="sm">
              <Tabs.Tab value="steps">Steps</Tabs.Tab>
              <Tabs.Tab value="data">Input and output</Tabs.Tab>
              <Tabs.Tab value="changes">Changes</Tabs.Tab>
              <Tabs.Tab value="journal">Journal</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="steps">
              <StepsTab
                run={run}
                step={state.step}
                view={state.view}
                open={open}
                onView={(view) => change({ view }, { replace: true })}
              />
            </Tabs.Panel>
            <Tabs.Panel value="data">
              <DataTab run={run} />
            </Tabs.Panel>
            <Tabs.Panel value="changes">
              <ChangesTab run={run} />
            </Tabs.Panel>
            <Tabs.Panel value="journal">
              <JournalTab run={run} open={open} />
            </Tabs.Panel>
          </Tabs>
        </Page>
      </div>
      <StepDrawer run={run} address={state.step} open={open} close={close} />
    </>
  );
}

import { Tabs } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { LoadingPanel } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { UnreadPage } from '../../ui/unread-page.tsx';
import { oneOf, text } from '../../ui/url-fields.ts';
import { useUrlState } from '../../ui/url-state.ts';
import type { Editing, Start } from './editor/editing.ts';
import type { EditorModel } from './editor/editor-model.ts';
import { EditorTab } from './editor/editor-tab.tsx';
import { useEditing, useSnapshot } from './editor/use-editor.ts';
import { MergeDialog } from './merge/merge-dialog.tsx';
import { PageActions } from './page-actions.tsx';
import { PageMarks } from './page-marks.tsx';
import classes from './playbook-page.module.css';
import { PlaybookRuns } from './playbook-runs.tsx';
import { TestsTab } from './tests/tests-tab.tsx';
import { useStart } from './use-start.ts';
import { VersionsTab } from './versions/versions-tab.tsx';

const tabs = ['edit', 'versions', 'tests', 'runs'] as const;
const state = { tab: oneOf(tabs, 'edit'), step: text('') };

/** One playbook or reaction: its canvas beside its text, its versions, tests and runs. */
export function PlaybookPage() {
  const { id = '' } = useParams({ strict: false });
  const start = useStart(id);
  // What was read once stays open, whatever becomes of reading it again.
  if (!start.data && start.error) {
    return <UnreadPage title="Playbook" above={above} error={start.error} retry={start.refetch} />;
  }
  if (!start.data) return <LoadingPanel />;
  return <Opened key={id} id={id} start={start.data} />;
}

const above = [{ title: 'Playbooks', path: '/playbooks' }];

interface OpenedProps {
  readonly id: string;
  readonly start: Start;
}

function Opened({ id, start }: OpenedProps) {
  const [{ step }] = useUrlState(state);
  const readOnly = !useMay('playbook:publish');
  const editing = useEditing({ id, start, step, readOnly, onLeave: focusPicture });
  if (!editing) return <LoadingPanel />;
  return <Loaded {...{ editing, start, readOnly }} />;
}

/** Escape in the text leads back to the canvas or the outline. */
function focusPicture(): void {
  document.querySelector<HTMLElement>('[data-picture] [role=application], [data-picture] [role=tree]')?.focus();
}

/**
 * Keeps the selected step in the address, a moment after it was selected; where the address becomes another by itself
 * (back, forward, a link), its step is selected.
 */
function useStepInAddress(model: EditorModel, selected: string): void {
  const [{ step }, setState] = useUrlState(state);
  const seen = useRef(step);
  const written = useRef<string>(undefined);
  useEffect(() => {
    if (step !== seen.current) {
      seen.current = step;
      const own = step === written.current;
      written.current = undefined;
      if (!own) {
        model.select(step);
        return;
      }
    }
    if (step === selected) return;
    const timer = setTimeout(() => {
      written.current = selected;
      setState({ step: selected }, { replace: true });
    }, 500);
    return () => clearTimeout(timer);
  }, [model, step, selected, setState]);
}

interface LoadedProps {
  readonly editing: Editing;
  readonly start: Start;
  readonly readOnly: boolean;
}

function Loaded({ editing, start, readOnly }: LoadedProps) {
  const { id, model } = editing;
  const { outline, selected } = useSnapshot(model);
  const [{ tab }, setState] = useUrlState(state);
  const [merging, setMerging] = useState(false);
  useStepInAddress(model, selected);
  const shared = { editing, readOnly };
  return (
    <Page
      title={outline?.title || start.published?.title || id}
      above={above}
      marks={<PageMarks editing={editing} />}
      actions={<PageActions {...shared} />}
      fill
    >
      <Tabs
        className={classes.tabs}
        value={tab}
        onChange={(next) => setState({ tab: (next ?? 'edit') as (typeof tabs)[number] })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="edit">{readOnly ? 'Playbook' : 'Edit'}</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="tests">Tests</Tabs.Tab>
          <Tabs.Tab value="runs">Runs</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="edit" className={classes.panel}>
          <EditorTab editing={editing} readOnly={readOnly} onMerge={() => setMerging(true)} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" className={classes.panel}>
          <VersionsTab {...shared} />
        </Tabs.Panel>
        <Tabs.Panel value="tests" className={classes.panel}>
          <TestsTab {...shared} />
        </Tabs.Panel>
        <Tabs.Panel value="runs" className={classes.panel}>
          <PlaybookRuns id={id} />
        </Tabs.Panel>
      </Tabs>
      {merging && <MergeDialog editing={editing} onClose={() => setMerging(false)} />}
    </Page>
  );
}

import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { AppLink } from '../../../ui/app-link.tsx';
import { Ref, TraceLink } from '../../../ui/ref.tsx';
import { shortDuration } from '../../../ui/times.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { When } from '../../../ui/when.tsx';
import { triggerWord } from '../run-words.ts';
import styles from './run-page.module.css';
import { RunSaved } from './run-saved.tsx';
import { isLive, type RunView } from './run-view.ts';

/** Where a run comes from: what it is about, who began it, and what it came from or led to. */
export function RunAbout({ run }: { readonly run: RunView }) {
  return (
    <Group gap={6} className={styles.about}>
      <span>
        Started <When at={run.created_at} />, {triggerWord(run.trigger_kind)}
      </span>
      <Item>{run.duration !== null && `${isLive(run) ? 'for' : 'took'} ${shortDuration(run.duration)}`}</Item>
      <Item>{run.saved && <RunSaved run={run} />}</Item>
      <Item>
        <Ref to={run.principal}>
          version {run.number ?? 'gone'}
          {run.current !== '' && run.current !== run.version && ' (not the current one)'}
        </Ref>
      </Item>
      <Item>
        {run.alert && (
          <>
            alert{' '}
            <AppLink to={`/alerts/${run.alert.id}`}>
              <Untrusted text={run.alert.title} longest={80} />
            </AppLink>
          </>
        )}
      </Item>
      <Item>
        {run.case && (
          <>
            case{' '}
            <AppLink to={`/cases/${run.case.id}`}>
              <Untrusted text={run.case.title} longest={80} />
            </AppLink>
          </>
        )}
      </Item>
      {run.why.filter(isNews(run)).map(({ ref, title, kind }) => (
        <Item key={ref}>
          {KINDS[kind]}{' '}
          <Ref to={ref}>
            <Untrusted text={title} longest={80} />
          </Ref>
        </Item>
      ))}
      <Origin run={run} />
      <Item>
        <TraceLink to={`run:${run.id}`} />
      </Item>
    </Group>
  );
}

/** What is said before a reason, where its title does not say it. */
const KINDS: Readonly<Partial<Record<RunView['why'][number]['kind'], string>>> = {
  playbook: 'called by',
  reaction: 'called by',
  event: 'because of',
};

/** Leaves out what is shown already: its case, its alert and the event that told of that, and the run that it came from. */
function isNews(run: RunView) {
  return ({ ref, kind }: RunView['why'][number]): boolean => {
    if (kind === 'case' || kind === 'alert') return false;
    if (kind === 'event') return run.alert === null;
    return kind === 'playbook' || kind === 'reaction' || !ref.startsWith('run:');
  };
}

function Item({ children }: { readonly children: ReactNode }) {
  if (children === false || children === null || children === undefined) return null;
  return (
    <>
      <span aria-hidden className={styles.dot}>
        ·
      </span>
      <span>{children}</span>
    </>
  );
}

function Origin({ run }: { readonly run: RunView }) {
  const [kind, from = ''] = run.origin.split(/:(.*)/s);
  const other = from.split('/')[0] ?? '';
  const [next] = run.again;
  return (
    <>
      <Item>
        {other !== '' && (
          <AppLink to={`/runs/${other}`}>
            {kind === 'retry' ? 'takes up an earlier run' : 'runs an earlier run again'}
          </AppLink>
        )}
      </Item>
      <Item>
        {next && (
          <AppLink to={`/runs/${next.id}`}>
            {run.again.length === 1 ? 'was begun again' : `was begun again ${run.again.length} times`}
          </AppLink>
        )}
      </Item>
    </>
  );
}

import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { AppLink } from '../../../ui/app-link.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { TraceLink } from '../../../ui/ref.tsx';
import { absoluteTime, shortDuration } from '../../../ui/times.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { plainText } from '../../../ui/untrusted-text.ts';
import { When } from '../../../ui/when.tsx';
import type { RunView, StepView } from '../run/run-view.ts';
import { factWord, waitWord } from '../run-words.ts';
import styles from './step-drawer.module.css';
import { Section } from './step-section.tsx';

interface StepHeadProps {
  readonly run: string;
  readonly step: StepView;
  readonly open: (address: string) => void;
}

/** What a step is, when it took place, and what it waits for. */
export function StepHead({ run, step, open }: StepHeadProps) {
  const { address, does, kind, parent, started_at, ended_at, waits, skipped_by, adopted_from, timers } = step;
  const wait = waits.at(-1);
  const waiting = wait && wait.until === null ? wait : undefined;
  return (
    <Facts>
      <dt>Address</dt>
      <dd>
        <Untrusted text={address} ff="monospace" size="xs" longest={300} />
      </dd>
      <dt>Does</dt>
      <dd>
        <Untrusted
          text={kind === 'round' ? 'one item of a loop' : does === '' ? kind : `${kind} ${does}`}
          longest={200}
        />
      </dd>
      {parent !== '' && (
        <>
          <dt>Inside</dt>
          <dd>
            <Button size="compact-xs" variant="subtle" onClick={() => open(parent)}>
              {parent.slice(0, 80)}
            </Button>
          </dd>
        </>
      )}
      <dt>Began</dt>
      <dd>
        {started_at === null ? 'not in this run' : <When at={started_at} />}
        {started_at !== null && ended_at !== null && `, took ${shortDuration(ended_at - started_at)}`}
      </dd>
      {waiting && (
        <>
          <dt>Waits for</dt>
          <dd>
            {waitWord(waiting.for)}
            {waiting.due !== null && (
              <>
                , at the latest <When at={waiting.due} />
              </>
            )}
          </dd>
        </>
      )}
      {timers.map(({ kind: timer, due_at }) => (
        <Timer key={timer} kind={timer} due={due_at} />
      ))}
      {skipped_by && (
        <>
          <dt>Skipped by</dt>
          <dd>
            <Untrusted text={skipped_by.who} longest={60} />: <Untrusted text={skipped_by.reason} longest={300} />
          </dd>
        </>
      )}
      {adopted_from !== null && (
        <>
          <dt>Taken over</dt>
          <dd>
            <AppLink to={`/runs/${adopted_from}?step=${encodeURIComponent(address)}`}>from an earlier run</AppLink>
          </dd>
        </>
      )}
      {started_at !== null && (
        <>
          <dt>Why</dt>
          <dd>
            <TraceLink to={`run:${run}/${address}`}>What led to it, and what it brought about</TraceLink>
          </dd>
        </>
      )}
    </Facts>
  );
}

function Timer({ kind, due }: { readonly kind: string; readonly due: number }) {
  return (
    <>
      <dt>Timer</dt>
      <dd>
        {kind} <When at={due} />
      </dd>
    </>
  );
}

const FEW = 12;

/** What was noted about a step, the oldest first. */
export function StepFacts({ run, step }: { readonly run: RunView; readonly step: StepView }) {
  const [all, setAll] = useState(false);
  const { facts } = step;
  const shown = all ? facts : facts.slice(0, FEW);
  return (
    <Section title="What was noted">
      {shown.map(({ seq, kind, at, preview }) => (
        <div key={seq} className={styles.fact}>
          <time dateTime={new Date(at).toISOString()} title={absoluteTime(at)} className={styles.number}>
            +{shortDuration(Math.max(0, at - run.created_at))}
          </time>
          <Text size="xs" component="div" title={plainText(preview, 400)}>
            {factWord(kind)}
          </Text>
        </div>
      ))}
      {facts.length > FEW && !all && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
          Show all {facts.length}
        </Button>
      )}
    </Section>
  );
}

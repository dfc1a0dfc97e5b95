import type { CallResult } from '@counterpoint/sdk';
import { Anchor, Loader, Paper, Text } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled, IconCircleMinus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useApi } from '../../app/use-api.ts';
import { AppLink, splitPath } from '../../ui/app-link.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Ref } from '../../ui/ref.tsx';
import { noteDone } from './checklist-notes.ts';
import type { Stories } from './stories.ts';
import styles from './welcome.module.css';

type Step = CallResult<'followStory'>['steps'][number];

const LOOK = 700;

/** How a link to what a step led to is called, by the kind of thing. */
const OPEN: Readonly<Record<string, string>> = {
  alert: 'the alert',
  run: 'the run',
  case: 'the case',
  effect: 'the change',
  inbox: 'decide',
  event: 'the event',
  trace: 'the trace',
};

interface StepLineProps {
  readonly step: Step;
  readonly now: boolean;
  /** Nothing more follows. */
  readonly over: boolean;
}

function StepLine({ step: { title, ref }, now, over }: StepLineProps) {
  const state = ref !== null ? 'done' : over ? 'missed' : now ? 'now' : 'waiting';
  return (
    <li className={styles.step} data-state={state}>
      {state === 'done' && <IconCircleCheckFilled size={18} aria-label="done" />}
      {state === 'now' && <Loader size={16} role="img" aria-label="waiting for this" />}
      {state === 'waiting' && <IconCircle size={18} aria-label="not yet" />}
      {state === 'missed' && <IconCircleMinus size={18} aria-hidden />}
      <span>{title}</span>
      {ref !== null && <Ref to={ref}>{OPEN[ref.split(':')[0] ?? ''] ?? 'open'}</Ref>}
      {state === 'missed' && <span className={styles.missed}>not this time</span>}
    </li>
  );
}

interface PlayedActProps {
  readonly story: string;
  readonly act: Stories[number]['acts'][number];
  readonly trace: string;
  /** Which act it is, where there are several. */
  readonly number: number | undefined;
  readonly onOver: (over: boolean) => void;
}

/** What an act leads to, ticked off as it comes true. */
export function PlayedAct({ story, act, trace, number, onOver }: PlayedActProps) {
  const read = useApi('followStory', { id: story, trace, query: { act: act.id } }, { every: LOOK, keep: true });
  const over = read.data?.over ?? false;
  useEffect(() => onOver(over), [over, onOver]);
  const paper = useRef<HTMLDivElement>(null);
  // On a phone what follows begins below what is in view.
  useEffect(() => {
    if (trace !== '' && act.id !== '') paper.current?.scrollIntoView({ block: 'nearest' });
  }, [trace, act.id]);
  if (read.error) return <ErrorPanel error={read.error} retry={() => read.refetch()} />;
  const steps = read.data?.steps ?? act.steps.map((title) => ({ title, ref: null }));
  const first = steps.findIndex(({ ref }) => ref === null);
  return (
    <Paper withBorder p="md" ref={paper}>
      <Text fw={600}>{number === undefined ? 'What follows' : `Act ${number}: ${act.title}`}</Text>
      {number !== undefined && (
        <Text size="sm" c="dimmed">
          {act.plot}
        </Text>
      )}
      <ol className={styles.steps} aria-live="polite">
        {steps.map((step, index) => (
          <StepLine key={step.title} step={step} now={index === first} over={over} />
        ))}
      </ol>
      <Text size="sm" mt="sm" mb={4} c="dimmed">
        {!over
          ? 'Look closer at any time:'
          : first < 0
            ? 'That was it. Look closer:'
            : 'That was it, and it went another way than the story: why is in the run and in the trace.'}
      </Text>
      <ul className={styles.next}>
        <li>
          <Anchor component={Link} {...splitPath(`/trace/${trace}`)} inherit onClick={() => noteDone('why')}>
            Why did all this happen?
          </Anchor>
        </li>
        <li>
          <AppLink to="/fabric">See it on the map</AppLink>
        </li>
        <li>
          <AppLink to="/effects">Undo what was changed</AppLink>
        </li>
      </ul>
    </Paper>
  );
}

import { Button, Group, Stack } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { StatusBadge } from '../../../ui/badges.tsx';
import { JsonView } from '../../../ui/json-view.tsx';
import type { RunView, StepView } from '../run/run-view.ts';
import { Timeline } from '../run/timeline-view.tsx';
import { LoopItems } from './loop-items.tsx';
import { StepAttempts } from './step-attempts.tsx';
import styles from './step-drawer.module.css';
import { StepCalls, StepEffects, StepMatters } from './step-effects.tsx';
import { StepError } from './step-error.tsx';
import { StepFacts, StepHead } from './step-head.tsx';
import { Section } from './step-section.tsx';
import { StepVerbs } from './step-verbs.tsx';

interface StepBodyProps {
  readonly run: RunView;
  readonly step: StepView;
  readonly open: (address: string) => void;
}

/** Everything about one step or round. */
export function StepBody({ run, step, open }: StepBodyProps) {
  const isRound = step.round !== null;
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <StatusBadge state={step.status} />
          {isRound && <Neighbours step={step} open={open} />}
        </Group>
      </Group>
      <StepHead run={run.id} step={step} open={open} />
      <StepVerbs run={run} step={step} open={open} />
      <StepError step={step} />
      <StepMatters step={step} />
      {step.rounds && (
        <Section title="Items">
          <LoopItems run={run} loop={step} open={open} />
        </Section>
      )}
      {isRound && (
        <Section title="Steps of this item">
          <div className={styles.inside}>
            <Timeline run={run} under={step.address} step="" open={open} />
          </div>
        </Section>
      )}
      <Value
        title={isRound ? 'Item' : step.kind === 'wait' ? 'Waits for' : step.rounds ? 'Goes over' : 'Input'}
        value={step.input}
      />
      <Value title="Output" value={step.output} />
      <StepEffects step={step} />
      <StepCalls step={step} />
      <StepAttempts step={step} />
      <StepFacts run={run} step={step} />
    </Stack>
  );
}

function Value({ title, value }: { readonly title: string; readonly value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <Section title={title}>
      <JsonView value={value} label={title.toLowerCase()} />
    </Section>
  );
}

function Neighbours({ step, open }: { readonly step: StepView; readonly open: (address: string) => void }) {
  const { before, after, parent } = step;
  return (
    <Group gap={4}>
      <Button
        size="compact-sm"
        variant="default"
        disabled={before === null}
        leftSection={<IconChevronLeft size={14} />}
        onClick={() => before && open(before)}
      >
        Previous item
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={after === null}
        rightSection={<IconChevronRight size={14} />}
        onClick={() => after && open(after)}
      >
        Next item
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={() => open(parent)}>
        All items
      </Button>
    </Group>
  );
}

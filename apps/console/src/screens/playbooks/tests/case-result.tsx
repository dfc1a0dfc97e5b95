import type { CallResult } from '@counterpoint/sdk';
import { Group, Text, UnstyledButton } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { ObservedStep } from './overlay-of-steps.ts';
import classes from './tests-tab.module.css';

type Result = CallResult<'runPlaybookTests'>['cases'][number];

interface Props {
  readonly name: string;
  /** Undefined: it was not run. */
  readonly result: Result | undefined;
  readonly shown: boolean;
  readonly onShow: (steps: readonly ObservedStep[]) => void;
}

function Sign({ result }: { readonly result: Result | undefined }) {
  if (!result) return <IconCircleDashed size={16} color="var(--cp-calm)" aria-label="not run" />;
  return result.passed ? (
    <IconCircleCheck size={16} color="var(--cp-good)" aria-label="passed" />
  ) : (
    <IconCircleX size={16} color="var(--cp-bad)" aria-label="failed" />
  );
}

/** One case of a test: how it went, what differs, and its way on the canvas when it is clicked. */
export function CaseResult({ name, result, shown, onShow }: Props) {
  return (
    <>
      <UnstyledButton
        className={classes.case}
        data-shown={shown || undefined}
        disabled={!result}
        onClick={() => result && onShow(result.steps)}
      >
        <Group gap={8} wrap="nowrap">
          <Sign result={result} />
          <Text size="sm" flex={1} miw={0}>
            <Untrusted text={name} longest={300} />
          </Text>
          {result && (
            <Text size="xs" c="dimmed">
              {Math.round(result.millis)} ms
            </Text>
          )}
        </Group>
      </UnstyledButton>
      {result && !result.passed && <Wrong result={result} />}
    </>
  );
}

function Wrong({ result }: { readonly result: Result }) {
  return (
    <ul className={classes.found}>
      {result.problems.map((problem) => (
        <li key={problem}>
          <Untrusted text={problem} longest={400} c="var(--cp-bad)" />
        </li>
      ))}
      {result.differences.map((one) => (
        <li key={`${one.about} ${one.from}`}>
          <Untrusted text={one.about} fw={600} /> (line {one.line}): expected{' '}
          <Untrusted text={one.expected} longest={300} />, but it was{' '}
          <Untrusted text={one.actual} longest={300} c="var(--cp-bad)" />
        </li>
      ))}
      {result.error && (
        <li>
          It failed at {result.error.step || 'its start'}: <Untrusted text={result.error.message} longest={400} />
        </li>
      )}
    </ul>
  );
}

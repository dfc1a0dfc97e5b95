import { Button, Group, Text } from '@mantine/core';
import { IconArrowForwardUp, IconHelpHexagon, IconPlayerSkipForward, IconRotateClockwise } from '@tabler/icons-react';
import { useState } from 'react';
import { useMay } from '../../../app/session.tsx';
import { EditStep } from '../run/edit-step.tsx';
import type { RunView, StepView } from '../run/run-view.ts';
import { ResolveDialog, RetryDialog, SkipDialog, type StepWish } from './step-dialogs.tsx';

interface StepVerbsProps {
  readonly run: RunView;
  readonly step: StepView;
  readonly open: (address: string) => void;
}

/** What an operator can do about a step as it stands. */
export function StepVerbs({ run, step, open }: StepVerbsProps) {
  const mayRun = useMay('playbook:run');
  const mayOperate = useMay('run:operate');
  const [wish, setWish] = useState<StepWish>();
  const { verbs } = step;
  const close = () => setWish(undefined);
  const dialog = { run, step, onClose: close };
  return (
    <>
      <Group gap="xs">
        {verbs.resolve && mayRun && (
          <Button size="compact-sm" leftSection={<IconHelpHexagon size={14} />} onClick={() => setWish('resolve')}>
            Say what happened
          </Button>
        )}
        {verbs.retry && mayOperate && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRotateClockwise size={14} />}
            onClick={() => setWish('retry')}
          >
            Run anew…
          </Button>
        )}
        {verbs.skip && mayOperate && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerSkipForward size={14} />}
            onClick={() => setWish('skip')}
          >
            Skip…
          </Button>
        )}
        {verbs.retry_from && mayOperate && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconArrowForwardUp size={14} />}
            onClick={() => setWish('retry_from')}
          >
            Retry from here…
          </Button>
        )}
        <EditStep run={run} address={step.address} />
      </Group>
      {verbs.retry_from_block !== '' && mayOperate && (
        <Text size="xs" c="dimmed">
          The run can be taken up from the block that this is in:{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => open(verbs.retry_from_block)}>
            {verbs.retry_from_block}
          </Button>
        </Text>
      )}
      {wish === 'retry' && <RetryDialog {...dialog} from={false} />}
      {wish === 'retry_from' && <RetryDialog {...dialog} from />}
      {wish === 'skip' && <SkipDialog {...dialog} />}
      {wish === 'resolve' && <ResolveDialog {...dialog} />}
    </>
  );
}

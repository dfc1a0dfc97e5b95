import { Drawer } from '@mantine/core';
import { useApi } from '../../../app/use-api.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { LoadingPanel } from '../../../ui/loading.tsx';
import { Untrusted } from '../../../ui/untrusted.tsx';
import type { RunView } from '../run/run-view.ts';
import { titleOf } from '../run/timeline-line.tsx';
import { StepBody } from './step-body.tsx';
import styles from './step-drawer.module.css';

interface StepDrawerProps {
  readonly run: RunView;
  /** Empty: nothing is open. */
  readonly address: string;
  readonly open: (address: string) => void;
  readonly close: () => void;
}

/** One step beside the run: what it was given, what it gave, and what can be done about it. The page stays usable. */
export function StepDrawer({ run, address, open, close }: StepDrawerProps) {
  const step = useApi('getRunStep', { id: run.id, address }, { enabled: address !== '', keep: true });
  const shown = step.data?.address === address ? step.data : undefined;
  return (
    <Drawer
      opened={address !== ''}
      onClose={close}
      position="right"
      size="min(520px, 100vw)"
      withOverlay={false}
      lockScroll={false}
      trapFocus={false}
      closeOnClickOutside={false}
      returnFocus
      title={<Untrusted text={shown ? titleOf(shown) : address} line longest={120} fw={600} />}
      closeButtonProps={{ 'aria-label': 'Close the step' }}
      classNames={{
        content: styles.content ?? '',
        inner: styles.inner ?? '',
        title: styles.title ?? '',
        header: styles.header ?? '',
        body: styles.body ?? '',
      }}
    >
      {shown ? (
        <StepBody key={address} run={run} step={shown} open={open} />
      ) : step.error ? (
        <ErrorPanel error={step.error} retry={() => step.refetch()} title="The step could not be read" />
      ) : (
        <LoadingPanel />
      )}
    </Drawer>
  );
}

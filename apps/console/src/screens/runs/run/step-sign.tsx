import {
  IconBan,
  IconCheck,
  IconClockPause,
  IconHelp,
  IconLoader2,
  IconPlayerSkipForward,
  IconPointFilled,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import { shownState } from '../../../ui/states.ts';
import styles from './timeline.module.css';

const SIGNS: Readonly<Record<string, TablerIcon>> = {
  ready: IconPointFilled,
  running: IconLoader2,
  waiting: IconClockPause,
  unknown: IconHelp,
  succeeded: IconCheck,
  failed: IconX,
  skipped: IconPlayerSkipForward,
  cancelled: IconBan,
};

/** The state of a step as a small sign; the words stand beside or are spoken. */
export function StepSign({ status }: { readonly status: string }) {
  const Sign = SIGNS[status] ?? IconPointFilled;
  return (
    <span className={styles.sign} data-tone={shownState(status).tone} title={status}>
      <Sign size={14} stroke={2.4} aria-hidden />
    </span>
  );
}

import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconHandStop,
  IconHourglass,
  IconLoader2,
  IconPlayerSkipForward,
  IconQuestionMark,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import { shortDuration } from '../ui/times.ts';
import type { StepOverlay, StepState } from './canvas-props.ts';
import classes from './overlay-mark.module.css';

const icons: Readonly<Record<Exclude<StepState, 'idle'>, TablerIcon>> = {
  running: IconLoader2,
  waiting: IconHourglass,
  succeeded: IconCheck,
  failed: IconX,
  skipped: IconPlayerSkipForward,
  cancelled: IconBan,
  held: IconHandStop,
  unknown: IconQuestionMark,
};

/** What a run or a test says about a step: how it stands, how long it took, how often it was done. */
export function OverlayMark({ overlay }: { readonly overlay: StepOverlay }) {
  const { state, duration, count, failed, note } = overlay;
  if (state === 'idle') return null;
  const Icon = icons[state];
  return (
    <span className={classes.mark} data-state={state} title={note}>
      <Icon size={12} stroke={2.4} aria-hidden className={state === 'running' ? classes.turning : undefined} />
      <span>{state}</span>
      {duration !== undefined && <span>{shortDuration(duration)}</span>}
      {count !== undefined && count > 1 && <span>×{count}</span>}
      {failed !== undefined && failed > 0 && (
        <span className={classes.failed}>
          <IconAlertTriangle size={11} aria-hidden /> {failed}
        </span>
      )}
    </span>
  );
}

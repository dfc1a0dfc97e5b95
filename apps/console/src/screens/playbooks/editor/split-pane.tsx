import { useLocalStorage } from '@mantine/hooks';
import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import classes from './split-pane.module.css';

const LEAST = 25;
const MOST = 75;
const STEP = 2;

function bounded(percent: number): number {
  return Math.min(MOST, Math.max(LEAST, percent));
}

interface Props {
  readonly left: ReactNode;
  readonly right: ReactNode;
  /** There is no room for both: only `narrow` is seen. */
  readonly stacked: boolean;
  readonly narrow: 'left' | 'right';
}

/** Two panes beside each other with a border that can be moved, by pointer and by keys; it stays where it was put. */
export function SplitPane({ left, right, stacked, narrow }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [share, setShare] = useLocalStorage({
    key: 'cp-editor-split',
    defaultValue: 58,
    getInitialValueInEffect: false,
  });
  const drag = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    setShare(bounded(((event.clientX - box.left) / box.width) * 100));
  };
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? -STEP : event.key === 'ArrowRight' ? STEP : 0;
    if (by !== 0) setShare(bounded(share + by));
  };
  return (
    <div
      ref={frame}
      className={classes.frame}
      data-only={stacked ? narrow : undefined}
      style={{ '--share': `${share}%` } as CSSProperties}
    >
      <div className={classes.left}>{left}</div>
      <div
        role="separator"
        aria-label="Width of the canvas"
        aria-orientation="vertical"
        aria-valuenow={Math.round(share)}
        aria-valuemin={LEAST}
        aria-valuemax={MOST}
        tabIndex={0}
        className={classes.border}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={onKey}
      />
      <div className={classes.right}>{right}</div>
    </div>
  );
}

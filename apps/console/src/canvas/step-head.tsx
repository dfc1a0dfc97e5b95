import {
  IconAlertTriangle,
  IconAnchor,
  IconArrowForwardUp,
  IconHourglass,
  IconPlug,
  IconRepeat,
} from '@tabler/icons-react';
import clsx from 'clsx';
import type { StepOverlay } from './canvas-props.ts';
import { FIXED, type StepFace } from './face.ts';
import { lookOf } from './kinds.ts';
import { OverlayMark } from './overlay-mark.tsx';
import classes from './step-head.module.css';

/** The sign of a kind of step on its coloured shape. */
export function KindSign({ kind, small }: { readonly kind: string; readonly small?: boolean }) {
  const look = lookOf(kind);
  return (
    <span className={clsx(classes.sign, small && classes.small)} data-tone={look.tone} data-shape={look.shape}>
      <look.icon size={small ? 13 : 18} stroke={1.8} aria-hidden />
    </span>
  );
}

function Marks({ face }: { readonly face: StepFace }) {
  return (
    <span className={classes.marks} data-detail>
      {face.capability !== '' && (
        <span title={`Through the capability ${face.capability}`}>
          <IconPlug size={13} aria-hidden />
        </span>
      )}
      {face.lease !== '' && (
        <span title={`Undone after ${face.lease}`}>
          <IconHourglass size={13} aria-hidden />
        </span>
      )}
      {face.retries && (
        <span title="Tries again">
          <IconRepeat size={13} aria-hidden />
        </span>
      )}
      {face.continues && (
        <span title="The run goes on when this fails">
          <IconArrowForwardUp size={13} aria-hidden />
        </span>
      )}
      {face.fixed && (
        <span title={`${FIXED}. Change it in the text.`}>
          <IconAnchor size={13} aria-hidden />
        </span>
      )}
      {face.effect && (
        <span className={classes.effect} data-effect={face.effect}>
          {face.effect}
        </span>
      )}
    </span>
  );
}

/** The mark on a step that the checker says something about. */
export function FindingBadge({ face }: { readonly face: StepFace }) {
  const count = face.errors + face.warnings;
  if (count === 0) return null;
  return (
    <span className={classes.finding} data-severity={face.errors > 0 ? 'error' : 'warning'} title={face.finding}>
      <IconAlertTriangle size={12} aria-hidden />
      {count}
    </span>
  );
}

/** What every box of a step shows: sign, title, what it does, and its marks. */
export function StepHead(props: { readonly face: StepFace; readonly overlay: StepOverlay | undefined }) {
  const { face, overlay } = props;
  return (
    <>
      {face.guard !== '' && (
        <div className={classes.guard} title={face.guard}>
          <b>if</b> {face.guard}
        </div>
      )}
      <div className={classes.head}>
        <KindSign kind={face.kind} />
        <div className={classes.words}>
          <div className={classes.line}>
            <span className={classes.title} data-title title={face.title}>
              {face.title}
            </span>
            <Marks face={face} />
          </div>
          <div className={classes.summary} data-detail title={face.summary}>
            <span className={classes.kind}>{lookOf(face.kind).word}</span>
            {face.summary}
          </div>
        </div>
      </div>
      {overlay && <OverlayMark overlay={overlay} />}
      <FindingBadge face={face} />
    </>
  );
}

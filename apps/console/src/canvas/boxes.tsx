import { IconFlag, IconPlayerPlay, IconPlus } from '@tabler/icons-react';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import clsx from 'clsx';
import { type DragEvent, memo } from 'react';
import classes from './boxes.module.css';
import { dragType, movePrefix, useCanvasAccess } from './canvas-context.ts';
import { dropOn } from './drop.ts';
import { spokenFace } from './face.ts';
import { lookOf } from './kinds.ts';
import { StepHead } from './step-head.tsx';
import type { FlowNode } from './to-flow.ts';

type Props = NodeProps<FlowNode>;

function startMove(event: DragEvent, address: string): void {
  event.dataTransfer.setData(dragType, `${movePrefix}${address}`);
  event.dataTransfer.effectAllowed = 'move';
}

/** Where lines begin and end. They are not for people: nothing is connected by hand. */
function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} className={classes.handle} />
      <Handle type="source" position={Position.Bottom} isConnectable={false} className={classes.handle} />
    </>
  );
}

/** A step without a frame. */
export const StepBox = memo(function StepBox({ id, data, selected }: Props) {
  const { wish, prefix } = useCanvasAccess();
  const { face, overlay } = data;
  if (!face) return null;
  return (
    <div
      id={`${prefix}${id}`}
      role="img"
      aria-label={spokenFace(face, overlay)}
      className={clsx(classes.box, wish && 'nopan')}
      data-tone={lookOf(face.kind).tone}
      data-kind={face.kind}
      data-selected={selected || undefined}
      data-faulty={face.errors > 0 || undefined}
      data-state={overlay?.state}
      draggable={wish !== undefined}
      onDragStart={(event) => startMove(event, id)}
    >
      <Ends />
      <StepHead face={face} overlay={overlay} />
    </div>
  );
});

/** A step with a frame around what is inside it; only its head is taken hold of. */
export const FrameBox = memo(function FrameBox({ id, data, selected }: Props) {
  const { wish, prefix } = useCanvasAccess();
  const { face, overlay, head } = data;
  if (!face) return null;
  return (
    <div
      className={classes.frame}
      data-tone={lookOf(face.kind).tone}
      data-selected={selected || undefined}
      data-faulty={face.errors > 0 || undefined}
      data-state={overlay?.state}
    >
      <Ends />
      <div
        id={`${prefix}${id}`}
        role="img"
        aria-label={spokenFace(face, overlay)}
        className={clsx(classes.frameHead, wish && 'nopan')}
        style={{ height: head }}
        draggable={wish !== undefined}
        onDragStart={(event) => startMove(event, id)}
      >
        <StepHead face={face} overlay={overlay} />
      </div>
    </div>
  );
});

/** Everything that is not a step: start, end, names of lists, places for a first step. */
export const SmallBox = memo(function SmallBox({ data }: Props) {
  return (
    <>
      <Ends />
      <Small data={data} />
    </>
  );
});

function Small({ data }: Pick<Props, 'data'>) {
  const { wish } = useCanvasAccess();
  const { kind, lines, at } = data;
  if (kind === 'start') {
    return (
      <div className={classes.start}>
        <span className={classes.caption}>
          <IconPlayerPlay size={12} aria-hidden /> Starts
        </span>
        {lines.map((line) => (
          <span key={line} className={classes.startLine} title={line}>
            {line}
          </span>
        ))}
      </div>
    );
  }
  if (kind === 'slot' && at && wish) {
    return (
      <button
        type="button"
        className={classes.slot}
        aria-label="Add a step here"
        tabIndex={-1}
        onClick={() => wish({ kind: 'add', at })}
        {...dropOn(at, wish)}
      >
        <IconPlus size={14} aria-hidden />
      </button>
    );
  }
  if (kind === 'lane' || kind === 'section') {
    return (
      <div className={classes[kind]} title={lines[0]}>
        {lines[0]}
      </div>
    );
  }
  return <div className={classes[kind]}>{kind === 'end' && <IconFlag size={14} aria-label="End" />}</div>;
}

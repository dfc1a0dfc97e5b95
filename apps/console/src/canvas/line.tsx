import type { EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { plainText } from '../ui/untrusted-text.ts';
import { useCanvasAccess } from './canvas-context.ts';
import { dropOn } from './drop.ts';
import type { Point } from './layout/graph.ts';
import classes from './line.module.css';
import type { FlowEdge } from './to-flow.ts';

const LONGEST_LABEL = 38;
const CHARACTER = 6.3;

function Label({ text, at }: { readonly text: string; readonly at: Point }) {
  const shown = plainText(text, LONGEST_LABEL);
  const width = shown.length * CHARACTER + 14;
  return (
    <g className={classes.label} data-detail>
      <title>{plainText(text, 400)}</title>
      <rect x={at.x - width / 2} y={at.y - 10} width={width} height={20} rx={6} />
      <text x={at.x} y={at.y} textAnchor="middle" dominantBaseline="central">
        {shown}
      </text>
    </g>
  );
}

/** A line between two boxes; a step can be added on it, by its button or by dropping one. */
export const Line = memo(function Line({ data }: EdgeProps<FlowEdge>) {
  const { wish } = useCanvasAccess();
  if (!data) return null;
  const { shape, label, at, taken } = data;
  return (
    <g className={classes.line} data-taken={taken}>
      <path className={classes.path} d={shape.path} fill="none" />
      {label !== '' && <Label text={label} at={shape.label} />}
      {at && wish && (
        <g className={classes.add} {...dropOn(at, wish)}>
          <path className={classes.hit} d={shape.path} fill="none" />
          {/* Keyboards add with "a"; the button is for pointers. */}
          <g aria-hidden className={classes.button} onClick={() => wish({ kind: 'add', at })}>
            <title>Add a step here</title>
            <circle cx={shape.button.x} cy={shape.button.y} r={10} />
            <path d={`M${shape.button.x - 4} ${shape.button.y}h8M${shape.button.x} ${shape.button.y - 4}v8`} />
          </g>
        </g>
      )}
    </g>
  );
});

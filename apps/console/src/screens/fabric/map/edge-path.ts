import { getBezierPath, Position } from '@xyflow/react';
import { NODE, type Spot } from './spot.ts';

/** The line of an edge, and where its label stands. */
export interface EdgeLine {
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
}

/** The line from the right side of a node to the left side of another one. */
export function lineBetween(from: Spot, to: Spot): EdgeLine {
  const [path, labelX, labelY] = getBezierPath({
    sourceX: from.x + NODE.width,
    sourceY: from.y + NODE.height / 2,
    sourcePosition: Position.Right,
    targetX: to.x,
    targetY: to.y + NODE.height / 2,
    targetPosition: Position.Left,
  });
  return { path, labelX, labelY };
}

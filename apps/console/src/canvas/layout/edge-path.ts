import type { LaidEdge, Point } from './graph.ts';

/** A line with the places of what stands on it. */
export interface EdgeShape {
  /** SVG path data. */
  readonly path: string;
  /** Middle of the label. */
  readonly label: Point;
  /** Middle of the button that adds a step. */
  readonly button: Point;
}

const RADIUS = 10;
/** How far from a fork its lines turn, and from where branches meet. */
const FORK_TURN = 18;
const MEET_TURN = 14;
const LABEL_DOWN = 38;
const BUTTON_AWAY = 15;

/** The way of a line: straight down, or down, sideways and down with round corners. */
export function edgePath({ from, to, target, label }: LaidEdge): EdgeShape {
  if (from.x === to.x) {
    const middle = (from.y + to.y) / 2;
    const labelled = label !== '';
    const button = labelled ? to.y - BUTTON_AWAY : middle;
    return {
      path: `M${from.x} ${from.y}V${to.y}`,
      label: { x: to.x, y: labelled ? from.y + LABEL_DOWN : middle },
      button: { x: to.x, y: button },
    };
  }
  const meets = target.startsWith('join:');
  const turn = meets ? to.y - MEET_TURN : from.y + FORK_TURN;
  const side = to.x > from.x ? 1 : -1;
  const round = Math.min(RADIUS, Math.abs(to.x - from.x) / 2, Math.abs(turn - from.y), Math.abs(to.y - turn));
  const path = [
    `M${from.x} ${from.y}`,
    `V${turn - round}`,
    `Q${from.x} ${turn} ${from.x + side * round} ${turn}`,
    `H${to.x - side * round}`,
    `Q${to.x} ${turn} ${to.x} ${turn + round}`,
    `V${to.y}`,
  ].join('');
  const button = meets ? { x: from.x, y: from.y + BUTTON_AWAY } : { x: to.x, y: to.y - BUTTON_AWAY };
  return { path, label: { x: to.x, y: from.y + LABEL_DOWN }, button };
}

import type { Box } from './graph.ts';

/** What of a canvas is seen: `x` and `y` shift in pixels, `zoom` pixels for one unit. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Size of the window upon the canvas, in pixels. */
export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

const EDGE = 24;
/** Beside what is seen first. */
const SIDE = 12;
/** Smaller than this nothing is read. */
const READABLE = 0.65;
/** All of it is shown at once where it can be read without bending forward. */
const COMFORTABLE = 0.75;

/** What a first view is of. */
export interface Extents {
  readonly width: number;
  readonly height: number;
  /** Where it begins: the middle of its first box. */
  readonly axis: number;
}

/** Of what part of the window everything is to fit: where the lower boxes are too wide, at least the upper ones. */
const SHARES = [1, 0.75, 0.5];
/** How far zooms are apart that are tried. */
const ZOOM_STEP = 0.01;

/**
 * The first view of a graph: all of it where that can be read, else its beginning in the middle of the window, as large
 * as all fits beside each other that is seen of it; `main` are the boxes of what the document begins with.
 */
export function firstView(graph: Extents & { readonly main: readonly Box[] }, size: WindowSize): View {
  const room = { width: size.width - 2 * SIDE, height: size.height - 2 * EDGE };
  const whole = Math.min(1, room.width / Math.max(1, graph.width), room.height / Math.max(1, graph.height));
  if (whole >= COMFORTABLE) return { zoom: whole, x: (size.width - graph.width * whole) / 2, y: EDGE };
  for (const share of SHARES) {
    for (let zoom = 1; zoom >= READABLE; zoom -= ZOOM_STEP) {
      const { left, right } = spanOf(graph, (size.height * share) / zoom);
      if ((right - left) * zoom <= room.width) return { zoom, x: (size.width - (left + right) * zoom) / 2, y: EDGE };
    }
  }
  return { zoom: READABLE, x: size.width / 2 - graph.axis * READABLE, y: EDGE };
}

/** How far the boxes reach to both sides that begin above a height. */
function spanOf({ main, axis }: { readonly main: readonly Box[]; readonly axis: number }, height: number) {
  const seen = main.filter(({ y }) => y < height);
  return {
    left: Math.min(axis, ...seen.map(({ x }) => x)),
    right: Math.max(axis, ...seen.map(({ x, w }) => x + w)),
  };
}

/**
 * Whether the first view is to be shown, again: there was none, nothing of the graph is in sight, or the window has
 * another size and nobody has moved the view.
 */
export function isToBegin(
  first: (View & WindowSize) | undefined,
  view: View,
  graph: Extents,
  size: WindowSize,
): boolean {
  if (!first || !inSight(view, graph, size)) return true;
  const untouched = (['x', 'y', 'zoom'] as const).every((part) => Math.abs(first[part] - view[part]) < 0.01);
  return untouched && (first.width !== size.width || first.height !== size.height);
}

/** Whether anything of a graph is in the window: nothing is, for instance, where much of it was taken back. */
export function inSight({ x, y, zoom }: View, graph: Extents, size: WindowSize): boolean {
  const across = x + graph.width * zoom > EDGE && x < size.width - EDGE;
  return across && y + graph.height * zoom > EDGE && y < size.height - EDGE;
}

/** The view moved just so far that a box is seen; the same view when it is seen already. */
export function revealed(view: View, box: Box, size: WindowSize): View {
  const left = box.x * view.zoom + view.x;
  const top = box.y * view.zoom + view.y;
  const shift = (from: number, length: number, room: number) => {
    if (from >= EDGE && from + length <= room - EDGE) return 0;
    // What is larger than the window is shown from its beginning.
    return length > room - 2 * EDGE ? EDGE - from : room / 2 - (from + length / 2);
  };
  const dx = shift(left, box.w * view.zoom, size.width);
  const dy = shift(top, Math.min(box.h, 120) * view.zoom, size.height);
  return dx === 0 && dy === 0 ? view : { zoom: view.zoom, x: view.x + dx, y: view.y + dy };
}

import { type Edge, type Node, Position } from '@xyflow/react';
import type { CanvasOverlay, SlotPlace, StepOverlay } from './canvas-props.ts';
import { faceOf, type StepFace } from './face.ts';
import { type EdgeShape, edgePath } from './layout/edge-path.ts';
import type { LaidEdge, LaidGraph, LaidNode } from './layout/graph.ts';
import { headHeight } from './layout/measure.ts';
import type { StepsIndex } from './steps-index.ts';

/** What a box is drawn from. */
export interface BoxData extends Record<string, unknown> {
  readonly kind: LaidNode['kind'];
  readonly face: StepFace | undefined;
  readonly lines: readonly string[];
  readonly at: SlotPlace | undefined;
  readonly overlay: StepOverlay | undefined;
  /** Height of the head of a frame. */
  readonly head: number;
}

/** What a line is drawn from. */
export interface LineData extends Record<string, unknown> {
  readonly shape: EdgeShape;
  readonly label: string;
  readonly at: SlotPlace | undefined;
  /** Whether the run went this way; undefined: there is no run. */
  readonly taken: boolean | undefined;
}

/** A box of React Flow. */
export type FlowNode = Node<BoxData, 'step' | 'frame' | 'small'>;
/** A line of React Flow. */
export type FlowEdge = Edge<LineData, 'line'>;

/** Boxes and lines that were drawn before, by id, with the value that they were drawn from. */
export interface Drawn {
  readonly nodes: ReadonlyMap<string, readonly [key: string, node: FlowNode]>;
  readonly edges: ReadonlyMap<string, readonly [key: string, edge: FlowEdge]>;
}

/** Nothing drawn yet. */
export const nothingDrawn: Drawn = { nodes: new Map(), edges: new Map() };

/** Turns a laid-out graph into what React Flow draws; whatever looks the same as before stays the same object. */
export function toFlow(graph: LaidGraph, index: StepsIndex, overlay: CanvasOverlay | undefined, before: Drawn): Drawn {
  const nodes = new Map<string, readonly [string, FlowNode]>();
  for (const laid of graph.nodes) {
    const data = boxData(laid, index, overlay);
    nodes.set(
      laid.id,
      kept(before.nodes.get(laid.id), [laid.x, laid.y, laid.w, laid.h, data], () => flowNode(laid, data)),
    );
  }
  const edges = new Map<string, readonly [string, FlowEdge]>();
  for (const laid of graph.edges) {
    const data = lineData(laid, overlay);
    edges.set(
      laid.id,
      kept(before.edges.get(laid.id), [laid.source, laid.target, data], () => flowEdge(laid, data)),
    );
  }
  return { nodes, edges };
}

function kept<Item>(
  before: readonly [string, Item] | undefined,
  value: unknown,
  make: () => Item,
): readonly [string, Item] {
  const key = JSON.stringify(value);
  return before?.[0] === key ? before : [key, make()];
}

function boxData(laid: LaidNode, index: StepsIndex, overlay: CanvasOverlay | undefined): BoxData {
  const step = 'step' in laid ? laid.step : undefined;
  return {
    kind: laid.kind,
    face: step && faceOf(step, index.get(step.address)?.findings ?? []),
    lines: 'lines' in laid ? laid.lines : [],
    at: 'at' in laid ? laid.at : undefined,
    overlay: step && overlay?.get(step.address),
    head: step ? headHeight(step) : 0,
  };
}

function flowNode(laid: LaidNode, data: BoxData): FlowNode {
  const size = { width: laid.w, height: laid.h };
  const type = laid.kind === 'step' || laid.kind === 'frame' ? laid.kind : 'small';
  return {
    id: laid.id,
    type,
    position: { x: laid.x, y: laid.y },
    ...size,
    measured: size,
    handles: [
      { type: 'target', position: Position.Top, x: laid.w / 2, y: 0 },
      { type: 'source', position: Position.Bottom, x: laid.w / 2, y: laid.h },
    ],
    zIndex: type === 'frame' ? 0 : 2,
    // The inside of a frame belongs to the canvas: only its head is taken hold of.
    ...(type === 'frame' ? { style: { pointerEvents: 'none' } } : {}),
    data,
  };
}

function lineData(laid: LaidEdge, overlay: CanvasOverlay | undefined): LineData {
  return { shape: edgePath(laid), label: laid.label, at: laid.at, taken: overlay && wasTaken(laid, overlay) };
}

/** Whether a run went along a line: into its branch, and past the step that it comes from. */
function wasTaken(laid: LaidEdge, overlay: CanvasOverlay): boolean {
  if (laid.way && !overlay.get(laid.way.step)?.taken?.includes(laid.way.branch)) return false;
  const target = overlay.get(laid.target);
  if (target) return target.state !== 'idle';
  const source = overlay.get(laid.source.replace(/^join:/, ''));
  if (source) return source.state === 'succeeded' || source.state === 'skipped';
  return laid.way !== undefined;
}

function flowEdge(laid: LaidEdge, data: LineData): FlowEdge {
  const { id, source, target } = laid;
  // Boxes and the tree say what follows what; lines would only be noise to a screen reader.
  return { id, type: 'line', source, target, zIndex: 1, data, domAttributes: { 'aria-hidden': true } };
}

import type { SlotPlace } from '../canvas-props.ts';
import type { OutlineStep } from '../model.ts';

/** A rectangle on the canvas. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * What stands on the canvas. `step` is a step without a frame (also the head of an `if` or `switch`), `frame` one
 * around its lists; `lane` names a list inside a frame, `slot` stands for an empty list, `join` is where branches meet
 * and `tail` where a list inside a frame ends.
 */
export type LaidNode = Box & { readonly id: string } & (
    | { readonly kind: 'step' | 'frame'; readonly step: OutlineStep }
    | { readonly kind: 'start' | 'lane' | 'section'; readonly lines: readonly string[] }
    | { readonly kind: 'end' | 'join' | 'tail' }
    | { readonly kind: 'slot'; readonly at: SlotPlace | undefined }
  );

/** A place on the canvas. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line from one node to another, in absolute coordinates. */
export interface LaidEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly from: Point;
  readonly to: Point;
  /** The condition or value on it; empty: none. */
  readonly label: string;
  /** Where a step goes that is added on it; undefined: nothing can be added here. */
  readonly at: SlotPlace | undefined;
  /** Step and branch whose way this is, as journals of runs call them; undefined: of no branch. */
  readonly way: { readonly step: string; readonly branch: string } | undefined;
}

/** A playbook, laid out. Nodes come in paint order: frames before what is inside them. */
export interface LaidGraph {
  readonly nodes: readonly LaidNode[];
  readonly edges: readonly LaidEdge[];
  /** The nodes of what it begins with, without what it does on errors or at its end. */
  readonly main: readonly LaidNode[];
  readonly width: number;
  readonly height: number;
  /** The middle of where it begins. */
  readonly axis: number;
}

import type { Outline } from './model.ts';

/** Where a step can be moved by keys: along its list and beyond its ends, out of its block, into the one before it. */
export type Direction = 'up' | 'down' | 'out' | 'in';

/** How a step stands in a run or a test. `idle`: nothing has been heard of it. */
export type StepState =
  | 'idle'
  | 'running'
  | 'waiting'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'held'
  | 'unknown';

/** What a run or a test result lays over one step. */
export interface StepOverlay {
  readonly state: StepState;
  /** Milliseconds that it took, or has taken so far. */
  readonly duration?: number | undefined;
  /** How often it was done: rounds of a loop, attempts. */
  readonly count?: number | undefined;
  /** How many of these failed. */
  readonly failed?: number | undefined;
  /** One short remark, such as a guard's decision. */
  readonly note?: string | undefined;
  /** The branches that were entered, as journals call them (`branch` of the outline's slots). */
  readonly taken?: readonly string[] | undefined;
}

/** By the address of the outline (`each.block`); `outlineAddress` makes it of a run's (`each[3].block`). */
export type CanvasOverlay = ReadonlyMap<string, StepOverlay>;

/** Where a step can be put: before the step at `index` of a list, or at its end. */
export interface SlotPlace {
  /** Address of the step that the list is in; empty for a list of the document. */
  readonly step: string;
  /** Name of the slot in the outline. */
  readonly slot: string;
  readonly index: number;
}

/** What somebody wants to change on the canvas. */
export type CanvasWish =
  | { readonly kind: 'add'; readonly at: SlotPlace }
  | { readonly kind: 'rename'; readonly address: string }
  | { readonly kind: 'delete'; readonly addresses: readonly string[] }
  | { readonly kind: 'duplicate'; readonly address: string }
  | { readonly kind: 'copy'; readonly address: string }
  | { readonly kind: 'move'; readonly address: string; readonly direction: Direction }
  | { readonly kind: 'place'; readonly address: string; readonly at: SlotPlace }
  | { readonly kind: 'drop'; readonly payload: string; readonly at: SlotPlace }
  | {
      readonly kind: 'wrap';
      readonly addresses: readonly string[];
      readonly in: 'if' | 'foreach' | 'while' | 'parallel' | 'try';
    }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' };

/** Props of `PlaybookCanvas` and of its accessible twin, the outline tree. */
export interface CanvasProps {
  readonly outline: Outline;
  /** Address of the selected step; empty: none. */
  readonly selected: string;
  readonly onSelect: (address: string) => void;
  /** What a run or a test did. */
  readonly overlay?: CanvasOverlay | undefined;
  /** Left out: nothing can be changed. */
  readonly onWish?: ((wish: CanvasWish) => void) | undefined;
  /** A step was opened (Enter, double click). */
  readonly onOpen?: ((address: string) => void) | undefined;
  /** What a screen reader says of the whole; default "Playbook". */
  readonly label?: string | undefined;
}

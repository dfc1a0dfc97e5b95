import type { CanvasOutline } from './model.ts';

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
  /** Names of the parts that were entered (see {@link CanvasPart.name}). */
  readonly taken?: readonly string[] | undefined;
}

/** By step id, or by full address (`verdicts[3].rep`): `stepIdOf` turns the one into the other. */
export type CanvasOverlay = ReadonlyMap<string, StepOverlay>;

/** Where a step can be put: before the step at `index` of a list, or at its end. */
export interface Slot {
  /** Id of the step that the list is in; empty for a list of the playbook. */
  readonly owner: string;
  /** Name of the part, or of the section. */
  readonly part: string;
  readonly index: number;
}

/** What somebody wants to change on the canvas. */
export type CanvasWish =
  | { readonly kind: 'add'; readonly slot: Slot }
  | { readonly kind: 'open'; readonly id: string }
  | { readonly kind: 'rename'; readonly id: string }
  | { readonly kind: 'delete'; readonly id: string }
  | { readonly kind: 'duplicate'; readonly id: string }
  | { readonly kind: 'copy'; readonly id: string }
  | { readonly kind: 'move'; readonly id: string; readonly direction: 'up' | 'down' }
  | { readonly kind: 'place'; readonly id: string; readonly slot: Slot }
  | { readonly kind: 'drop'; readonly payload: string; readonly slot: Slot }
  | { readonly kind: 'wrap'; readonly id: string; readonly in: 'if' | 'foreach' | 'parallel' }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' };

/** Props of `PlaybookCanvas` and of its accessible twin, the outline tree. */
export interface CanvasProps {
  readonly outline: CanvasOutline;
  /** Id of the selected step; empty: none. */
  readonly selected: string;
  readonly onSelect: (id: string) => void;
  /** What a run or a test did. */
  readonly overlay?: CanvasOverlay | undefined;
  /** Left out: nothing can be changed, Enter and double click call {@link CanvasProps.onOpen}. */
  readonly onWish?: ((wish: CanvasWish) => void) | undefined;
  /** A step was opened (Enter, double click). */
  readonly onOpen?: ((id: string) => void) | undefined;
  /** What a screen reader says of the whole; default "Playbook". */
  readonly label?: string | undefined;
}

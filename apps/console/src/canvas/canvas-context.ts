import { createContext, useContext } from 'react';
import type { CanvasWish } from './canvas-props.ts';

/** What boxes and lines need from the canvas that they are on. Stays the same object while it can be changed or not. */
export interface CanvasAccess {
  /** Undefined: nothing can be changed. */
  readonly wish: ((wish: CanvasWish) => void) | undefined;
  /** Prefix of the ids of elements, so that two canvases on a page do not share any. */
  readonly prefix: string;
}

const Context = createContext<CanvasAccess>({ wish: undefined, prefix: '' });

/** Gives {@link CanvasAccess} to boxes and lines. */
export const CanvasAccessProvider = Context.Provider;

/** The canvas that a box or line is on. */
export function useCanvasAccess(): CanvasAccess {
  return useContext(Context);
}

/** Type of what is dragged onto a canvas: a step of the palette, or one that is on it already. */
export const dragType = 'application/x-counterpoint-step';
/** What a dragged step of the canvas says in front of its address. */
export const movePrefix = 'move:';

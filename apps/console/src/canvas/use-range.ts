import { useCallback, useMemo, useState } from 'react';
import { nextEnd, stepsBetween } from './range.ts';
import type { StepsIndex } from './steps-index.ts';

/** The steps that are chosen together: from the selected one to where the range was drawn. */
export interface Range {
  /** In the order of their list; the selected step alone where nothing was drawn. */
  readonly steps: readonly string[];
  /** Draws the range up to a step of the same list. */
  readonly drawTo: (address: string) => void;
  /** Draws the range one step further up (-1) or down (1). */
  readonly grow: (by: -1 | 1) => void;
  readonly clear: () => void;
}

/** A range of steps that begins at the selected one and is gone as soon as another one is selected. */
export function useRange(index: StepsIndex, selected: string): Range {
  const [drawn, setDrawn] = useState({ from: '', to: '' });
  const to = drawn.from === selected ? drawn.to : selected;
  const steps = useMemo(() => stepsBetween(index, selected, to), [index, selected, to]);
  const drawTo = useCallback((address: string) => setDrawn({ from: selected, to: address }), [selected]);
  const grow = (by: -1 | 1) => drawTo(nextEnd(index, to, by));
  const clear = () => drawTo(selected);
  return { steps, drawTo, grow, clear };
}

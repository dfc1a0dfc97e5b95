import type { Position } from '../plan.ts';

/** A text whose offsets can be turned into positions. */
export interface Source {
  readonly text: string;
  /** The position of `from` (inclusive) to `to` (exclusive). */
  position(from: number, to: number): Position;
}

/** Makes a {@link Source}; lines are counted once. */
export function createSource(text: string): Source {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    text,
    position(start, end) {
      const from = Math.min(start, text.length);
      const to = Math.max(from, Math.min(end, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] as number) <= from) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: from - (starts[low] as number) + 1, from, to };
    },
  };
}

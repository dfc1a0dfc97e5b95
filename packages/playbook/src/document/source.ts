import type { Position } from '../plan.ts';

/** A text whose offsets can be turned into positions. */
export interface Source {
  readonly text: string;
  /** The position of `from` (inclusive) to `to` (exclusive). */
  position(from: number, to: number): Position;
  /** Offset of the first character of a line, counted from 1; the end of the text for lines behind the last. */
  lineStart(line: number): number;
  /** How many lines it has; a text that ends with a line break has an empty last one. */
  readonly lines: number;
}

/** Makes a {@link Source}; lines are counted once. */
export function createSource(text: string): Source {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return {
    text,
    lines: starts.length,
    lineStart: (line) => starts[line - 1] ?? text.length,
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

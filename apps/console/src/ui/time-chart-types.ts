/** What is counted, with its colour. */
export interface Series {
  /** Field of the slices. */
  readonly name: string;
  readonly label: string;
  readonly color: string;
}

/** What was counted from `at` on. */
export type Slice = { readonly at: number } & { readonly [name: string]: number };

/** What a chart shows. */
export interface TimeChartProps {
  /** What it shows, as a sentence without an end: `Runs that ended in the last 24 hours`. */
  readonly label: string;
  readonly slices: readonly Slice[];
  /** Milliseconds of one slice. */
  readonly width: number;
  readonly series: readonly Series[];
  /** Says what the colours mean; default true, where there are several. */
  readonly legend?: boolean;
  /** Pixels; default 160. */
  readonly height?: number;
}

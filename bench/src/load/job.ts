/** What an answer must be to count as one. */
export interface Expectation {
  readonly statuses: readonly number[];
  /** Text that the body must have; empty: any body will do. */
  readonly contains: string;
}

/** Where requests go, and what makes an answer right. */
export interface LoadTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expect: Expectation;
}

/** One body over and over, each with its own stamp: first without looking (warm-up), then for `seconds`. */
export interface SteadyWork {
  readonly kind: 'steady';
  /** JSON with {@link STAMP_HOLE} in it, so that no two bodies are the same. */
  readonly template: string;
  readonly warmup_seconds: number;
  readonly seconds: number;
}

/** Every line of a file, once. */
export interface LinesWork {
  readonly kind: 'lines';
  readonly file: string;
}

/** What the load generator reads from its standard input, as JSON. */
export interface LoadJob extends LoadTarget {
  /** Open connections; each has at most one request under way. */
  readonly connections: number;
  readonly work: SteadyWork | LinesWork;
}

/** What the load generator writes to its standard output, as JSON. Times are milliseconds. */
export interface LoadResult {
  /** Right answers that came while it was measuring. */
  readonly answers: number;
  readonly seconds: number;
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  /** Wrong answers and broken connections, the warm-up included. */
  readonly errors: number;
  /** The first of them, in words; empty when there was none. */
  readonly first_error: string;
  /** Share of one processor core that the generator itself used; near 1 it is what limits the figure. */
  readonly generator_cpu: number;
}

/** What a template has where the stamp goes. */
export const STAMP_HOLE = '################';

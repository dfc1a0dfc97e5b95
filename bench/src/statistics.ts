/** A figure over several rounds: the median, and the smallest and largest value. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Sorts numbers ascending into a new array. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/**
 * The p-th percentile by the nearest-rank method: the smallest value that at least p percent of all values do not
 * exceed.
 *
 * @param sorted ascending, not empty
 * @param p above 0, at most 100
 */
export function percentile(sorted: readonly number[], p: number): number {
  const rank = Math.max(1, Math.ceil((p / 100) * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError(`no ${p}th percentile of ${sorted.length} values`);
  return value;
}

/** The middle value; with an even count, the mean of the two in the middle. Throws RangeError when there are none. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no median of no values');
  return (lower + upper) / 2;
}

/** Median, minimum and maximum. Throws RangeError when there are no values. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * The ratio of two programs that were measured in turns: each round's subject is divided by the same round's base, so
 * that a slow spell of the machine that lasts touches both sides of a quotient.
 */
export function ratioByRound(subject: readonly number[], base: readonly number[]): Spread {
  if (subject.length !== base.length) throw new RangeError(`${subject.length} rounds against ${base.length}`);
  return spread(
    subject.map((value, round) => {
      const divisor = base[round];
      if (!divisor) throw new RangeError(`round ${round + 1} has nothing to divide by`);
      return value / divisor;
    }),
  );
}

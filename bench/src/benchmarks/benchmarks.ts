import { type BurstResult, measureBurst } from './burst.ts';
import type { BenchmarkContext } from './context.ts';
import { measureStart, type StartResult } from './start.ts';
import { measureW5, type W5Result } from './w5.ts';

/** What a benchmark gives; each has its name in `name`. */
export type BenchmarkResult = W5Result | BurstResult | StartResult;

export type BenchmarkName = BenchmarkResult['name'];

const BURST_ITEMS = 10_000;

/** Every benchmark by name, in the order in which they run. */
export const benchmarks: Readonly<Record<BenchmarkName, (context: BenchmarkContext) => Promise<BenchmarkResult>>> = {
  w5: measureW5,
  burst: (context) => measureBurst(context, BURST_ITEMS),
  start: (context) => measureStart(context),
};

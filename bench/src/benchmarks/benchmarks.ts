import { type DxlResult, measureDxl } from '../fabric/dxl.ts';
import { type FabricResult, measureFabric } from '../fabric/fabric.ts';
import { type LargeLogResult, measureLargeLog } from '../fabric/large-log.ts';
import { measureNats, type NatsResult } from '../fabric/nats.ts';
import { type BurstResult, measureBurst } from './burst.ts';
import type { BenchmarkContext } from './context.ts';
import { type LinearResult, measureLinear } from './linear.ts';
import { measureStart, type StartResult } from './start.ts';
import { measureW5, measureW5Large, measureW5OnPostgres, type W5Result } from './w5.ts';
import { measureWaiting, type WaitingResult } from './waiting.ts';

/** What a benchmark gives; each has its name in `name`. */
export type BenchmarkResult =
  | W5Result
  | BurstResult
  | StartResult
  | WaitingResult
  | LinearResult
  | FabricResult
  | LargeLogResult
  | NatsResult
  | DxlResult;

export type BenchmarkName = BenchmarkResult['name'];

const BURST_ITEMS = 10_000;
const LARGE_JOURNAL = 5_000_000;
const WAITING_RUNS = 100_000;
const LINEAR_SIZE = 1_000;
const RETAINED_EVENTS = 1_000_000;

/** Every benchmark by name, in the order in which they run. */
export const benchmarks: Readonly<Record<BenchmarkName, (context: BenchmarkContext) => Promise<BenchmarkResult>>> = {
  w5: measureW5,
  w5_postgres: measureW5OnPostgres,
  w5_large: (context) => measureW5Large(context, LARGE_JOURNAL),
  linear: (context) => measureLinear(context, LINEAR_SIZE),
  waiting: (context) => measureWaiting(context, WAITING_RUNS),
  fabric: measureFabric,
  fabric_large: (context) => measureLargeLog(context, RETAINED_EVENTS),
  nats: measureNats,
  dxl: measureDxl,
  burst: (context) => measureBurst(context, BURST_ITEMS),
  start: (context) => measureStart(context),
};

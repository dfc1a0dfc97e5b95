import type { LoadResult } from '../load/job.ts';
import { runLoad } from '../load/run-load.ts';
import { type Memory, readMemory } from '../memory.ts';
import { ratioByRound, type Spread, spread } from '../statistics.ts';
import { workTemplate } from '../unit-of-work.ts';
import { type Contender, contenders, postgresContenders, withinLargeStore } from './contenders.ts';
import type { BenchmarkContext } from './context.ts';

const MANY = 32;
const WARMUP_SECONDS = 2;
/** Every measurement at one connection takes this share of the time of one at many. */
const ALONE_SHARE = 0.5;

/** One program at one number of connections, over the rounds. */
export interface LoadFigures {
  readonly per_second: Spread;
  readonly p50_ms: Spread;
  readonly p99_ms: Spread;
  /** The largest share of a core that the load generator used; near 1 it was the limit, not the program. */
  readonly generator_cpu: number;
}

/** One program over the rounds. */
export interface ProgramFigures {
  readonly name: Contender['name'];
  readonly title: string;
  readonly at_32: LoadFigures;
  readonly at_1: LoadFigures;
  /** Resident memory right after the load of 32 connections; null where it cannot be read. */
  readonly rss_bytes: Spread | null;
  readonly peak_rss_bytes: Spread | null;
}

/** The unit of work: webhook, five pure steps, each result durable, synchronous reply. */
export interface W5Result {
  /** On SQLite, on PostgreSQL, and on SQLite with millions of journal rows. */
  readonly name: 'w5' | 'w5_postgres' | 'w5_large';
  /** Title of the program that the product is compared with. */
  readonly base: string;
  /** Throughput of the product to that of its base, at 32 connections: the median over the rounds. */
  readonly ratio: number;
  readonly ratio_min: number;
  readonly ratio_max: number;
  /** The same to the floor that commits once per run; null where it was not measured. */
  readonly ratio_per_run: Spread | null;
  /** Median time of an answer at one connection, to that of the base; smaller is better. */
  readonly latency_ratio: Spread;
  readonly rounds: number;
  readonly seconds: number;
  readonly programs: readonly ProgramFigures[];
}

interface Round {
  readonly many: LoadResult;
  readonly alone: LoadResult;
  readonly memory: Memory | undefined;
}

async function measure(contender: Contender, context: BenchmarkContext): Promise<Round> {
  return context.workspace.withDirectory(contender.name, async (directory) => {
    const running = await contender.start(directory);
    const load = (connections: number, seconds: number) =>
      runLoad(contender.title, {
        ...running.target,
        connections,
        work: {
          kind: 'steady',
          template: workTemplate(),
          warmup_seconds: Math.min(WARMUP_SECONDS, seconds),
          seconds,
        },
      });
    try {
      const many = await load(MANY, context.seconds);
      const memory = readMemory(running.pid);
      return { many, alone: await load(1, context.seconds * ALONE_SHARE), memory };
    } finally {
      await running.stop();
    }
  });
}

/** Measures the product and its floors on SQLite. */
export function measureW5(context: BenchmarkContext): Promise<W5Result> {
  return inTurns('w5', contenders(context.command), context);
}

/** Measures the product and its floors on PostgreSQL, each on a server of its own. */
export function measureW5OnPostgres(context: BenchmarkContext): Promise<W5Result> {
  return inTurns('w5_postgres', postgresContenders(context.command), context);
}

/** Measures the product with `rows` journal rows in its store against the same with none. */
export function measureW5Large(context: BenchmarkContext, rows: number): Promise<W5Result> {
  return context.workspace.withDirectory('large', async (directory) =>
    inTurns('w5_large', await withinLargeStore(context, directory, rows), context),
  );
}

/** Measures programs in turns, the product first and its base second; every other round goes the other way round. */
async function inTurns(
  name: W5Result['name'],
  programs: readonly Contender[],
  context: BenchmarkContext,
): Promise<W5Result> {
  const rounds = new Map<Contender['name'], Round[]>(programs.map(({ name }) => [name, []]));
  for (let round = 1; round <= context.rounds; round += 1) {
    for (const contender of round % 2 === 1 ? programs : programs.toReversed()) {
      const result = await measure(contender, context);
      rounds.get(contender.name)?.push(result);
      const figure = Math.round(result.many.per_second).toLocaleString('en');
      context.progress(`${name} round ${round} of ${context.rounds}: ${contender.title}: ${figure} runs/s`);
    }
  }
  return summarise(name, programs, rounds, context);
}

function summarise(
  name: W5Result['name'],
  programs: readonly Contender[],
  rounds: ReadonlyMap<Contender['name'], readonly Round[]>,
  context: BenchmarkContext,
): W5Result {
  const [product, base] = programs;
  if (!product || !base) throw new RangeError('there is nothing to compare');
  const of = (program: Contender['name'], figure: (round: Round) => number) => (rounds.get(program) ?? []).map(figure);
  const perSecond = (round: Round) => round.many.per_second;
  const alone = (round: Round) => round.alone.p50_ms;
  const ratio = ratioByRound(of(product.name, perSecond), of(base.name, perSecond));
  return {
    name,
    base: base.title,
    ratio: ratio.median,
    ratio_min: ratio.min,
    ratio_max: ratio.max,
    ratio_per_run: rounds.has('floor_run')
      ? ratioByRound(of(product.name, perSecond), of('floor_run', perSecond))
      : null,
    latency_ratio: ratioByRound(of(product.name, alone), of(base.name, alone)),
    rounds: context.rounds,
    seconds: context.seconds,
    programs: programs.map((program) => programFigures(program, rounds.get(program.name) ?? [])),
  };
}

function programFigures({ name, title }: Contender, rounds: readonly Round[]): ProgramFigures {
  const memories = rounds.flatMap(({ memory }) => memory ?? []);
  const memory = (figure: keyof Memory) =>
    memories.length === 0 ? null : spread(memories.map((memory) => memory[figure]));
  return {
    name,
    title,
    at_32: loadFigures(rounds.map(({ many }) => many)),
    at_1: loadFigures(rounds.map(({ alone }) => alone)),
    rss_bytes: memory('rss_bytes'),
    peak_rss_bytes: memory('peak_rss_bytes'),
  };
}

function loadFigures(results: readonly LoadResult[]): LoadFigures {
  const over = (figure: (result: LoadResult) => number) => spread(results.map(figure));
  return {
    per_second: over((result) => result.per_second),
    p50_ms: over((result) => result.p50_ms),
    p99_ms: over((result) => result.p99_ms),
    generator_cpu: Math.max(...results.map((result) => result.generator_cpu)),
  };
}

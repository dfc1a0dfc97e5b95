import type { LoadResult } from '../load/job.ts';
import { runLoad } from '../load/run-load.ts';
import { type Memory, readMemory } from '../memory.ts';
import { ratioByRound, type Spread, spread } from '../statistics.ts';
import { workTemplate } from '../unit-of-work.ts';
import { type Contender, contenders } from './contenders.ts';
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
  readonly name: 'w5';
  /** Throughput of the product to that of the per-step floor, at 32 connections: the median over the rounds. */
  readonly ratio: number;
  readonly ratio_min: number;
  readonly ratio_max: number;
  /** The same to the floor that commits once per run. */
  readonly ratio_per_run: Spread;
  /** Median time of an answer at one connection, to that of the per-step floor; smaller is better. */
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

/** Measures the product and its floors in turns; every other round goes the other way round. */
export async function measureW5(context: BenchmarkContext): Promise<W5Result> {
  const programs = contenders(context.command);
  const rounds = new Map<Contender['name'], Round[]>(programs.map(({ name }) => [name, []]));
  for (let round = 1; round <= context.rounds; round += 1) {
    for (const contender of round % 2 === 1 ? programs : programs.toReversed()) {
      const result = await measure(contender, context);
      rounds.get(contender.name)?.push(result);
      const figure = Math.round(result.many.per_second).toLocaleString('en');
      context.progress(`w5 round ${round} of ${context.rounds}: ${contender.title}: ${figure} runs/s`);
    }
  }
  return summarise(programs, rounds, context);
}

function summarise(
  programs: readonly Contender[],
  rounds: ReadonlyMap<Contender['name'], readonly Round[]>,
  context: BenchmarkContext,
): W5Result {
  const of = (name: Contender['name'], figure: (round: Round) => number) => (rounds.get(name) ?? []).map(figure);
  const perSecond = (round: Round) => round.many.per_second;
  const alone = (round: Round) => round.alone.p50_ms;
  const ratio = ratioByRound(of('counterpoint', perSecond), of('floor_step', perSecond));
  return {
    name: 'w5',
    ratio: ratio.median,
    ratio_min: ratio.min,
    ratio_max: ratio.max,
    ratio_per_run: ratioByRound(of('counterpoint', perSecond), of('floor_run', perSecond)),
    latency_ratio: ratioByRound(of('counterpoint', alone), of('floor_step', alone)),
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

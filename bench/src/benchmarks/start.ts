import { join } from 'node:path';
import { readMemory } from '../memory.ts';
import { type Spread, spread } from '../statistics.ts';
import { startSubject } from '../subject.ts';
import type { BenchmarkContext } from './context.ts';

const IDLE_MILLIS = 3_000;

/** How long starting takes, and what a server that does nothing needs. */
export interface StartResult {
  readonly name: 'start';
  readonly rounds: number;
  /** Milliseconds from starting the process to ready: an empty data directory and nothing compiled before. */
  readonly first_ms: Spread;
  /** The same on the data directory and the compiled code of the start before. */
  readonly again_ms: Spread;
  /** Resident memory after three idle seconds, without the lab; null where it cannot be read. */
  readonly rss_idle_bytes: Spread | null;
}

interface Round {
  readonly first: number;
  readonly again: number;
  readonly rss: number | undefined;
}

async function measure(context: BenchmarkContext, directory: string, idleMillis: number): Promise<Round> {
  const options = { command: context.command, directory, compile_cache: join(directory, 'compiled') };
  const first = await startSubject(options);
  await first.stop();
  const again = await startSubject(options);
  try {
    await new Promise((resolve) => setTimeout(resolve, idleMillis));
    return { first: first.ready_ms, again: again.ready_ms, rss: readMemory(again.pid)?.rss_bytes };
  } finally {
    await again.stop();
  }
}

/** Starts the product on an empty directory, and again on what it left. */
export async function measureStart(
  context: BenchmarkContext,
  { idle_millis } = { idle_millis: IDLE_MILLIS },
): Promise<StartResult> {
  const rounds: Round[] = [];
  for (let round = 1; round <= context.rounds; round += 1) {
    const result = await context.workspace.withDirectory('start', (directory) =>
      measure(context, directory, idle_millis),
    );
    rounds.push(result);
    context.progress(`start round ${round} of ${context.rounds}: ready after ${Math.round(result.first)} ms`);
  }
  const memories = rounds.flatMap(({ rss }) => rss ?? []);
  return {
    name: 'start',
    rounds: rounds.length,
    first_ms: spread(rounds.map(({ first }) => first)),
    again_ms: spread(rounds.map(({ again }) => again)),
    rss_idle_bytes: memories.length === 0 ? null : spread(memories),
  };
}

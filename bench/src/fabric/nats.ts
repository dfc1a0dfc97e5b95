import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startNats } from '@counterpoint/testing';
import type { BenchmarkContext } from '../benchmarks/context.ts';
import type { NatsMode } from '../floors/nats-modes.ts';
import { ratioByRound, type Spread, spread } from '../statistics.ts';

const PROGRAM = join(import.meta.dirname, '../floors/nats-main.ts');
const EVENTS_PER_SECOND_OF_ROUND = 8_000;

/** The event log on NATS against the client of JetStream alone. */
export interface NatsResult {
  readonly name: 'nats';
  readonly rounds: number;
  readonly events: number;
  /** Events that were published, stored, taken and acknowledged, per second. */
  readonly log_per_second: Spread;
  readonly bare_per_second: Spread;
  readonly ratio: Spread;
}

async function measure(context: BenchmarkContext, mode: NatsMode, events: number): Promise<number> {
  return context.workspace.withDirectory('nats', async (directory) => {
    const server = await startNats();
    try {
      const args = [...process.execArgv, PROGRAM, mode, server.url, directory, String(events)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
      return events / (JSON.parse(stdout) as { readonly seconds: number }).seconds;
    } finally {
      await server.remove();
    }
  });
}

/** Measures publishing and taking through the event log, and with the client alone, in turns. */
export async function measureNats(context: BenchmarkContext): Promise<NatsResult> {
  const events = Math.round(EVENTS_PER_SECOND_OF_ROUND * context.seconds);
  const rates: Record<NatsMode, number[]> = { log: [], bare: [] };
  for (let round = 1; round <= context.rounds; round += 1) {
    for (const mode of round % 2 === 1 ? (['log', 'bare'] as const) : (['bare', 'log'] as const)) {
      const rate = await measure(context, mode, events);
      rates[mode].push(rate);
      context.progress(`nats round ${round} of ${context.rounds}: ${mode}: ${Math.round(rate)} events/s`);
    }
  }
  return {
    name: 'nats',
    rounds: context.rounds,
    events,
    log_per_second: spread(rates.log),
    bare_per_second: spread(rates.bare),
    ratio: ratioByRound(rates.log, rates.bare),
  };
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@counterpoint/sdk';
import { errors } from '../errors.ts';
import { runLoad } from '../load/run-load.ts';
import { type Memory, readMemory } from '../memory.ts';
import { type Spread, spread } from '../statistics.ts';
import { alertHook, startSubject } from '../subject.ts';
import { type Account, addUpAlerts, decided, differences, readAccount } from './accounting.ts';
import { type Burst, type Decisions, type EveAlert, makeBurst } from './burst-items.ts';
import type { BenchmarkContext } from './context.ts';

const ALERTS = join(import.meta.dirname, '../../fixtures/eve-alerts.jsonl');
const SOURCE = 'bench_burst';
const CONNECTIONS = 32;
const POLL_MILLIS = 100;
const STILL_MILLIS = 30_000;

/** How patient a burst is. */
export interface BurstPatience {
  /** When no further item was decided for so many milliseconds, the rest is taken for lost. Default 30,000. */
  readonly still_millis: number;
}

/** Many alerts at once over the webhook. */
export interface BurstResult extends Decisions {
  readonly name: 'burst';
  readonly items: number;
  readonly rounds: number;
  /** Items that were answered 2xx, so durable, per second. */
  readonly per_second: Spread;
  readonly p50_ms: Spread;
  readonly p99_ms: Spread;
  /** From the first item sent to the last one answered, and to the last one decided. */
  readonly accepted_seconds: Spread;
  readonly decided_seconds: Spread;
  /** Resident memory before the burst and the most there was; null where it cannot be read. */
  readonly rss_before_bytes: Spread | null;
  readonly peak_rss_bytes: Spread | null;
}

interface Round {
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly accepted_seconds: number;
  readonly decided_seconds: number;
  readonly before: Memory | undefined;
  readonly after: Memory | undefined;
}

const sleep = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis));

/** Waits until every item has a decision, or nothing happens any more. */
async function settle(client: Client, items: number, stillMillis: number): Promise<Account> {
  let account = await readAccount(client, SOURCE);
  let moved = performance.now();
  while (decided(account) < items && performance.now() - moved < stillMillis) {
    await sleep(POLL_MILLIS);
    const next = await readAccount(client, SOURCE);
    if (decided(next) !== decided(account)) moved = performance.now();
    account = next;
  }
  return account;
}

async function measure(
  burst: Burst,
  context: BenchmarkContext,
  directory: string,
  patience: BurstPatience,
): Promise<Round> {
  const file = join(directory, 'burst.jsonl');
  writeFileSync(file, burst.lines.join('\n'));
  const subject = await startSubject({ command: context.command, directory });
  try {
    const client = await subject.signIn();
    const target = await alertHook(subject, client, SOURCE, 'suricata_eve');
    const before = readMemory(subject.pid);
    const started = performance.now();
    const load = await runLoad('Counterpoint', { ...target, connections: CONNECTIONS, work: { kind: 'lines', file } });
    const account = await settle(client, burst.lines.length, patience.still_millis);
    const decidedSeconds = (performance.now() - started) / 1000;
    const after = readMemory(subject.pid);
    const lost = differences(burst.expected, account, await addUpAlerts(client, SOURCE));
    if (lost.length > 0) throw errors.items_lost({ differences: lost.join(', '), directory });
    return { ...load, accepted_seconds: load.seconds, decided_seconds: decidedSeconds, before, after };
  } finally {
    await subject.stop();
  }
}

/**
 * Sends a burst of alerts and checks that each is accounted for.
 *
 * @param items how many alerts
 * @throws bench.items_lost when one is not, or became something else than specified
 */
export async function measureBurst(
  context: BenchmarkContext,
  items: number,
  patience: BurstPatience = { still_millis: STILL_MILLIS },
): Promise<BurstResult> {
  const templates = readFileSync(ALERTS, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EveAlert);
  const rounds: Round[] = [];
  for (let round = 1; round <= context.rounds; round += 1) {
    const burst = makeBurst(templates, items, Date.now());
    const result = await context.workspace.withDirectory('burst', (directory) =>
      measure(burst, context, directory, patience),
    );
    rounds.push(result);
    context.progress(
      `burst round ${round} of ${context.rounds}: ${items} alerts in ${result.decided_seconds.toFixed(1)} s`,
    );
  }
  const { expected } = makeBurst(templates, items, 0);
  return { name: 'burst', items, ...expected, ...summarise(rounds) };
}

function summarise(rounds: readonly Round[]) {
  const over = (figure: (round: Round) => number) => spread(rounds.map(figure));
  const memory = (figure: (round: Round) => number | undefined) => {
    const values = rounds.flatMap((round) => figure(round) ?? []);
    return values.length === 0 ? null : spread(values);
  };
  return {
    rounds: rounds.length,
    per_second: over((round) => round.per_second),
    p50_ms: over((round) => round.p50_ms),
    p99_ms: over((round) => round.p99_ms),
    accepted_seconds: over((round) => round.accepted_seconds),
    decided_seconds: over((round) => round.decided_seconds),
    rss_before_bytes: memory(({ before }) => before?.rss_bytes),
    peak_rss_bytes: memory(({ after }) => after?.peak_rss_bytes),
  };
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../errors.ts';
import { runLoad } from '../load/run-load.ts';
import { readMemory } from '../memory.ts';
import { ascending, percentile, type Spread, spread } from '../statistics.ts';
import { playbookHook, type Subject, startSubject } from '../subject.ts';
import type { BenchmarkContext } from './context.ts';
import { readStore } from './read-store.ts';

const PLAYBOOK = join(import.meta.dirname, '../../playbooks/waiting.yaml');
const SOURCE = 'bench_waiting';
const CONNECTIONS = 32;
const DAY = 86_400_000;
const DUE_RUNS = 200;
const DEFAULT_PATIENCE = { idle_millis: 5_000, due_millis: 20_000 };

/** How long to wait before memory is read, and until the runs that are to end are due. */
export interface WaitingPatience {
  readonly idle_millis: number;
  readonly due_millis: number;
}

/** Many runs that wait for a day. */
export interface WaitingResult {
  readonly name: 'waiting';
  readonly runs: number;
  readonly rounds: number;
  /** Runs started, each durable and answered, per second. */
  readonly per_second: Spread;
  /** Resident memory with all of them waiting, after a pause; null where it cannot be read. */
  readonly rss_bytes: Spread | null;
  /** Milliseconds from starting the process on such a store to ready. */
  readonly ready_ms: Spread;
  readonly rss_after_start_bytes: Spread | null;
  /** How late the timers of some of them fired, in milliseconds: the median and the latest. */
  readonly late_p50_ms: Spread;
  readonly late_max_ms: Spread;
}

interface Round {
  readonly per_second: number;
  readonly rss: number | undefined;
  readonly ready: number;
  readonly rssAfter: number | undefined;
  readonly lateness: readonly number[];
}

const sleep = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, millis)));

const lines = (count: number, until: number, from = 0) =>
  Array.from({ length: count }, (_, index) => JSON.stringify({ number: from + index, until }));

/** Starts runs that wait until a moment. Gives how many a second, and the target for more of them. */
async function startRuns(subject: Subject, directory: string, runs: number) {
  const file = join(directory, 'waiting.jsonl');
  writeFileSync(file, lines(runs, Date.now() + DAY).join('\n'));
  const playbook = readFileSync(PLAYBOOK, 'utf8');
  const target = await playbookHook(subject, await subject.signIn(), SOURCE, playbook);
  const accepted = { ...target, expect: { ...target.expect, statuses: [200, 202] } };
  const load = await runLoad('Counterpoint', {
    ...accepted,
    connections: CONNECTIONS,
    work: { kind: 'lines', file },
  });
  return { per_second: load.per_second, target: accepted };
}

async function measure(
  context: BenchmarkContext,
  directory: string,
  runs: number,
  patience: WaitingPatience,
): Promise<Round> {
  const options = { command: context.command, directory };
  const first = await startSubject(options);
  let started: Awaited<ReturnType<typeof startRuns>>;
  let rss: number | undefined;
  try {
    started = await startRuns(first, directory, runs);
    await sleep(patience.idle_millis);
    rss = readMemory(first.pid)?.rss_bytes;
  } finally {
    await first.stop();
  }
  const again = await startSubject(options);
  const until = Date.now() + patience.due_millis;
  try {
    const file = join(directory, 'due.jsonl');
    writeFileSync(file, lines(DUE_RUNS, until, runs).join('\n'));
    const url = new URL(new URL(started.target.url).pathname, again.url).href;
    await runLoad('Counterpoint', { ...started.target, url, connections: 1, work: { kind: 'lines', file } });
    const rssAfter = readMemory(again.pid)?.rss_bytes;
    await sleep(until - Date.now() + patience.idle_millis);
    return { per_second: started.per_second, rss, ready: again.ready_ms, rssAfter, lateness: [] };
  } finally {
    await again.stop();
  }
}

/** How late each due run ended. @throws bench.items_lost when one is missing, early, or not waiting */
function lateness(directory: string, runs: number): readonly number[] {
  return readStore(join(directory, 'data'), (database) => {
    const waiting = database.prepare("SELECT count(*) AS count FROM runs WHERE status = 'waiting'").get() as {
      count: number;
    };
    const ended = database.prepare("SELECT event, ended_at FROM runs WHERE status = 'succeeded'").all() as {
      event: string;
      ended_at: number;
    }[];
    const late = ended.map(({ event, ended_at }) => ended_at - (JSON.parse(event) as { until: number }).until);
    const early = late.filter((millis) => millis < 0).length;
    if (waiting.count !== runs || ended.length !== DUE_RUNS || early > 0) {
      const differences = `${waiting.count} of ${runs} wait, ${ended.length} of ${DUE_RUNS} ended, ${early} too early`;
      throw errors.items_lost({ differences, directory });
    }
    return ascending(late);
  });
}

/**
 * Lets many runs wait, restarts the product on them, and lets a few of them become due.
 *
 * @throws bench.items_lost when a run is missing or ended too early
 */
export async function measureWaiting(
  context: BenchmarkContext,
  runs: number,
  patience: WaitingPatience = DEFAULT_PATIENCE,
): Promise<WaitingResult> {
  const rounds: Round[] = [];
  for (let round = 1; round <= context.rounds; round += 1) {
    rounds.push(
      await context.workspace.withDirectory('waiting', async (directory) => {
        const result = await measure(context, directory, runs, patience);
        return { ...result, lateness: lateness(directory, runs) };
      }),
    );
    const ready = Math.round(rounds.at(-1)?.ready ?? 0);
    context.progress(`waiting round ${round} of ${context.rounds}: ready after ${ready} ms`);
  }
  const over = (figure: (round: Round) => number) => spread(rounds.map(figure));
  const memory = (figure: (round: Round) => number | undefined) => {
    const values = rounds.flatMap((round) => figure(round) ?? []);
    return values.length === 0 ? null : spread(values);
  };
  return {
    name: 'waiting',
    runs,
    rounds: rounds.length,
    per_second: over((round) => round.per_second),
    rss_bytes: memory(({ rss }) => rss),
    ready_ms: over(({ ready }) => ready),
    rss_after_start_bytes: memory(({ rssAfter }) => rssAfter),
    late_p50_ms: over((round) => percentile(round.lateness, 50)),
    late_max_ms: over((round) => percentile(round.lateness, 100)),
  };
}

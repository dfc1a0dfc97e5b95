import { join } from 'node:path';
import { createParticipantClient } from '@counterpoint/sdk';
import type { BenchmarkContext } from '../benchmarks/context.ts';
import { ascending, percentile, ratioByRound, type Spread, spread } from '../statistics.ts';
import { startSubject } from '../subject.ts';
import { publishBatches, UNBOUNDED } from './fabric.ts';
import { openFeed, reopen, verdict } from './feed.ts';
import { fillLog } from './fill-log.ts';

const EVENTS_TAILED = 400;
const WARM_SECONDS = 1;

/** One side of the comparison. */
export interface LogFigures {
  readonly ready_ms: Spread;
  readonly published_per_second: Spread;
  /** From sending an event to getting it over server-sent events. */
  readonly tail_p50_ms: Spread;
}

/** What many retained events cost. */
export interface LargeLogResult {
  readonly name: 'fabric_large';
  readonly rounds: number;
  readonly events: number;
  readonly empty: LogFigures;
  readonly full: LogFigures;
  /** The full log to the empty one: below 1 is faster for the first and last, slower for the second. */
  readonly ready_ratio: Spread;
  readonly publish_ratio: Spread;
  readonly tail_ratio: Spread;
}

interface Round {
  readonly ready: number;
  readonly published: number;
  readonly tail: number;
}

/** Publishes one event after the other, and gives the median of how long each takes to come back over the stream. */
async function tailLatency(url: string, token: string, publish: (event: ReturnType<typeof verdict>) => Promise<void>) {
  const client = createParticipantClient({ url, token });
  const came = new Map<string, (at: number) => void>();
  await client.subscribe({ topics: ['verdict.ip.v1'] }, ({ subject }) => came.get(subject ?? '')?.(performance.now()));
  const latencies: number[] = [];
  for (let index = 0; index < EVENTS_TAILED; index += 1) {
    const event = verdict();
    const arrived = new Promise<number>((resolve) => came.set(event.subject, resolve));
    const sent = performance.now();
    await publish(event);
    latencies.push((await arrived) - sent);
  }
  client.close();
  return percentile(ascending(latencies), 50);
}

async function measure(context: BenchmarkContext, directory: string, events: number): Promise<Round> {
  const options = { command: context.command, directory, env: UNBOUNDED };
  const first = await startSubject(options);
  const client = await first.signIn();
  const feed = await openFeed(first, client, 'bench_feed');
  await publishBatches(feed, WARM_SECONDS);
  await feed.close();
  await first.stop();
  if (events > 0) fillLog(join(directory, 'data'), events);
  const second = await startSubject(options);
  try {
    const again = reopen(second.url, feed.token);
    const published = await publishBatches(again, context.seconds);
    const tail = await tailLatency(second.url, feed.token, ({ id: _, ...event }) => again.publish([event]));
    await again.close();
    return { ready: second.ready_ms, published, tail };
  } finally {
    await second.stop();
  }
}

const figuresOf = (rounds: readonly Round[]): LogFigures => ({
  ready_ms: spread(rounds.map(({ ready }) => ready)),
  published_per_second: spread(rounds.map(({ published }) => published)),
  tail_p50_ms: spread(rounds.map(({ tail }) => tail)),
});

/** Measures start, publishing and tail on a log with `events` retained events against one with few, in turns. */
export async function measureLargeLog(context: BenchmarkContext, events: number): Promise<LargeLogResult> {
  const [empty, full]: [Round[], Round[]] = [[], []];
  for (let round = 1; round <= context.rounds; round += 1) {
    for (const count of round % 2 === 1 ? [0, events] : [events, 0]) {
      const result = await context.workspace.withDirectory('log', (directory) => measure(context, directory, count));
      (count === 0 ? empty : full).push(result);
      context.progress(
        `fabric_large round ${round} of ${context.rounds}: ${count} events: ready ${Math.round(result.ready)} ms, tail ${result.tail.toFixed(2)} ms`,
      );
    }
  }
  const ratio = (figure: keyof Round) =>
    ratioByRound(
      full.map((one) => one[figure]),
      empty.map((one) => one[figure]),
    );
  return {
    name: 'fabric_large',
    rounds: context.rounds,
    events,
    empty: figuresOf(empty),
    full: figuresOf(full),
    ready_ratio: ratio('ready'),
    publish_ratio: ratio('published'),
    tail_ratio: ratio('tail'),
  };
}

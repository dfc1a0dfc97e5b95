import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchmarkContext } from '../benchmarks/context.ts';
import { readMemory } from '../memory.ts';
import { ascending, percentile, type Spread, spread } from '../statistics.ts';
import { type Subject, startSubject } from '../subject.ts';
import { type Feed, type FeedEvent, openFeed, verdict } from './feed.ts';
import { openIdleMqtt } from './idle-mqtt.ts';
import { startTarget, type Target } from './target.ts';

const REACTION = join(import.meta.dirname, '../../reactions/bench_react.yaml');
const PER_SECOND = 500;
const WARM_EVENTS = 1_500;
const BATCH = 100;
const BATCHES_AT_ONCE = 8;
const IDLE_CONNECTIONS = 1_000;
/** How long an event may take to reach the product before it counts as lost. */
const PATIENCE = 10_000;

/** What the fabric of one machine does. */
export interface FabricResult {
  readonly name: 'fabric';
  readonly rounds: number;
  readonly events: number;
  readonly per_second: number;
  /** From the moment that an event is sent to the moment that the reaction's request reaches the product. */
  readonly p50_ms: Spread;
  readonly p99_ms: Spread;
  /** Events published in batches, each durable before its batch is answered, per second. */
  readonly durable_per_second: Spread;
  /** Resident memory that an idle MQTT connection takes in the server; null where memory cannot be read. */
  readonly idle_mqtt_bytes: Spread | null;
}

interface Round {
  readonly latencies: readonly number[];
  readonly durable: number;
  readonly idle: number | undefined;
}

const sleep = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, millis)));

/** Settings under which neither the limit of one participant nor the storm breaker is what is measured. */
export const UNBOUNDED = {
  COUNTERPOINT_FABRIC__EVENTS_PER_SECOND: '1000000',
  COUNTERPOINT_FABRIC__STORM_EVENTS: '1000000',
};

/** Publishes at a steady rate, whatever becomes of it, and gives when each event was sent. */
async function publishSteadily(feed: Feed, events: number): Promise<ReadonlyMap<string, number>> {
  const sent = new Map<string, number>();
  const answers: Promise<void>[] = [];
  const began = performance.now();
  for (let index = 0; index < events; index += 1) {
    const due = began + (index * 1_000) / PER_SECOND;
    if (performance.now() < due) await sleep(due - performance.now());
    const { id, ...event } = verdict();
    sent.set(id, performance.now());
    answers.push(feed.publish([event]));
  }
  await Promise.all(answers);
  return sent;
}

/** The way of each event to the product, in milliseconds. Throws when one did not arrive, or came twice. */
async function latenciesOf(sent: ReadonlyMap<string, number>, { hits }: Target): Promise<readonly number[]> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end && [...sent.keys()].some((id) => !hits.has(id))) await sleep(20);
  return [...sent].map(([id, at]) => {
    const [hit, again] = hits.get(id) ?? [];
    if (hit === undefined) throw new Error(`the event ${id} never reached the product`);
    if (again !== undefined) throw new Error(`the event ${id} reached the product twice`);
    return hit - at;
  });
}

/** Publishes batches of events that nothing reacts to; gives how many a second. */
export async function publishBatches(feed: Feed, seconds: number): Promise<number> {
  const began = performance.now();
  let done = 0;
  const keepOn = async (): Promise<void> => {
    while (performance.now() - began < seconds * 1_000) {
      const batch = Array.from({ length: BATCH }, (): FeedEvent => {
        const { id: _, ...event } = verdict();
        return {
          ...event,
          topic: 'verdict.url.v1',
          data: { url: 'http://c2.example/a', verdict: 'unknown', confidence: 1 },
        };
      });
      await feed.publish(batch);
      done += batch.length;
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, keepOn));
  return done / ((performance.now() - began) / 1_000);
}

async function memoryOfIdle(subject: Subject, port: number, token: string): Promise<number | undefined> {
  await sleep(2_000);
  const before = readMemory(subject.pid);
  const connections = await openIdleMqtt(port, 'bench_feed', token, IDLE_CONNECTIONS);
  await sleep(2_000);
  const after = readMemory(subject.pid);
  connections.close();
  return before && after && (after.rss_bytes - before.rss_bytes) / IDLE_CONNECTIONS;
}

async function measure(context: BenchmarkContext, directory: string, events: number): Promise<Round> {
  const target = await startTarget();
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const env = { ...UNBOUNDED, COUNTERPOINT_MQTT__ENABLED: 'true', COUNTERPOINT_MQTT__PORT: String(port) };
  const subject = await startSubject({ command: context.command, directory, env });
  try {
    const client = await subject.signIn();
    await client.createConnection({
      body: { id: 'bench_out', connector: 'http', title: 'Bench', config: { base_url: target.url }, network: 'lab' },
    });
    const feed = await openFeed(subject, client, 'bench_feed');
    await client.publishPlaybook({ body: { source: readFileSync(REACTION, 'utf8') } });
    await latenciesOf(await publishSteadily(feed, WARM_EVENTS), target);
    const latencies = await latenciesOf(await publishSteadily(feed, events), target);
    const durable = await publishBatches(feed, context.seconds);
    const idle = await memoryOfIdle(subject, port, feed.token);
    await feed.close();
    return { latencies, durable, idle };
  } finally {
    await subject.stop();
    await target.close();
  }
}

/** Measures the way from an event to what a reaction does about it, and publishing in batches. */
export async function measureFabric(context: BenchmarkContext): Promise<FabricResult> {
  const events = Math.max(100, Math.round(PER_SECOND * context.seconds));
  const rounds: Round[] = [];
  for (let round = 1; round <= context.rounds; round += 1) {
    const result = await context.workspace.withDirectory('fabric', (directory) => measure(context, directory, events));
    rounds.push(result);
    const p50 = percentile(ascending(result.latencies), 50).toFixed(2);
    context.progress(
      `fabric round ${round} of ${context.rounds}: p50 ${p50} ms, ${Math.round(result.durable)} events/s`,
    );
  }
  const at = (p: number) => spread(rounds.map(({ latencies }) => percentile(ascending(latencies), p)));
  const idle = rounds.flatMap((round) => round.idle ?? []);
  return {
    name: 'fabric',
    rounds: rounds.length,
    events,
    per_second: PER_SECOND,
    p50_ms: at(50),
    p99_ms: at(99),
    durable_per_second: spread(rounds.map(({ durable }) => durable)),
    idle_mqtt_bytes: idle.length === 0 ? null : spread(idle),
  };
}

import { ascending, percentile } from '../statistics.ts';
import { type BodySource, bodiesPerConnection } from './bodies.ts';
import { type Connection, openConnection } from './connection.ts';
import type { LoadJob, LoadResult } from './job.ts';

/** After so many wrong answers there is nothing left to measure. */
const MAX_ERRORS = 100;

interface Tally {
  readonly latencies: number[];
  errors: number;
  firstError: string;
}

/** When answers count, in milliseconds of `performance.now()`. */
interface Window {
  readonly from: number;
  readonly until: number;
}

/** Sends requests one after the other until the bodies or the time have run out. */
async function drive(connection: Connection, next: BodySource, window: Window, tally: Tally): Promise<void> {
  for (;;) {
    const started = performance.now();
    const body = started < window.until ? next() : undefined;
    if (!body) return;
    const wrong = await connection.send(body);
    const ended = performance.now();
    if (wrong !== undefined) {
      tally.errors += 1;
      tally.firstError ||= wrong;
      if (tally.errors >= MAX_ERRORS) return;
    } else if (ended >= window.from && ended < window.until) {
      tally.latencies.push(ended - started);
    }
  }
}

function windowOf(job: LoadJob, now: number): Window {
  if (job.work.kind === 'lines') return { from: now, until: Number.POSITIVE_INFINITY };
  const from = now + job.work.warmup_seconds * 1000;
  return { from, until: from + job.work.seconds * 1000 };
}

/** Puts a target under load and says how it answered. Bounded by the job's seconds or lines. */
export async function generateLoad(job: LoadJob): Promise<LoadResult> {
  const bodies = bodiesPerConnection(job.work);
  const connections = Array.from({ length: job.connections }, () => openConnection(job));
  const tally: Tally = { latencies: [], errors: 0, firstError: '' };
  const started = performance.now();
  const window = windowOf(job, started);
  let cpu = process.cpuUsage();
  const warm = setTimeout(() => {
    cpu = process.cpuUsage();
  }, window.from - started);
  await Promise.all(connections.map((connection) => drive(connection, bodies(), window, tally)));
  clearTimeout(warm);
  const used = process.cpuUsage(cpu);
  const seconds = (Math.min(performance.now(), window.until) - window.from) / 1000;
  await Promise.all(connections.map((connection) => connection.close()));
  return summarise(tally, seconds, (used.user + used.system) / 1e6 / seconds);
}

function summarise(tally: Tally, seconds: number, cpu: number): LoadResult {
  const sorted = ascending(tally.latencies);
  const at = (p: number) => (sorted.length === 0 ? 0 : percentile(sorted, p));
  return {
    answers: sorted.length,
    seconds,
    per_second: sorted.length / seconds,
    p50_ms: at(50),
    p99_ms: at(99),
    max_ms: at(100),
    errors: tally.errors,
    first_error: tally.firstError,
    generator_cpu: cpu,
  };
}

import type { BenchmarkResult } from '../benchmarks/benchmarks.ts';
import type { BurstResult } from '../benchmarks/burst.ts';
import type { LinearFigures, LinearResult } from '../benchmarks/linear.ts';
import type { StartResult } from '../benchmarks/start.ts';
import type { ProgramFigures, W5Result } from '../benchmarks/w5.ts';
import type { WaitingResult } from '../benchmarks/waiting.ts';
import type { DxlResult } from '../fabric/dxl.ts';
import type { FabricResult } from '../fabric/fabric.ts';
import type { LargeLogResult, LogFigures } from '../fabric/large-log.ts';
import type { NatsResult } from '../fabric/nats.ts';
import { type Machine, machineWarnings } from '../workspace.ts';
import { medianOf, megabytes, number, table, withSpread } from './figures.ts';

const BUSY_GENERATOR = 0.9;

const roundsOf = ({ rounds }: { readonly rounds: number }) => (rounds === 1 ? 'One round' : `${rounds} rounds`);

function w5Row({ title, at_32, at_1, rss_bytes, peak_rss_bytes }: ProgramFigures): string[] {
  return [
    title,
    withSpread(at_32.per_second),
    medianOf(at_32.p50_ms),
    medianOf(at_32.p99_ms),
    medianOf(at_1.per_second),
    medianOf(at_1.p50_ms),
    medianOf(at_1.p99_ms),
    medianOf(rss_bytes, megabytes),
    medianOf(peak_rss_bytes, megabytes),
  ];
}

function w5Section(result: W5Result): string[] {
  const head = ['program', 'runs/s at 32', 'p50 ms', 'p99 ms', 'runs/s at 1', 'p50 ms', 'p99 ms', 'RSS MB', 'peak MB'];
  const ratio = { median: result.ratio, min: result.ratio_min, max: result.ratio_max };
  const limited = result.programs.filter(({ at_32 }) => at_32.generator_cpu > BUSY_GENERATOR);
  return [
    table(head, result.programs.map(w5Row)),
    `Runs per second at 32 connections, to "${result.base}": **${withSpread(ratio)}**.`,
    ...(result.ratio_per_run
      ? [`The same to the floor that commits once per run: ${withSpread(result.ratio_per_run)}.`]
      : []),
    `Median answer at 1 connection, to "${result.base}": ${withSpread(result.latency_ratio)} times as long.`,
    ...limited.map(({ title }) => `The load generator was the limit of "${title}", which could do more.`),
    `${roundsOf(result)} of ${number(result.seconds)} s at 32 connections and half of that at 1, in turns.`,
  ];
}

function burstSection(result: BurstResult): string[] {
  const { items, created, merged, duplicate } = result;
  return [
    table(
      ['burst', 'figure'],
      [
        ['alerts sent', number(items)],
        ['became alerts / counted on one / duplicates', [created, merged, duplicate].map(number).join(' / ')],
        ['lost', '0'],
        ['durable and answered, per second', withSpread(result.per_second)],
        ['answer p50 ms', withSpread(result.p50_ms)],
        ['answer p99 ms', withSpread(result.p99_ms)],
        ['all answered after s', withSpread(result.accepted_seconds)],
        ['all decided after s', withSpread(result.decided_seconds)],
        ['RSS before, MB', withSpread(result.rss_before_bytes, megabytes)],
        ['peak RSS, MB', withSpread(result.peak_rss_bytes, megabytes)],
      ],
    ),
    `${roundsOf(result)} over 32 connections, each on an empty data directory.`,
  ];
}

function startSection(result: StartResult): string[] {
  return [
    table(
      ['start', 'figure'],
      [
        ['first start to ready, ms', withSpread(result.first_ms)],
        ['later start to ready, ms', withSpread(result.again_ms)],
        ['idle RSS without the lab, MB', withSpread(result.rss_idle_bytes, megabytes)],
      ],
    ),
    `${roundsOf(result)}.`,
  ];
}

function linearRow({ title, small, large, small_ms, large_ms, growth, journal_bytes_each }: LinearFigures): string[] {
  return [
    `${number(small)} and ${number(large)} ${title}`,
    withSpread(small_ms),
    withSpread(large_ms),
    withSpread(growth),
    number(journal_bytes_each),
  ];
}

function linearSection(result: LinearResult): string[] {
  return [
    table(['large runs', 'small, ms', 'large, ms', 'growth', 'journal bytes each'], result.shapes.map(linearRow)),
    'Growth is the time of the large run to ten times that of the small one: 1 is linear, 10 quadratic.',
    `${roundsOf(result)}.`,
  ];
}

function waitingSection(result: WaitingResult): string[] {
  return [
    table(
      [`${number(result.runs)} waiting runs`, 'figure'],
      [
        ['started and durable, per second', withSpread(result.per_second)],
        ['RSS with all of them waiting, MB', withSpread(result.rss_bytes, megabytes)],
        ['start to ready on that store, ms', withSpread(result.ready_ms)],
        ['RSS after that start, MB', withSpread(result.rss_after_start_bytes, megabytes)],
        ['timer fired late by, ms (median)', withSpread(result.late_p50_ms)],
        ['timer fired late by, ms (latest)', withSpread(result.late_max_ms)],
      ],
    ),
    `${roundsOf(result)}. No timer fired early, and no run was missing.`,
  ];
}

function fabricSection(result: FabricResult): string[] {
  return [
    table(
      ['embedded fabric', 'figure'],
      [
        [`event to product at ${number(result.per_second)}/s, p50 ms`, withSpread(result.p50_ms)],
        ['the same, p99 ms', withSpread(result.p99_ms)],
        ['published in batches, durable, events per second', withSpread(result.durable_per_second)],
        ['memory of an idle MQTT connection, kB', withSpread(result.idle_mqtt_bytes, (bytes) => number(bytes / 1_000))],
      ],
    ),
    `${roundsOf(result)} of ${number(result.events)} events. Every event reached the product exactly once.`,
  ];
}

function logRow(title: string, { ready_ms, published_per_second, tail_p50_ms }: LogFigures): string[] {
  return [title, withSpread(ready_ms), withSpread(published_per_second), withSpread(tail_p50_ms)];
}

function largeLogSection(result: LargeLogResult): string[] {
  const { events, empty, full, ready_ratio, publish_ratio, tail_ratio } = result;
  return [
    table(
      ['retained events', 'start to ready, ms', 'published per second', 'tail p50 ms'],
      [
        logRow('few', empty),
        logRow(number(events), full),
        ['ratio', withSpread(ready_ratio), withSpread(publish_ratio), withSpread(tail_ratio)],
      ],
    ),
    `${roundsOf(result)}.`,
  ];
}

function natsSection(result: NatsResult): string[] {
  return [
    table(
      ['events published, stored, taken and acknowledged', 'per second'],
      [
        ['event log on NATS', withSpread(result.log_per_second)],
        ['client of JetStream alone', withSpread(result.bare_per_second)],
      ],
    ),
    `Ratio: **${withSpread(result.ratio)}**. ${roundsOf(result)} of ${number(result.events)} events.`,
  ];
}

function dxlSection(result: DxlResult): string[] {
  return [
    table(
      ['requests answered, 32 under way', 'per second', 'p50 ms'],
      [
        ['OpenDXL gateway', withSpread(result.gateway_per_second), withSpread(result.gateway_p50_ms)],
        ['aedes alone', withSpread(result.bare_per_second), withSpread(result.bare_p50_ms)],
      ],
    ),
    `Ratio: **${withSpread(result.ratio)}**. ${roundsOf(result)} of ${number(result.seconds)} s.`,
  ];
}

function figuresOf(result: BenchmarkResult): string[] {
  switch (result.name) {
    case 'burst':
      return burstSection(result);
    case 'start':
      return startSection(result);
    case 'waiting':
      return waitingSection(result);
    case 'linear':
      return linearSection(result);
    case 'fabric':
      return fabricSection(result);
    case 'fabric_large':
      return largeLogSection(result);
    case 'nats':
      return natsSection(result);
    case 'dxl':
      return dxlSection(result);
    default:
      return w5Section(result);
  }
}

/** The figures of one benchmark in Markdown, with what must be known to read them. */
export function renderSection(result: BenchmarkResult, machine: Machine): string {
  const { processor, cores, node, platform, filesystem, at } = machine;
  return [
    ...figuresOf(result),
    `Measured ${at.slice(0, 10)} on ${processor}, ${cores} cores shared with the load generator, ${filesystem}, Node ${node}, ${platform}.`,
    ...machineWarnings(machine),
  ].join('\n\n');
}

import { nearest } from '@counterpoint/core';
import { Command } from 'commander';
import { type BenchmarkName, benchmarks } from './benchmarks/benchmarks.ts';
import { errors } from './errors.ts';

/** What the command line asks for. */
export interface Options {
  readonly json: boolean;
  readonly only: readonly BenchmarkName[];
  readonly rounds: number;
  readonly seconds: number;
  readonly dir: string;
  readonly keep: boolean;
  readonly write: boolean;
}

const known = Object.keys(benchmarks) as BenchmarkName[];

function parseNames(text: string): readonly BenchmarkName[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (name in benchmarks) continue;
    const near = nearest(name, known);
    const suggestion = near === undefined ? '' : `; did you mean ${near}?`;
    throw errors.benchmark_unknown({ name, suggestion, known: known.join(', ') });
  }
  return known.filter((name) => names.includes(name));
}

function numberFor(option: string, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value))) {
      throw errors.number_invalid({ option, text });
    }
    return value;
  };
}

/**
 * Reads the command line.
 *
 * @param args without the names of Node and the script
 * @param dir where data goes unless told otherwise
 * @throws bench.benchmark_unknown, bench.number_invalid, and CommanderError for help and unknown options
 */
export function parseOptions(args: readonly string[], dir: string): Options {
  return new Command('bench')
    .description('measures the product and its floors in turns')
    .option('--json', 'print JSON for programs', false)
    .option('--only <names>', `some of ${known.join(', ')}, separated by commas`, parseNames, known)
    .option('--rounds <n>', 'how often everything is measured', numberFor('--rounds', true), 3)
    .option('--seconds <n>', 'how long a load is measured', numberFor('--seconds', false), 5)
    .option('--dir <path>', 'where data is written; must be on a real disk', dir)
    .option('--keep', 'leave the data directories in place', false)
    .option('--write', 'put the figures into docs/explanation/performance.md', false)
    .addHelpText('after', '\nExample:\n  npm run bench -- --only w5 --rounds 5')
    .exitOverride()
    .parse(args, { from: 'user' })
    .opts<Options>();
}

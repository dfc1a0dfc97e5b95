import { Command, InvalidArgumentError, Option } from 'commander';
import { type Break, breaks } from './subject/orders.ts';

/** What the command line says. */
export interface Options {
  readonly seed: number;
  readonly kills: number;
  readonly runs: number;
  readonly every: number;
  /** Names of scenarios; empty: all. */
  readonly scenario: readonly string[];
  readonly break: Break | undefined;
  /** Where data goes; undefined: the folder of the system for what is temporary. */
  readonly dir: string | undefined;
  readonly keep: boolean;
  readonly patience: number;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number is needed');
  return value;
}

/** Reads the command line; runs are ten for each kill, and at least a thousand, unless it says how many. */
export function readOptions(args: readonly string[], scenarios: readonly string[]): Options {
  const program = new Command('test:crash')
    .description('kills the product in every way, and holds what it did against what was seen from outside')
    .option('--seed <number>', 'repeats the chance of another time', whole, Date.now() % 1_000_000)
    .option('--kills <number>', 'random kills', whole, 50)
    .option('--runs <number>', 'runs under random kills, at least; default ten for each kill, at least 1000', whole)
    .option('--every <number>', 'of the enumerated failpoints every n-th one, by the seed; 1 for all', whole, 3)
    .addOption(new Option('--scenario <name...>', 'only these').choices([...scenarios]).default([]))
    .addOption(new Option('--break <switch>', 'break a guarantee, so that the suite must fail').choices([...breaks]))
    .option('--dir <folder>', 'where data goes; default the system’s folder for temporary files')
    .option('--keep', 'leave the data there', false)
    .option('--patience <seconds>', 'how long everything may take to end after the last crash', whole, 90);
  const given = program.parse([...args], { from: 'user' }).opts();
  const { seed, kills, runs, every, scenario, break: how, dir, keep, patience } = given;
  return {
    seed,
    kills,
    runs: runs ?? Math.max(1_000, kills * 10),
    every: Math.max(1, every),
    scenario,
    break: how,
    dir,
    keep,
    patience: patience * 1_000,
  };
}

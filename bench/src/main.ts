import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CounterpointError } from '@counterpoint/core';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { type BenchmarkName, type BenchmarkResult, benchmarks } from './benchmarks/benchmarks.ts';
import { type Options, parseOptions } from './options.ts';
import { fillSection } from './report/page.ts';
import { renderSection } from './report/sections.ts';
import { PRODUCT } from './subject.ts';
import { createWorkspace, describeMachine, type Machine, machineWarnings } from './workspace.ts';

const PAGE = join(import.meta.dirname, '../../docs/explanation/performance.md');
const DATA = join(import.meta.dirname, '../data');

interface Failure {
  readonly name: BenchmarkName;
  readonly error: { readonly code: string; readonly message: string; readonly help: string };
}

const say = (text: string) => void process.stderr.write(`${text}\n`);

function report(error: unknown): Failure['error'] {
  const known = error instanceof CounterpointError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const described = { code: known?.code ?? 'core.internal', message, help: known?.help ?? '' };
  say(`${pc.red('✘')} ${described.message} ${pc.dim(described.code)}${described.help ? `\n  ${described.help}` : ''}`);
  return described;
}

function writePage(result: BenchmarkResult, machine: Machine): void {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, fillSection(page, result.name, renderSection(result, machine), PAGE));
}

async function measure(options: Options): Promise<boolean> {
  const workspace = createWorkspace(options.dir, options.keep);
  const machine = describeMachine(options.dir);
  for (const warning of machineWarnings(machine)) say(pc.yellow(warning));
  const { rounds, seconds } = options;
  const progress = (text: string) => say(pc.dim(text));
  const context = { workspace, command: PRODUCT, rounds, seconds, progress };
  const done: (BenchmarkResult | Failure)[] = [];
  for (const name of options.only) {
    try {
      const result = await benchmarks[name](context);
      done.push(result);
      if (options.write) writePage(result, machine);
      if (!options.json) process.stdout.write(`\n${renderSection(result, machine)}\n\n`);
    } catch (error) {
      done.push({ name, error: report(error) });
    }
  }
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify(
        done.map((result) => ({ ...result, machine })),
        null,
        2,
      )}\n`,
    );
  }
  return done.every((result) => !('error' in result));
}

try {
  process.exitCode = (await measure(parseOptions(process.argv.slice(2), DATA))) ? 0 : 1;
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    report(error);
    process.exitCode = 2;
  }
}

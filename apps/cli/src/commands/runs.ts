import { formatDuration } from '@counterpoint/core';
import type { CallResult } from '@counterpoint/sdk';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { readInputs } from '../read-input.ts';
import { clockTime, colourStatus, dateTime, line, printJson, printTable, safe } from '../terminal.ts';
import { addRunVerbs } from './run-verbs.ts';

type Run = CallResult<'startRun'>;

const STATUSES: readonly Run['status'][] = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled'];

function printRun(run: Run): void {
  line(
    `${pc.bold(run.playbook)} ${run.id}  ${colourStatus(run.status)}${run.paused ? pc.yellow(' paused') : ''}${run.simulated ? pc.magenta('  simulated') : ''}${run.site ? pc.magenta(`  on ${safe(run.site)}`) : ''}`,
  );
  if (run.outputs !== null) line(`outputs ${safe(run.outputs)}`);
  if (run.error !== null) line(pc.red(`error   ${safe(run.error)}`));
}

/** Names the steps of which nobody knows whether they happened: the run waits until somebody says it. */
function printUnknown({ id, ended_at, journal }: CallResult<'getRun'>): void {
  const last = new Map(journal.map(({ address, kind }) => [address, kind]));
  const unknown = ended_at === null ? [...last].filter(([, kind]) => kind === 'step_unknown') : [];
  for (const [address] of unknown) {
    line(pc.yellow(`nobody knows whether ${safe(address)} happened; look at the product, then say it with`));
    line(`counterpoint runs resolve ${id} --step ${safe(address)} --happened yes|no --reason …`);
  }
}

/** `counterpoint run <playbook>`: starts a run by hand. */
export function addRun(program: Command): void {
  program
    .command('run')
    .description('start a run of a playbook by hand')
    .argument('<playbook>', 'id of a published playbook with a manual trigger')
    .option('-i, --input <name=value...>', 'inputs; values may be JSON')
    .option('--no-wait', 'do not wait for the end')
    .addHelpText('after', '\nExample:\n  counterpoint run check_address -i ip=203.0.113.66')
    .action(async (playbook: string, options: { input?: string[]; wait: boolean }, command: Command) => {
      const body = { inputs: readInputs(options.input ?? []), wait: options.wait };
      const run = await signedInClient(command).startRun({ id: playbook, body });
      if (globalOptions(command).json) printJson(run);
      else {
        printRun(run);
        line(pc.dim(`counterpoint trace run:${run.id}`));
      }
      if (run.status === 'failed') process.exitCode = ExitCode.findings;
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 500) throw new InvalidArgumentError('It is a number, 1 to 500.');
  return value;
}

/** `counterpoint runs [id]`: lists runs, or shows one with its journal. */
export function addRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('list runs, show one with its journal, or steer one')
    .argument('[id]', 'id of a run')
    .addOption(new Option('--status <status>', 'only runs with this status').choices(STATUSES))
    .option('--playbook <id>', 'only runs of this playbook')
    .option('--limit <count>', 'at most so many; default 20', count)
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint runs --status failed\n  counterpoint runs 0199…\n  counterpoint runs pause 0199… --reason maintenance',
    )
    .action(
      async (
        id: string | undefined,
        options: { status?: Run['status']; playbook?: string; limit?: number },
        command: Command,
      ) => {
        const client = signedInClient(command);
        const { json } = globalOptions(command);
        if (id !== undefined) {
          const run = await client.getRun({ id });
          if (json) return printJson(run);
          printRun(run);
          printUnknown(run);
          const rows = run.journal.map((entry) => [
            clockTime(entry.at),
            entry.kind,
            entry.address,
            safe(entry.data).slice(0, 100),
          ]);
          return printTable(['at', 'fact', 'step', 'data'], rows, 'Nothing is journaled yet.');
        }
        const page = await client.listRuns({
          query: { limit: options.limit ?? 20, status: options.status, playbook: options.playbook },
        });
        if (json) return printJson(page);
        const rows = page.items.map((run) => [
          run.id,
          run.playbook,
          colourStatus(run.status) + (run.paused ? pc.yellow(' paused') : ''),
          dateTime(run.created_at),
          run.ended_at === null ? '' : formatDuration(run.ended_at - run.created_at),
        ]);
        printTable(
          ['run', 'playbook', 'status', 'started', 'took'],
          rows,
          'No run yet. Send an alert, or "counterpoint run <playbook>".',
        );
      },
    );
  addRunVerbs(runs);
}

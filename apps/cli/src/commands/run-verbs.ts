import type { CallResult } from '@counterpoint/sdk';
import { type Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { readInputs } from '../read-input.ts';
import { colourStatus, line, printJson, printTable, safe } from '../terminal.ts';
import { versionId, versionOfRun } from '../version-id.ts';

/** What every verb takes. */
interface Asked {
  readonly reason: string;
  readonly request?: string;
}

type Steered = CallResult<'pauseRun'>;
type Started = CallResult<'rerunRun'>;

const REASON = ['--reason <text>', 'why; it stands in the audit log'] as const;
const REQUEST = [
  '--request <id>',
  'an id of the request: made again with the same one, it has no second effect',
] as const;
const VERSION = ['--playbook-version <version>', 'number or id of the version to follow'] as const;

function verb(runs: Command, name: string, description: string): Command {
  return runs
    .command(name)
    .description(description)
    .requiredOption(...REASON)
    .option(...REQUEST);
}

function askedOf(command: Command): Asked {
  const { reason, request } = command.optsWithGlobals<Asked>();
  return { reason, ...(request === undefined ? {} : { request }) };
}

function printSteered(command: Command, result: Steered, done: string): void {
  const { run, status, paused, decided } = result;
  if (globalOptions(command).json) printJson(result);
  else if (decided)
    line(`${pc.green('✔')} ${run} ${done}  ${colourStatus(status)}${paused ? pc.yellow('  paused') : ''}`);
  else line(`${pc.yellow('…')} ${run}: written down; the worker that owns the run has not decided yet`);
}

function printStarted(command: Command, result: Started): void {
  const { run, existing } = result;
  if (globalOptions(command).json) printJson(result);
  else if (existing) line(`${pc.yellow('=')} ${run} was begun by the same request before`);
  else line(`${pc.green('✔')} began ${run}; counterpoint runs ${run}`);
}

function addPauseAndResume(runs: Command): void {
  verb(runs, 'pause', 'let no step of a run begin any more; calls under way end, what arrives waits')
    .argument('<run>', 'id of the run')
    .action(async (id: string, _options: unknown, command: Command) => {
      printSteered(command, await signedInClient(command).pauseRun({ id, body: askedOf(command) }), 'is paused');
    });
  verb(runs, 'resume', 'end the pause of a run')
    .argument('<run>', 'id of the run')
    .action(async (id: string, _options: unknown, command: Command) => {
      printSteered(command, await signedInClient(command).resumeRun({ id, body: askedOf(command) }), 'goes on');
    });
  verb(runs, 'cancel', 'cancel a run; its effects stay until their leases end or they are undone')
    .argument('<run>', 'id of the run')
    .action(async (id: string, _options: unknown, command: Command) => {
      const run = await signedInClient(command).cancelRun({ id, body: askedOf(command) });
      if (globalOptions(command).json) return printJson(run);
      line(`${pc.green('✔')} ${run.id} ${colourStatus(run.status)}`);
    });
}

interface RetryOptions {
  readonly step?: string;
  readonly from?: string;
  readonly input?: string[];
  readonly evenIfUnknown?: boolean;
  readonly playbookVersion?: string;
}

async function retry(id: string, options: RetryOptions, command: Command): Promise<void> {
  const { step, from, evenIfUnknown = false, playbookVersion } = options;
  const client = signedInClient(command);
  const input = options.input && readInputs(options.input);
  const body = { ...askedOf(command), ...(input ? { input } : {}) };
  if (step !== undefined && from === undefined) {
    if (playbookVersion !== undefined)
      command.error('error: an open step is retried on the version of its run; "runs migrate" changes that first', {
        exitCode: ExitCode.usage,
      });
    const result = await client.retryStep({ id, body: { ...body, address: step, even_if_unknown: evenIfUnknown } });
    return printSteered(command, result, `runs ${safe(step)} anew`);
  }
  if (from === undefined || step !== undefined) {
    command.error('error: name an open step with --step, or the step of an ended run with --from', {
      exitCode: ExitCode.usage,
    });
  }
  const version = await versionOfRun(client, id, playbookVersion);
  printStarted(command, await client.retryRunFrom({ id, body: { ...body, address: from, version } }));
}

function addRetry(runs: Command): void {
  verb(runs, 'retry', 'run an open step anew, or take an ended run up from one of its steps')
    .argument('<run>', 'id of the run')
    .option('--step <address>', 'an open step of a run that is going on')
    .option('--from <address>', 'a step of a run that has ended; a new run begins with it')
    .option('-i, --input <name=value...>', 'other arguments, instead of all that the step had; values may be JSON')
    .option('--even-if-unknown', 'although nobody knows whether the step has happened; it may then happen twice')
    .option(...VERSION)
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint runs retry 0199… --step block --reason "it hangs"\n  counterpoint runs retry 0199… --from notify -i channel=soc --reason "wrong channel"',
    )
    .action(retry);
}

function addSkip(runs: Command): void {
  verb(runs, 'skip', 'end an open step as skipped, and go on behind it')
    .argument('<run>', 'id of the run')
    .requiredOption('--step <address>', 'the step')
    .option('-o, --output <name=value...>', 'what stands for its output; values may be JSON')
    .action(async (id: string, options: { step: string; output?: string[] }, command: Command) => {
      const output = options.output && readInputs(options.output);
      const body = { ...askedOf(command), address: options.step, ...(output ? { output } : {}) };
      printSteered(command, await signedInClient(command).skipStep({ id, body }), `leaves ${safe(options.step)} out`);
    });
}

function addRerun(runs: Command): void {
  verb(runs, 'rerun', 'begin a new run with the event and inputs of another one')
    .argument('<run>', 'id of the run')
    .option(...VERSION)
    .action(async (id: string, options: { playbookVersion?: string }, command: Command) => {
      const client = signedInClient(command);
      const version = await versionOfRun(client, id, options.playbookVersion);
      printStarted(command, await client.rerunRun({ id, body: { ...askedOf(command), version } }));
    });
}

function moment(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('It is a time such as 2026-11-01T08:00:00Z.');
  return at;
}

function limit(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1_000)
    throw new InvalidArgumentError('It is a number, 1 to 1000.');
  return value;
}

interface ReplayOptions {
  readonly playbook?: string;
  readonly status?: 'succeeded' | 'failed' | 'cancelled';
  readonly since?: number;
  readonly until?: number;
  readonly errorCode?: string;
  readonly limit?: number;
  readonly fromFailedStep?: boolean;
  readonly do?: boolean;
}

async function replay(_options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<ReplayOptions & { playbookVersion?: string }>();
  const { playbook, status, since, until, errorCode, playbookVersion } = options;
  const client = signedInClient(command);
  const version = playbook === undefined ? playbookVersion : await versionId(client, playbook, playbookVersion);
  const result = await client.replayRuns({
    body: {
      ...askedOf(command),
      preview: !options.do,
      verb: options.fromFailedStep ? 'retry' : 'rerun',
      playbook,
      status,
      since,
      until,
      error_code: errorCode,
      limit: options.limit ?? 100,
      version,
    },
  });
  if (globalOptions(command).json) return printJson(result);
  const rows = result.runs.map(({ of, run, existing, problem }) => [
    of,
    problem ? pc.red(safe(problem.message)) : (run ?? ''),
    existing ? 'before' : '',
  ]);
  printTable(['run', options.do ? 'begins' : 'would begin again', ''], rows, 'No run matches.');
  if (!options.do) line(pc.dim(`${result.count} runs; add --do to begin them again`));
  else line(pc.dim(`batch ${result.batch}: --request with it repeats only what is missing`));
  if (result.runs.some(({ problem }) => problem)) process.exitCode = ExitCode.findings;
}

function addReplay(runs: Command): void {
  verb(runs, 'replay', 'begin ended runs again; without --do it only says which')
    .option('--playbook <id>', 'only runs of this playbook')
    .addOption(new Option('--status <status>', 'only runs that ended so').choices(['succeeded', 'failed', 'cancelled']))
    .option('--since <time>', 'created at or after', moment)
    .option('--until <time>', 'created before', moment)
    .option('--error-code <code>', 'only runs that failed with this code')
    .option('--limit <count>', 'at most so many, the oldest first; default 100', limit)
    .option('--from-failed-step', 'take each up from the step that failed, instead of from the beginning')
    .option(...VERSION)
    .option('--do', 'begin them')
    .action(replay);
}

async function migrate(id: string | undefined, _options: unknown, command: Command): Promise<void> {
  const { playbook, playbookVersion } = command.optsWithGlobals<{
    playbook?: string;
    playbookVersion?: string;
  }>();
  const client = signedInClient(command);
  const asked = askedOf(command);
  if (id !== undefined) {
    const body = { ...asked, version: await versionOfRun(client, id, playbookVersion) };
    return printSteered(command, await client.migrateRun({ id, body }), 'follows the other version');
  }
  if (playbook === undefined) command.error('error: name a run, or --playbook', { exitCode: ExitCode.usage });
  const body = { ...asked, version: await versionId(client, playbook, playbookVersion) };
  const result = await client.migrateRuns({ id: playbook, body });
  if (globalOptions(command).json) return printJson(result);
  const rows = result.runs.map(({ run, migrated, problem }) => [
    run,
    migrated ? pc.green('migrated') : pc.yellow('stays'),
    problem ? safe(problem.message) : '',
  ]);
  printTable(['run', '', 'because'], rows, 'No run of it is going on.');
  if (result.runs.some(({ problem }) => problem)) process.exitCode = ExitCode.findings;
}

function addMigrate(runs: Command): void {
  verb(runs, 'migrate', 'let a run, or all that go on of a playbook, follow another version; default: the current one')
    .argument('[run]', 'id of the run')
    .option('--playbook <id>', 'all runs of this playbook')
    .option(...VERSION)
    .action(migrate);
}

function addResolve(runs: Command): void {
  verb(runs, 'resolve', 'say whether a step of unknown outcome happened')
    .argument('<run>', 'id of the run')
    .requiredOption('--step <address>', 'the step')
    .addOption(new Option('--happened <answer>', 'whether it did').choices(['yes', 'no']).makeOptionMandatory())
    .option('-o, --output <name=value...>', 'what the product would have answered')
    .action(async (id: string, options: { step: string; happened: string; output?: string[] }, command: Command) => {
      const output = options.output && readInputs(options.output);
      const { step: address, happened } = options;
      const body = { ...askedOf(command), address, happened: happened === 'yes', ...(output ? { output } : {}) };
      const run = await signedInClient(command).resolveStep({ id, body });
      if (globalOptions(command).json) return printJson(run);
      line(`${pc.green('✔')} ${run.id} ${colourStatus(run.status)}`);
    });
}

/** `counterpoint runs pause|resume|cancel|retry|skip|rerun|replay|migrate|resolve`. */
export function addRunVerbs(runs: Command): void {
  for (const add of [addPauseAndResume, addRetry, addSkip, addRerun, addReplay, addMigrate, addResolve]) add(runs);
}

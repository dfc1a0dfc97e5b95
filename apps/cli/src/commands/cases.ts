import type { CallResult } from '@counterpoint/sdk';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { colourStatus, dateTime, line, printJson, printTable, safe } from '../terminal.ts';

type Case = CallResult<'listCases'>['items'][number];

const STATUSES: readonly Case['status'][] = ['open', 'in_progress', 'resolved', 'closed'];
const VERDICTS: readonly Case['verdict'][] = ['malicious', 'suspicious', 'benign', 'unknown'];

async function list({ status }: { status?: Case['status'] }, command: Command): Promise<void> {
  const page = await signedInClient(command).listCases({ query: { limit: 100, status } });
  if (globalOptions(command).json) return printJson(page);
  const rows = page.items.map((one) => [
    one.id,
    safe(one.title),
    colourStatus(one.status),
    one.severity,
    one.verdict,
    dateTime(one.created_at),
  ]);
  printTable(['case', 'title', 'status', 'severity', 'verdict', 'opened'], rows, 'No case yet.');
}

async function show(id: string, command: Command): Promise<void> {
  const one = await signedInClient(command).getCase({ id });
  if (globalOptions(command).json) return printJson(one);
  line(`${pc.bold(safe(one.title))} ${one.id}  ${colourStatus(one.status)}  ${one.severity}  ${one.verdict}`);
  const rows = one.entries.map((entry) => [dateTime(entry.at), entry.kind, safe(entry.text)]);
  printTable(['at', 'what', ''], rows, 'Nothing has happened yet.');
  line(pc.dim(`counterpoint effects --case ${one.id}`));
}

interface CloseOptions {
  readonly verdict?: Case['verdict'];
  readonly reason?: string;
}

async function close(id: string, { verdict, reason }: CloseOptions, command: Command): Promise<void> {
  const one = await signedInClient(command).updateCase({ id, body: { status: 'closed', verdict, reason } });
  if (globalOptions(command).json) return printJson(one);
  line(`${pc.green('✔')} ${safe(one.title)} is closed; what only this case kept in force is being undone`);
}

/** `counterpoint cases`: lists cases, shows one, closes one. */
export function addCases(program: Command): void {
  const cases = program
    .command('cases')
    .description('list cases')
    .addOption(new Option('--status <status>', 'only cases with this status').choices(STATUSES))
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint cases --status open\n  counterpoint cases close 0199… --verdict benign',
    )
    .action((options: { status?: Case['status'] }, command: Command) => list(options, command));
  cases
    .command('show')
    .description('one case with its timeline')
    .argument('<id>', 'id of the case')
    .action((id: string, _options: unknown, command: Command) => show(id, command));
  cases
    .command('close')
    .description('close a case; changes that only it kept in force are undone')
    .argument('<id>', 'id of the case')
    .addOption(new Option('--verdict <verdict>', 'what it was').choices(VERDICTS))
    .option('--reason <text>', 'why; kept in the timeline')
    .action((id: string, options: CloseOptions, command: Command) => close(id, options, command));
}

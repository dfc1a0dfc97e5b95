import { formatDuration } from '@counterpoint/core';
import type { CallResult } from '@counterpoint/sdk';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { confirm } from '../confirm.ts';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { readInputs } from '../read-input.ts';
import { colourStatus, dateTime, line, printJson, printTable, relativeTime, safe } from '../terminal.ts';

type Matter = CallResult<'getInboxItem'>;
type Status = Matter['status'];

const STATUSES: readonly Status[] = ['open', 'approved', 'denied', 'answered', 'expired', 'cancelled'];

async function list(options: { status?: Status; run?: string }, command: Command): Promise<void> {
  const query = { limit: 100, status: options.status, run: options.run };
  const client = signedInClient(command);
  const page = await client.listInbox({ query });
  if (globalOptions(command).json) return printJson(page);
  const now = Date.now();
  const rows = page.items.map((item) => [
    item.id,
    item.kind + (item.simulated ? pc.magenta(' simulated') : ''),
    safe(item.text.split('\n')[0]).slice(0, 80),
    askedOf(item),
    item.status === 'open' ? relativeTime(item.due_at, now) : colourStatus(item.status),
  ]);
  printTable(['matter', 'kind', 'what', 'asks', 'until'], rows, 'Nothing waits for an answer.');
  const unknown = await client.listEffects({ query: { state: 'unknown', limit: 100 } });
  for (const { id, connector, action, target } of unknown.items) {
    line(
      `${pc.yellow('?')} nobody knows whether ${safe(`${connector}.${action} ${target}`)} happened; look, and say so:`,
    );
    line(pc.dim(`    counterpoint effects resolve ${id} --happened | --not-happened`));
  }
}

function askedOf({ role, users, quorum }: Pick<Matter, 'role' | 'users' | 'quorum'>): string {
  const who = [role, ...users].filter((one) => one !== '').join(', ') || 'anybody who may decide';
  return quorum > 1 ? `${quorum} of ${who}` : who;
}

function nameOfCall(call: Matter['covers'][number]): string {
  if (call.kind === 'call') return `playbook ${call.playbook}`;
  return `${call.connector}.${call.action}${call.connection === null ? '' : ` at ${call.connection}`}`;
}

function printCall(call: Matter['covers'][number]): void {
  const effect = call.effect === null ? '' : pc.yellow(`  ${call.effect}`);
  const lease = call.lease === null ? '' : pc.dim(`  for ${formatDuration(call.lease)}`);
  line(
    `  ${pc.bold(safe(nameOfCall(call)))}${effect}${lease}${pc.dim(call.address === '' ? '' : `  ${call.address}`)}`,
  );
  for (const [name, value] of Object.entries(call.input as Readonly<Record<string, unknown>>)) {
    line(`    ${pc.dim(safe(name))} ${safe(value)}`);
  }
}

function printMatter(item: Matter): void {
  const [first = '', ...more] = item.text.split('\n');
  line(`${pc.bold(safe(first))}  ${colourStatus(item.status)}${item.simulated ? pc.magenta('  simulated') : ''}`);
  for (const text of more) line(safe(text));
  line(pc.dim(`${item.kind} ${item.id}${item.run === '' ? '' : `  run ${item.run} ${item.address}`}`));
  if (item.covers.length > 0) line('\nWhat it lets happen, exactly:');
  for (const call of item.covers) printCall(call);
  line(`\nasks      ${askedOf(item)}`);
  if (item.excluded.length > 0) line(`excludes  ${item.excluded.map(safe).join(', ')}`);
  if (item.due_at !== null) line(`until     ${dateTime(item.due_at)}, then ${item.otherwise}`);
  if (item.form !== null) line(`form      ${safe(item.form)}`);
  for (const vote of item.votes) {
    const to = vote.to === '' ? '' : ` to ${vote.to}`;
    line(`voted     ${vote.principal} ${vote.vote}${to}${vote.reason === '' ? '' : `: ${safe(vote.reason)}`}`);
  }
  if (item.answer !== null) line(`entered   ${safe(item.answer)}`);
  if (item.status === 'open' && !item.may_decide) line(pc.dim('You cannot decide this one.'));
}

async function show(id: string, _options: unknown, command: Command): Promise<void> {
  const item = await signedInClient(command).getInboxItem({ id });
  if (globalOptions(command).json) printJson(item);
  else printMatter(item);
}

interface VoteOptions {
  readonly reason?: string;
  readonly form?: readonly string[];
  readonly yes?: boolean;
  readonly to?: string;
}

function tell(item: CallResult<'approveInboxItem'>, command: Command): void {
  if (globalOptions(command).json) printJson(item);
  else line(`${safe(item.text)}  ${colourStatus(item.status)}`);
}

/** Shows what it is about, and goes on when the person agrees (or said so beforehand). */
async function agreed(item: Matter, question: string, { yes }: VoteOptions, command: Command): Promise<boolean> {
  if (yes) return true;
  if (!globalOptions(command).json) printMatter(item);
  line();
  if (await confirm(question)) return true;
  line('Nothing was decided.');
  process.exitCode = ExitCode.findings;
  return false;
}

async function approve(id: string, options: VoteOptions, command: Command): Promise<void> {
  const client = signedInClient(command);
  const item = await client.getInboxItem({ id });
  if (!(await agreed(item, 'Approve exactly this?', options, command))) return;
  const form = options.form ? readInputs(options.form) : null;
  const body = { covers_hash: item.covers_hash, reason: options.reason ?? '', form };
  tell(await client.approveInboxItem({ id, body }), command);
}

async function deny(id: string, options: VoteOptions, command: Command): Promise<void> {
  const client = signedInClient(command);
  if (!(await agreed(await client.getInboxItem({ id }), 'Deny this?', options, command))) return;
  tell(await client.denyInboxItem({ id, body: { reason: options.reason ?? '' } }), command);
}

async function answer(id: string, options: VoteOptions, command: Command): Promise<void> {
  const form = readInputs(options.form ?? []);
  tell(await signedInClient(command).answerInboxItem({ id, body: { form, reason: options.reason ?? '' } }), command);
}

async function delegate(id: string, options: VoteOptions, command: Command): Promise<void> {
  const body = { to: options.to ?? '', reason: options.reason ?? '' };
  tell(await signedInClient(command).delegateInboxItem({ id, body }), command);
}

const FORM = ['--form <name=value...>', 'fields of the form; values may be JSON'] as const;
const REASON = ['--reason <text>', 'why; kept with the vote'] as const;
const YES = ['-y, --yes', 'do not show it and ask first, for scripts'] as const;

/** `counterpoint inbox`: what waits for people, and deciding it. */
export function addInbox(program: Command): void {
  const inbox = program
    .command('inbox')
    .description('list what waits for people: approvals, questions, and what the guard holds')
    .addOption(new Option('--status <status>', 'those that are decided, by how').choices(STATUSES))
    .option('--run <id>', 'only those of one run')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint inbox\n  counterpoint inbox show 0f3c…\n  counterpoint inbox approve 0f3c… --reason "checked with the owner"\n  counterpoint inbox answer 0f3c… --form known=true',
    )
    .action(list);
  inbox
    .command('list')
    .description('the same list')
    .addOption(new Option('--status <status>', 'those that are decided, by how').choices(STATUSES))
    .option('--run <id>', 'only those of one run')
    .action(list);
  inbox
    .command('show')
    .description('one matter: exactly what an approval lets happen, who may decide, who has voted')
    .argument('<id>')
    .action(show);
  const approving = inbox.command('approve').description('approve what is shown').argument('<id>');
  approving
    .option(...REASON)
    .option(...FORM)
    .option(...YES)
    .action(approve);
  const denying = inbox.command('deny').description('deny it; one denial decides').argument('<id>');
  denying
    .option(...REASON)
    .option(...YES)
    .action(deny);
  const answering = inbox.command('answer').description('answer a question').argument('<id>');
  answering
    .option(...FORM)
    .option(...REASON)
    .action(answer);
  const delegating = inbox.command('delegate').description('hand the decision to somebody else').argument('<id>');
  delegating
    .requiredOption('--to <user>', 'name or id of a user')
    .option(...REASON)
    .action(delegate);
}

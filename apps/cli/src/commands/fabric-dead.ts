import type { CallResult } from '@counterpoint/sdk';
import type { Command } from 'commander';
import pc from 'picocolors';
import { confirm } from '../confirm.ts';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { dateTime, line, printJson, printTable, safe } from '../terminal.ts';

type Delivery = CallResult<'redeliverDead'>;

interface ListOptions {
  readonly consumer?: string;
  readonly state: 'retry' | 'behind' | 'dead';
}

const SHOWN = 80;

async function list({ consumer, state }: ListOptions, command: Command): Promise<void> {
  const page = await signedInClient(command).listDead({ query: { limit: 100, consumer, state } });
  if (globalOptions(command).json) return printJson(page);
  const rows = page.items.map(({ id, consumer: who, topic, attempts, error, at }) => [
    id,
    who,
    safe(topic),
    String(attempts),
    dateTime(at),
    safe(error).slice(0, SHOWN),
  ]);
  printTable(['delivery', 'consumer', 'topic', 'tries', 'since', 'why'], rows, `No event is ${state}.`);
}

async function show(id: string, _options: unknown, command: Command): Promise<void> {
  const found = await signedInClient(command).getDead({ id });
  if (globalOptions(command).json) return printJson(found);
  const { consumer, event, topic, state, attempts, error, envelope } = found;
  line(`${pc.bold(safe(topic))} for ${consumer} is ${state} after ${attempts} tries`);
  line(`event     ${event}`);
  line(`why       ${safe(error)}`);
  line(safe(JSON.stringify(envelope, null, 2)).replaceAll('\\n', '\n'));
}

interface ReasonOptions {
  readonly reason: string;
  readonly yes?: boolean;
}

function tell(delivery: Delivery, what: string, command: Command): void {
  const words = `${pc.green('✔')} ${safe(delivery.topic)} ${delivery.event} ${what} ${delivery.consumer}`;
  if (globalOptions(command).json) printJson(delivery);
  else line(words);
}

async function redeliver(id: string, { reason }: ReasonOptions, command: Command): Promise<void> {
  const delivery = await signedInClient(command).redeliverDead({ id, body: { reason } });
  tell(delivery, 'is given again to', command);
}

async function discard(id: string, { reason, yes }: ReasonOptions, command: Command): Promise<void> {
  if (!yes && !(await confirm(`Throw ${id} away for ever?`))) return nothing();
  const delivery = await signedInClient(command).discardDead({ id, body: { reason } });
  tell(delivery, 'will not come again to', command);
}

function nothing(): void {
  line('Nothing was changed.');
  process.exitCode = ExitCode.findings;
}

/** `counterpoint fabric dead`: events that a consumer could not deal with. */
export function addDead(fabric: Command): void {
  const dead = fabric
    .command('dead')
    .description('events that a consumer could not deal with, and what to do about them');
  dead
    .command('list', { isDefault: true })
    .description('list them, the latest first')
    .option('--consumer <name>', 'of one consumer')
    .option('--state <state>', 'dead, or retry and behind for those that are still tried', 'dead')
    .action((options: ListOptions, command: Command) => list(options, command));
  dead
    .command('show')
    .description('one of them, with its data')
    .argument('<delivery>', 'id of the delivery')
    .action((id: string, options: unknown, command: Command) => show(id, options, command));
  dead
    .command('redeliver')
    .description('give it to its consumer again')
    .argument('<delivery>', 'id of the delivery')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .action((id: string, options: ReasonOptions, command: Command) => redeliver(id, options, command));
  dead
    .command('discard')
    .description('throw it away: its consumer will never get it')
    .argument('<delivery>', 'id of the delivery')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--yes', 'do not ask')
    .action((id: string, options: ReasonOptions, command: Command) => discard(id, options, command));
}

interface RewindOptions extends ReasonOptions {
  readonly to: string;
}

/** `counterpoint fabric rewind`: a position is a whole number, anything else a time. */
export async function rewind(name: string, { to, reason, yes }: RewindOptions, command: Command): Promise<void> {
  const position = /^\d+$/.test(to) ? Number(to) : undefined;
  const time = position === undefined ? Date.parse(to) : undefined;
  if (time !== undefined && Number.isNaN(time)) {
    command.error(`error: ${to} is neither a position nor a time such as 2026-11-22T08:00:00Z`, {
      exitCode: ExitCode.usage,
    });
  }
  const question = `Let ${name} go on from ${to}? Events from there come to it again.`;
  if (!yes && !(await confirm(question))) return nothing();
  const place = position === undefined ? { time } : { after: position };
  const found = await signedInClient(command).rewindConsumer({ name, body: { ...place, reason } as never });
  if (globalOptions(command).json) return printJson(found);
  line(`${pc.green('✔')} ${name} goes on behind position ${found.position}, ${found.behind} events behind the end`);
}

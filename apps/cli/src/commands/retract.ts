import type { CallResult } from '@counterpoint/sdk';
import type { Command } from 'commander';
import pc from 'picocolors';
import { confirm } from '../confirm.ts';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { colourStatus, line, printJson, printTable, safe } from '../terminal.ts';

type Retracted = CallResult<'retract'>;

interface RetractOptions {
  readonly reason: string;
  readonly dryRun?: boolean;
  readonly waiting: boolean;
  readonly yes?: boolean;
}

function printForeseen({ effects, held, runs }: Retracted['foreseen']): void {
  const rows = effects.map(({ effect, connection, action, target, will, reason }) => [
    effect,
    `${connection} ${action}`,
    safe(target),
    will === 'undo' ? pc.yellow('is undone') : `stays: ${safe(reason)}`,
  ]);
  printTable(['effect', 'what', 'target', 'then'], rows, 'No change followed from it that is still in force.');
  for (const { reaction, event } of held) line(`${pc.yellow('held')}   ${reaction}: event ${event} is thrown away`);
  for (const { id, playbook, status } of runs)
    line(`${pc.yellow('run')}    ${playbook} ${id} (${colourStatus(status)}) is cancelled`);
}

function printDone({ undone, kept, failed, discarded, cancelled }: Retracted): void {
  for (const effect of undone) line(`${pc.green('undone')}    ${effect}`);
  for (const { effect, reason } of kept) line(`${pc.yellow('kept')}      ${effect}: ${safe(reason)}`);
  for (const { effect, message } of failed) line(`${pc.red('failed')}    ${effect}: ${safe(message)}`);
  for (const id of discarded) line(`${pc.green('discarded')} ${id}`);
  for (const id of cancelled) line(`${pc.green('cancelled')} ${id}`);
}

async function retract(ref: string, options: RetractOptions, command: Command): Promise<void> {
  const { reason, dryRun = false, waiting, yes = false } = options;
  const client = signedInClient(command);
  const { json } = globalOptions(command);
  const beforehand = await client.retract({ ref, body: { reason, waiting, dry_run: true } });
  if (dryRun && json) return printJson(beforehand);
  if (!json) printForeseen(beforehand.foreseen);
  if (dryRun) return;
  const { effects, held, runs } = beforehand.foreseen;
  // Where nothing is to be undone, it is still called off what the server alone knows of: reactions forget what they heard.
  const asks = effects.length + held.length + runs.length > 0;
  if (asks && !yes && !(await confirm('Take all of this back?'))) {
    line('Nothing was changed.');
    process.exitCode = ExitCode.findings;
    return;
  }
  const result = await client.retract({ ref, body: { reason, waiting } });
  if (json) printJson(result);
  else printDone(result);
  if (result.failed.length > 0) process.exitCode = ExitCode.findings;
}

/** `counterpoint retract <ref>`: takes back what followed from something. */
export function addRetract(program: Command): void {
  program
    .command('retract')
    .description(
      'take back what followed from an event, alert, run or case: undo changes, throw away what is held, cancel what waits',
    )
    .argument('<what>', 'event:…, alert:…, run:…, case:…, an id, or a trace id')
    .option('--reason <text>', 'why; kept in the audit log', 'taken back by hand')
    .option('--dry-run', 'only say what would happen')
    .option('--no-waiting', 'leave held events and runs that have not ended alone')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      '\nWhat others claim too, was so before, or has no inverse stays, and is told. Safe to repeat.\n\nExamples:\n  counterpoint retract event:0199… --dry-run\n  counterpoint retract event:0199… --reason "false alarm"',
    )
    .action((ref: string, options: RetractOptions, command: Command) => retract(ref, options, command));
}

import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { ExitCode } from '../exit-codes.ts';
import { colourStatus, line, printJson, printTable, relativeTime, safe } from '../terminal.ts';

async function list(options: { all?: boolean; target?: string }, command: Command): Promise<void> {
  const page = await signedInClient(command).listEffects({
    query: { limit: 100, in_force: options.all ? undefined : 'true', target: options.target },
  });
  if (globalOptions(command).json) return printJson(page);
  const now = Date.now();
  const rows = page.items.map((effect) => [
    effect.id,
    `${effect.connection} ${effect.action}`,
    safe(effect.target),
    colourStatus(effect.state) + (effect.simulated ? pc.magenta(' simulated') : ''),
    effect.lease_until === null ? 'no end' : relativeTime(effect.lease_until, now),
  ]);
  printTable(['effect', 'what', 'target', 'state', 'until'], rows, 'No change is in force.');
}

async function undo(id: string, options: { reason: string }, command: Command): Promise<void> {
  const result = await signedInClient(command).undoEffect({ id, body: { reason: options.reason } });
  if (globalOptions(command).json) printJson(result);
  for (const effect of globalOptions(command).json ? [] : result.undone) line(`${pc.green('undone')} ${effect}`);
  for (const kept of globalOptions(command).json ? [] : result.kept)
    line(`${pc.yellow('kept')}   ${kept.effect}: ${kept.reason}`);
  for (const failure of globalOptions(command).json ? [] : result.failed)
    line(`${pc.red('failed')} ${failure.effect}: ${failure.message}`);
  if (result.failed.length > 0) process.exitCode = ExitCode.findings;
}

/** `counterpoint effects`: the changes in force, and undoing them. */
export function addEffects(program: Command): void {
  const effects = program
    .command('effects')
    .description('list the changes in force: what, why, until when')
    .option('--all', 'also those that ended')
    .option('--target <target>', 'only those on one target, such as ipv4-addr:203.0.113.66')
    .addHelpText(
      'after',
      '\nExamples:\n  counterpoint effects\n  counterpoint effects undo 0199… --reason "false positive"',
    )
    .action((options: { all?: boolean; target?: string }, command: Command) => list(options, command));
  effects
    .command('undo')
    .description('undo one change, whoever claims it')
    .argument('<id>', 'id of the effect')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: { reason: string }, command: Command) => undo(id, options, command));
}

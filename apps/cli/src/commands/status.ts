import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { dateTime, line, printJson, printTable } from '../terminal.ts';

/** `counterpoint status`: what the server is doing. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('show what the server is doing')
    .addHelpText('after', '\nExample:\n  counterpoint status --json')
    .action(async (_options: unknown, command: Command) => {
      const status = await signedInClient(command).status();
      if (globalOptions(command).json) return printJson(status);
      line(`${pc.bold('Counterpoint')} ${status.version} on ${status.store}, up since ${dateTime(status.started_at)}`);
      if (status.lab) line(pc.magenta('The lab is on: its connections lead to simulators.'));
      if (status.frozen)
        line(pc.bgBlue(pc.white(' FROZEN: a backup was restored; see counterpoint backup reconcile ')));
      for (const name of status.switches) line(pc.bgRed(pc.white(` KILL SWITCH ${name} is engaged `)));
      printTable(
        ['what', 'how many'],
        Object.entries(status.counts).map(([name, count]) => [name.replaceAll('_', ' '), String(count)]),
        'Nothing has happened yet.',
      );
    });
}
